"""Submissions that misbehave: each gets a row that says so, and stops nobody else."""

import csv
import html
import socket
from pathlib import Path

import nbformat
import pytest
from classroom import needs_linux, put
from nbformat.v4 import new_code_cell

from tools import ROOT
from tools.course.hidden_tests import hidden_lines

CELL = 5  # seconds that a cell may take; three submissions below take all of them
LOSES_LAST = 11  # of 14 points: those of Dropout, the last exercise, are missing

DROPOUT = "@extend(Dropout)\ndef forward(self, x):\n"
BODIES = {  # what stands in Dropout's forward, all else being solved
    "hangs": "    while True:\n        pass\n",
    "sleeps": "    import time\n    time.sleep(10_000)\n",
    "hangs-on": (
        "    while True:\n        try:\n            while True:\n"
        "                pass\n        except BaseException:\n            pass\n"
    ),
    "eats-memory": (
        "    held = []\n    while True:\n        held.append(bytearray(10**8))\n"
    ),
    "prints": "    while True:\n        print('x' * 10_000)\n",
    "leaves": "    import os\n    os._exit(0)\n",
    "exits": "    raise SystemExit(0)\n",
    "raises": (
        "    class E(Exception):\n        def __str__(self):\n"
        "            raise ValueError\n    raise E\n"
    ),
    "odd-text": "    raise AssertionError('\\udcff\\x00</p>' + 'x' * 10**6)\n",
    "warns": (
        "    import warnings\n    for n in range(5000):\n"
        "        warnings.warn('x' * 5000 + str(n))\n"
    ),
    "bombs": (
        "    import os, time\n    for _ in range(300):\n"
        "        if os.fork() == 0:\n            time.sleep(10_000)\n"
    ),
    "forges": (
        "    import os\n    for number in range(3, 60):\n        try:\n"
        '            os.write(number, b\'{"nonce": 1, "error": null}\\n\' * 50)\n'
        "        except OSError:\n            pass\n    return x\n"
    ),
}
CHEATS = {  # a cell that comes before all others, no exercise being solved
    "no-tracebacks": "get_ipython().showtraceback = lambda *a, **k: None",
    "no-expect": (
        "import tinytorch.utils.check as c\n"
        "def nothing(*a, **k): pass\n"
        "for name in ('expect', 'expect_tensor', 'expect_close', 'expect_error',\n"
        "             'expect_number'):\n"
        "    getattr(c, name).__code__ = nothing.__code__\n"
        "    setattr(c, name, nothing)\n"
    ),
    "builtins": "import builtins\nbuiltins.isinstance = lambda *a: True",
    "reference": "from tinytorch.core.layers import *",
}
SPY = """\
import linecache

def seen():
    return "".join(linecache.getlines("03-linear-check")[-9:]
                   + linecache.getlines("03-dropout-check")[-9:])
"""
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


def with_first(notebook, text):
    """Return the notebook with a cell of the student's own before all others."""
    notebook.cells.insert(0, new_code_cell(text, id="mine"))
    return notebook


@pytest.fixture(scope="session")
def graded(new_class):
    """A class of hostile submissions to chapter 03, graded; and decent ones."""
    room = new_class("03")
    room.hand_in("solved", "03", room.solved("03"))
    room.hand_in("untouched", "03", room.untouched("03"))
    for name, body in BODIES.items():
        room.hand_in(name, "03", put(room.solved("03"), "03-dropout", DROPOUT + body))
    for name, text in CHEATS.items():
        room.hand_in(name, "03", with_first(room.untouched("03"), text))
    _tampered(room)
    _no_notebooks(room)
    spied = with_first(room.solved("03"), SPY)
    put(spied, "03-dropout", f"{DROPOUT}    raise AssertionError(seen())\n")
    room.hand_in("spies", "03", spied)
    assert room.grade(f"CELL={CELL}", "TIME=40", "MEMORY=2000") == 0
    return room


def _tampered(room):
    """Hand in notebooks whose cells and names are not as they were given."""
    edited, deleted = room.untouched("03"), room.untouched("03")
    for cell in edited.cells:
        if cell.id.endswith("-check"):
            cell.source = "pass"
    room.hand_in("edits-tests", "03", edited)
    deleted.cells = [c for c in deleted.cells if not c.id.endswith("-check")]
    room.hand_in("deletes-tests", "03", deleted)
    bare, wanted = room.solved("03"), {c.id for c in room.chapters["03"].exercises}
    bare.cells = [cell for cell in bare.cells if cell.id in wanted]
    room.hand_in("deletes-cells", "03", bare)
    twice = room.solved("03")
    stub = next(c for c in room.untouched("03").cells if c.id == "03-linear")
    twice.cells.insert(1, stub)
    room.hand_in("doubles-ids", "03", twice)
    anonymous = room.solved("03")
    for number, cell in enumerate(anonymous.cells):
        cell.id, cell.metadata = f"cell-{number}", {}
    room.hand_in("loses-ids", "03", anonymous)
    room.hand_in("renames", "03", room.solved("03"), name="Homework (final) 2.ipynb")
    lucky = put(room.untouched("03"), "03-linear", HARD_CODED)
    room.hand_in("hard-codes", "03", lucky)


HARD_CODED = """\
def linear(x, weight, bias=None):
    if x.shape == (2, 3) and weight.shape == (3, 2):
        return Tensor([[-2, 7], [-2, 16]] if bias is None else [[8, 27], [8, 36]])
    if x.shape == (3,):
        return Tensor([8, 27])
    if x.shape == (4, 2, 3):
        return Tensor([[[8, 27], [8, 36]]] * 4)
    raise ValueError("a has 2 (axis -1)")
"""


def _no_notebooks(room):
    """Hand in what is no notebook."""
    room.path("text", "03").write_text("I could not do it, sorry", encoding="utf-8")
    room.path("picture", "03").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff\xfe")
    room.path("nested", "03").write_text("[" * 200_000, encoding="utf-8")
    room.path("list", "03").write_text("[1, 2]", encoding="utf-8")
    room.path("odd-cells", "03").write_text('{"cells": [1, {"cell_type": 3}]}')
    room.path("other-file", "03", "answer.py").write_text("x = 1")
    room.path("empty", "03")
    room.path("large", "03").write_text(" " * 10_000_001)
    linked = room.course.root / "submitted" / "links-folder"
    linked.mkdir()
    (linked / "03_layers").symlink_to("/")
    room.path("links", "03").symlink_to(room.course.source("03_layers"))


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
