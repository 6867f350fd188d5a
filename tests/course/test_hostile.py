"""Submissions that misbehave: each gets a row that says so, and stops nobody else."""

import csv
import html
import socket
from pathlib import Path

import nbformat
import pytest
from classroom import needs_linux
from hostile_submissions import BODIES, CHEATS, hand_in_all, with_first

from tools import ROOT
from tools.course.hidden_tests import hidden_lines

CELL = 5  # seconds that a cell may take; three submissions below take all of them
LOSES_LAST = 11  # of 14 points: those of Dropout, the last exercise, are missing

OUTSIDE = """\
import os, socket
told = []
for name in (PLACES):
    told.append(os.path.exists(name))
try:
    socket.create_connection(('127.0.0.1', PORT), 2)
    told.append(True)
except OSError:
    told.append(False)
try:
    open(os.path.join(os.path.dirname(os.__file__), 'planted.py'), 'w')
    told.append(True)
except OSError:
    told.append(False)
if any(told):
    raise SystemExit
"""


@pytest.fixture(scope="session")
def graded(new_class):
    """A class of hostile submissions to chapter 03, graded; and decent ones."""
    room = new_class("03")
    room.hand_in("solved", "03", room.solved("03"))
    room.hand_in("untouched", "03", room.untouched("03"))
    hand_in_all(room)
    assert room.grade(f"CELL={CELL}", "TIME=40", "MEMORY=2000") == 0
    return room


def row(room, student):
    """Return a student's row of grades.csv."""
    with (room.course.root / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = [each for each in csv.DictReader(file) if each["student"] == student]
    assert len(rows) == 1
    return rows[0]


def test_nobody_is_lost(graded):
    handed_in = {path.name for path in (graded.course.root / "submitted").iterdir()}
    assert set(graded.results("03")) == handed_in
    for student in handed_in:
        assert row(graded, student)["of"] == "14"


def test_the_decent_ones_get_what_they_deserve(graded):
    assert row(graded, "solved")["points"] == "14"
    assert row(graded, "untouched")["points"] == "0"
    assert row(graded, "solved")["remarks"] == ""


@pytest.mark.parametrize("student", BODIES)
def test_only_the_exercise_that_misbehaves_is_lost(graded, student):
    found = row(graded, student)
    assert float(found["points"]) == LOSES_LAST
    verdict = graded.results("03")[student]["verdicts"][-1]
    assert verdict["state"] in ("failed", "late") and verdict["message"]


@pytest.mark.parametrize(
    ("student", "words"),
    [
        ("hangs-on", "would not be interrupted"),
        ("prints", "MB of output"),
        ("leaves", "ended its own process"),
        ("forges", "gave answers that it was not asked for"),
    ],
)
def test_a_submission_that_is_ended_says_why(graded, student, words):
    found = row(graded, student)
    assert found["result"] == "graded in part" and words in found["remarks"]


@pytest.mark.parametrize("student", ["hangs", "sleeps"])
def test_a_cell_that_takes_too_long_is_interrupted(graded, student):
    verdict = graded.results("03")[student]["verdicts"][-1]
    assert f"took longer than {CELL} s" in verdict["message"]


@pytest.mark.parametrize("student", [*CHEATS, "edits-tests", "deletes-tests"])
def test_a_cheat_gets_no_more_than_the_untouched_notebook(graded, student):
    assert row(graded, student)["points"] == "0"


def test_tampering_is_told_to_the_staff_and_not_to_the_student(graded):
    assert "read its code" in row(graded, "no-expect")["remarks"]
    for name in ("grades-moodle.csv", "feedback/no-expect/03_layers/03_layers.html"):
        assert "read its code" not in (graded.course.root / name).read_text()


def test_hard_coded_answers_pass_what_they_know_and_not_the_hidden_tests(graded):
    verdict = graded.results("03")["hard-codes"]["verdicts"][0]
    assert (verdict["id"], verdict["state"]) == ("03-linear-check", "hidden")
    assert row(graded, "hard-codes")["points"] == "0"


@pytest.mark.parametrize(
    ("student", "words"),
    [
        ("deletes-cells", "were put back"),
        ("doubles-ids", "03-linear"),
        ("loses-ids", "was found by what it defines"),
        ("renames", "Homework (final) 2.ipynb"),
    ],
)
def test_whoever_solved_it_gets_full_marks_in_whatever_state(graded, student, words):
    found = row(graded, student)
    assert found["points"] == "14" and words in found["remarks"]


@pytest.mark.parametrize(
    ("student", "words"),
    [
        ("text", "it begins 'I could not do it, sorry'"),
        ("picture", "not a text file"),
        ("nested", "no notebook"),
        ("list", "no list of cells"),
        ("odd-cells", "not one code cell"),
        ("other-file", "answer.py"),
        ("empty", "the folder is empty"),
        ("large", "more than the 10 MB"),
        ("links", "link to another place"),
        ("links-folder", "no notebook"),
    ],
)
def test_what_is_no_notebook_gets_a_row_that_says_so(graded, student, words):
    found = row(graded, student)
    assert (found["points"], found["result"]) == ("0", "nothing to grade")
    assert words in found["remarks"]


def test_no_feedback_holds_a_hidden_line(graded):
    source = nbformat.read(graded.course.source("03_layers"), as_version=4)
    hidden = hidden_lines(source)
    assert len(hidden) > 5
    pages = list((graded.course.root / "feedback").glob("*/*/*.html"))
    assert len(pages) == len(graded.results("03"))
    for page in pages:
        text = " ".join(html.unescape(page.read_text(encoding="utf-8")).split())
        assert [line for line in hidden if line in text] == [], page


def test_code_that_looks_for_hidden_tests_finds_none(graded):
    """It hands on all source that its process has seen; no hidden line is there."""
    verdict = graded.results("03")["spies"]["verdicts"][-1]
    assert verdict["state"] == "failed" and "test_linear()" in verdict["message"]


@needs_linux
def test_a_submission_sees_neither_files_nor_network(new_class, graded):
    """The course, the home folder and the book are not there; a port is not reached."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        course = graded.course.root
        hidden = [course, ROOT / "modules", ROOT / "tools", ROOT / "README.md"]
        places = repr(tuple(map(str, hidden)))
        text = OUTSIDE.replace("(PLACES)", places).replace("PORT", str(port))
        graded.hand_in("looks-out", "03", with_first(graded.solved("03"), text))
        assert graded.grade("STUDENT=looks-out") == 0
    result = graded.results("03")["looks-out"]
    if result["off"]:
        pytest.skip(f"this kernel does not shut in: {result['off']}")
    assert result["errors"] == {}
    assert result["score"] == 14


@needs_linux
def test_what_a_submission_starts_ends_with_it(graded):
    """A child of its own that would sleep for ever is gone when it is graded."""
    text = "import subprocess as s\ns.Popen(['sleep', '98765'], start_new_session=True)"
    graded.hand_in("forks", "03", with_first(graded.solved("03"), text))
    assert graded.grade("STUDENT=forks") == 0
    result = graded.results("03")["forks"]
    if result["off"]:
        pytest.skip(f"this kernel does not shut in: {result['off']}")
    assert (result["score"], result["errors"]) == (14, {})
    commands = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            commands.append(process.read_bytes())
        except OSError:  # it ended meanwhile
            continue
    assert not [line for line in commands if b"98765" in line]
