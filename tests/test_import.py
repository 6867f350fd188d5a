"""What importing the package brings, each time in a fresh process."""

import subprocess
import sys


def python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_chapter_01_alone_has_no_trace_of_gradients():
    found = python(
        "from tinytorch.core.tensor import Tensor\n"
        "import sys\n"
        "names = [n for n in dir(Tensor) if 'grad' in n or 'backward' in n]\n"
        "later = [m for m in sys.modules if m.startswith('tinytorch.core.')]\n"
        "print(names, later)"
    )
    assert found == "[] ['tinytorch.core.tensor']"


def test_the_package_brings_nothing_until_a_name_is_taken():
    found = python(
        "import sys, tinytorch\n"
        "print('numpy' in sys.modules, end=' ')\n"
        "tinytorch.Tensor\n"
        "print('numpy' in sys.modules)"
    )
    assert found == "False True"


def test_an_unknown_name_is_told_what_there_is():
    found = python(
        "import tinytorch\n"
        "try:\n    tinytorch.Tenser\n"
        "except AttributeError as error:\n    print(error)"
    )
    assert "Tenser" in found
    assert "Tensor" in found


def test_the_wheel_of_the_project_needs_numpy_alone():
    from importlib.metadata import requires

    needed = [line for line in requires("tinytorch") if "extra ==" not in line]
    assert len(needed) == 1
    assert needed[0].startswith("numpy")
