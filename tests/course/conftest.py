"""What the tests of grading share."""

import pytest
from classroom import Class, parsed


@pytest.fixture(scope="session")
def new_class(tmp_path_factory):
    """Return a function that makes a Class of some chapters, released."""
    pytest.importorskip("nbgrader", reason="nbgrader is not installed")

    def make(*numbers, hidden=None):
        return Class(tmp_path_factory.mktemp("course") / "c", parsed(*numbers), hidden)

    return make
