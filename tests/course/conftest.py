"""What the tests of grading share: classes whose chapters are released once a run."""

import shutil

import pytest
from classroom import Class, parsed
from once import once


@pytest.fixture(scope="session")
def new_class(tmp_path_factory):
    """Return a function that makes a Class of some chapters, released.

    A class of one chapter, without hidden tests of its own, is a copy of one that was
    made once for all processes of the run.
    """
    pytest.importorskip("nbgrader", reason="nbgrader is not installed")

    def released(number):
        root = tmp_path_factory.mktemp(f"released-{number}") / "c"
        Class(root, parsed(number))
        return str(root)

    def make(*numbers, hidden=None):
        root = tmp_path_factory.mktemp("course") / "c"
        if len(numbers) == 1 and hidden is None:
            (number,) = numbers
            made = once(
                tmp_path_factory, f"released-{number}", lambda: released(number)
            )
            shutil.copytree(made, root)
        return Class(root, parsed(*numbers), hidden)

    return make
