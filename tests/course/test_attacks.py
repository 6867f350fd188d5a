"""Submissions that try to cheat or to starve the grader by what Python lets them do.

Those of test_hostile.py fail already; most of these do not yet.
"""

import ctypes
import platform

import pytest
from classroom import needs_linux
from nbformat.v4 import new_code_cell

# A reply of the process is made by json.dumps, which the submission can replace.
REPLACED = """\
import json
real = json.dumps
def dumps(told, *given, **more):
    if isinstance(told, dict) and "nonce" in told:
        told = {**told, CHANGE}
    return real(told, *given, **more)
json.dumps = dumps
"""
# Twice the 64 MB that a submission may write to files, in files that no folder holds.
HOLDS_MEMORY = """\
import os
files = [os.memfd_create(str(number)) for number in range(4)]
for file in files:
    os.truncate(file, 32 * 10**6)
    for start in range(0, 32 * 10**6, 4096):
        os.pwrite(file, b"x", start)
"""
# The kernel keeps keys for a user, outside of every namespace: what one submission puts
# there the next one finds.
ADD_KEY = {"x86_64": 248, "aarch64": 217}.get(platform.machine())  # the system call
SESSION, PROBE = -3, b"tinytorch-probe"
LEAVES_A_NOTE = f"""\
import ctypes
library = ctypes.CDLL(None)
number = ctypes.c_long({SESSION})
length = ctypes.c_size_t(4)
if library.syscall({ADD_KEY}, b"user", {PROBE}, b"note", length, number) > 0:
    raise AssertionError("a note was left")
"""

ATTACKS = {  # a cell before all others; and whether the exercises are solved
    "says-all-checks-passed": (REPLACED.replace("CHANGE", '"error": None'), False),
    "breaks-the-grader": (REPLACED.replace("CHANGE", '"changed": [[]]'), False),
    "holds-memory": (HOLDS_MEMORY, True),
    "leaves-a-note": (LEAVES_A_NOTE, True),
}


@pytest.fixture(scope="module")
def results(new_class):
    """What came of the attacks, {student: result}."""
    room = new_class("02")
    for name, (text, is_solved) in ATTACKS.items():
        notebook = room.solved("02") if is_solved else room.untouched("02")
        notebook.cells.insert(0, new_code_cell(text, id="mine"))
        room.hand_in(name, "02", notebook)
    room.hand_in("decent", "02", room.solved("02"))
    assert room.grade() == 0
    return room.results("02")


def to_mend(reason):
    return pytest.mark.xfail(strict=True, reason=reason)


def test_nobody_else_is_hurt(results):
    decent = results["decent"]
    assert (decent["score"], decent["errors"], decent["flags"]) == (14, {}, [])


def test_all_get_a_result(results):
    assert {*results} == {*ATTACKS, "decent"}


@to_mend("test and submission share an interpreter, and what sends the reply")
def test_a_reply_that_was_changed_gives_no_points(results):
    assert results["says-all-checks-passed"]["score"] == 0


@to_mend("the types inside of a reply are not looked at")
def test_a_reply_that_makes_no_sense_is_not_the_graders_fault(results):
    found = results["breaks-the-grader"]
    assert (found["status"] != "failed", found["score"]) == (True, 0)


def test_a_reply_that_makes_no_sense_gives_no_points(results):
    assert results["breaks-the-grader"]["score"] == 0


@needs_linux
@to_mend("files in memory count towards no cap")
def test_memory_is_capped_in_files_too(results):
    assert results["holds-memory"]["errors"] or results["holds-memory"]["stopped"]


@needs_linux
@to_mend("keys of the kernel outlive a submission")
def test_no_submission_leaves_a_note_for_another(results):
    if not ADD_KEY:
        pytest.skip("the number of the system call is not known here")
    add = ctypes.CDLL(None).syscall
    given = b"user", PROBE, b"note", ctypes.c_size_t(4), ctypes.c_long(SESSION)
    if add(ADD_KEY, *given) < 0:
        pytest.skip("this machine lets nobody add keys")
    assert "a note was left" not in str(results["leaves-a-note"]["errors"])
