"""A failed installation is told by its kind, with the installer's own words."""

import errno
import os
import sys

import pytest
from installer_output import CONFLICT, SAMPLES

from tools.environment import advice


@pytest.mark.parametrize(("output", "kind", "quoted"), SAMPLES.values(), ids=SAMPLES)
def test_a_failure_is_known_by_its_output(output: str, kind: str, quoted: str) -> None:
    assert advice.kind_of(output) == kind
    told = advice.explain(output, "Installing with pip")
    assert told.startswith("Installing with pip failed. It said:\n")
    assert quoted in told
    assert ("Connect" in told) == (kind == "network")


def test_a_conflict_names_the_python_and_clears_the_network() -> None:
    told = advice.explain(CONFLICT, "Installing with pip")
    assert f"Python {'.'.join(map(str, sys.version_info[:3]))}" in told
    assert "network is not at fault" in told


def test_a_disk_with_no_room_is_blamed_where_nothing_else_is_known() -> None:
    """Python's venv, on a full disk, names only the command that failed."""
    output = "Error: Command '[... ensurepip ...]' returned non-zero exit status 1."
    assert "disk is full" in advice.explain(output, "Making .venv", free=0)
    assert "disk is full" not in advice.explain(output, "Making .venv", 10**9)


def test_endless_lines_are_cut() -> None:
    told = advice.error_lines("ERROR: " + "9" * 10_000 + "\nERROR: short\n")
    assert len(told) < 400 and "short" in told


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, "The disk is full: /book/.venv could"),
        (errno.EROFS, "/book/.venv may not be written"),
        (errno.EACCES, "/book/.venv may not be written"),
        (errno.EIO, "failed at /book/.venv: Input/output error"),
    ],
)
def test_errors_of_the_file_system_get_a_sentence(number: int, expected: str) -> None:
    error = OSError(number, os.strerror(number), "/book/.venv")
    assert expected in advice.on_oserror(error)
