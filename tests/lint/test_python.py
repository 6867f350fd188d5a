"""The Python of the tree: ruff finds nothing, its format is kept, mypy is content."""

import subprocess
import sys

import pytest

from tools import ROOT

pytestmark = pytest.mark.lint


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]],
    ids=["ruff", "format", "mypy"],
)
def test_nothing_is_found(command):
    pytest.importorskip(command[0], reason=f"{command[0]} is not installed")
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
