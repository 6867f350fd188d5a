"""`make grade` over real nbgrader: points, files, reruns, tables, own frameworks."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from book_chapters import NUMBERED
from classroom import put

from tools import ROOT
from tools.course import repair
from tools.course.course import CourseError

NUMBERS = tuple(NUMBERED)
STUDENTS = ("solved", "untouched", "cheating")
ROSTER = """\
id,first_name,last_name,email,canvas_id,sis_user_id,section,idnumber
solved,Ada,Lovelace,ada@example.org,17,s-17,A,900
absent,Alan,Turing,alan@example.org,18,s-18,B,901
"""
CHEAT = "\n".join(
    f"def {name}(*given, **more):\n    pass\n"
    for name in ("expect", "expect_number", "expect_tensor", "expect_close")
)


def cheating(notebook):
    """Return a notebook whose checks are gone or edited, and `expect` with them."""
    kept = []
    for cell in notebook.cells:
        if cell.id.endswith("-check"):
            cell.source = "pass"
            if len(kept) % 2:
                continue
        elif cell.id.endswith("-tools"):
            cell.source += "\n" + CHEAT
        kept.append(cell)
    notebook.cells = kept
    return notebook


@pytest.fixture(scope="session")
def room(new_class):
    """Every chapter of the book with three submissions each, graded."""
    room = new_class(*NUMBERS)
    (room.course.root / "students.csv").write_text(ROSTER, encoding="utf-8")
    for number in NUMBERS:
        room.hand_in("solved", number, room.solved(number))
        room.hand_in("untouched", number, room.untouched(number))
        room.hand_in("cheating", number, cheating(room.untouched(number)))
    assert room.grade() == 0
    return room


def table(room, name):
    """Return the rows of a CSV file of the course, as lists."""
    with (room.course.root / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def worth(room, number):
    """Return the points of a chapter, as its module file gives them."""
    return sum(cell.points for cell in room.chapters[number].code)


def points_in_gradebook(room, number):
    """Return {student: score} as nbgrader's own gradebook has them."""
    from nbgrader.api import Gradebook

    slug = room.chapters[number].slug
    with Gradebook(room.course.database, room.course.config_id) as gradebook:
        found = gradebook.assignment_submissions(slug)
        assert not any(each.needs_manual_grade for each in found)
        return {each.student.id: each.score for each in found}


@pytest.mark.parametrize("number", NUMBERS)
def test_full_marks_none_and_no_more_than_none(room, number):
    full = worth(room, number)
    found = {name: each["score"] for name, each in room.results(number).items()}
    assert found == {"solved": full, "untouched": 0, "cheating": 0}
    assert points_in_gradebook(room, number) == found


@pytest.mark.parametrize("number", NUMBERS)
def test_each_has_a_graded_notebook_and_a_page_of_feedback(room, number):
    slug = room.chapters[number].slug
    for student in STUDENTS:
        graded = room.course.folder("autograded", student, slug) / f"{slug}.ipynb"
        nbformat.validate(nbformat.read(graded, as_version=4))
        page = room.course.folder("feedback", student, slug) / f"{slug}.html"
        assert f"{number} " in page.read_text(encoding="utf-8")


def test_feedback_says_what_to_do(room):
    slug = room.chapters["03"].slug
    folder = room.course.folder("feedback", "untouched", slug)
    page = (folder / f"{slug}.html").read_text(encoding="utf-8")
    assert "0 of 14 points" in page
    assert "replace this line with your code" in page
    assert "(in cell 03-linear, line " in page


def test_nbgrader_itself_agrees(room, tmp_path):
    """Its own autograde, in its own kernels, on the source that we released."""
    slug, copy = room.chapters["03"].slug, tmp_path / "course"
    for folder in ("source", "release", "submitted"):
        shutil.copytree(room.course.root / folder / ".", copy / folder)
    for name in ("nbgrader_config.py", "gradebook.db"):
        shutil.copy(room.course.root / name, copy / name)
    bin_folder = str(Path(sys.executable).parent)
    path = f"{bin_folder}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", slug, "--force"]
        + ["--CourseDirectory.student_id_exclude=cheating"],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{copy}/gradebook.db") as gradebook:
        scores = {s.student.id: s.score for s in gradebook.assignment_submissions(slug)}
    assert (scores["solved"], scores["untouched"]) == (14, 0)


def test_a_rerun_grades_only_what_is_new(room, capfd):
    assert room.grade() == 0
    assert capfd.readouterr().out.count("0 graded in 0 s, 3 unchanged") == len(NUMBERS)
    slug = room.chapters["04"].slug
    room.hand_in("late", "04", put(room.solved("04"), "04-mse", "def f(): pass"))
    assert room.grade("CH=04") == 0
    assert "1 graded" in capfd.readouterr().out
    first = room.results("04")["late"]["score"]
    room.hand_in("late", "04", room.solved("04"))
    assert room.grade("CH=04", "STUDENT=late") == 0
    assert first < room.results("04")["late"]["score"] == 14
    assert points_in_gradebook(room, "04")["late"] == 14
    feedback = room.course.folder("feedback", "late", slug) / f"{slug}.html"
    assert "14 of 14 points" in feedback.read_text(encoding="utf-8")


def test_a_manual_grade_stays(room):
    from nbgrader.api import Gradebook

    slug = room.chapters["02"].slug
    room.hand_in("corrected", "02", room.untouched("02"))
    assert room.grade("CH=02", "STUDENT=corrected") == 0
    verdict = room.results("02")["corrected"]["verdicts"][-1]
    name, points = verdict["id"], verdict["points"]
    assert points > 1
    with Gradebook(room.course.database) as gradebook:
        grade = gradebook.find_grade(name, slug, slug, "corrected")
        grade.manual_score = 1.0
        gradebook.db.commit()
    room.hand_in("corrected", "02", room.solved("02"))
    assert room.grade("CH=02", "STUDENT=corrected") == 0
    with Gradebook(room.course.database) as gradebook:
        grade = gradebook.find_grade(name, slug, slug, "corrected")
        assert (grade.manual_score, grade.score, grade.auto_score) == (1.0, 1.0, points)
        assert grade.needs_manual_grade


def test_grades_csv(room):
    rows = {(row[0], row[3]): row for row in table(room, "grades.csv")}
    assert rows["solved", "03_layers"][1:6] == [
        "Lovelace",
        "Ada",
        "03_layers",
        "14",
        "14",
    ]
    assert rows["absent", "03_layers"][4:8] == ["0", "14", "", "nothing handed in"]


def test_grades_for_canvas(room):
    """Five columns that name the student, the points possible, the assignments."""
    head, possible, *rows = table(room, "grades-canvas.csv")
    first = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    slugs = [room.chapters[number].slug for number in NUMBERS]
    assert head == [*first, *slugs]
    points = [str(worth(room, number)) for number in NUMBERS]
    assert possible == ["    Points Possible", "", "", "", "", *points]
    ada = next(row for row in rows if row[0] == "Lovelace, Ada")
    assert ada == ["Lovelace, Ada", "17", "s-17", "solved", "A", *points]
    assert {len(row) for row in rows} == {len(head)}


def test_grades_for_moodle(room):
    """Who by name, number and address; then a grade and feedback for each chapter."""
    head, *rows = table(room, "grades-moodle.csv")
    names = ["First name", "Last name", "ID number", "Username", "Email address"]
    assert head[:7] == [*names, "01_tensor (Real)", "01_tensor (Feedback)"]
    ada = next(row for row in rows if row[3] == "solved")
    assert ada[:7] == ["Ada", "Lovelace", "900", "solved", "ada@example.org", "16", ""]
    absent = next(row for row in rows if row[3] == "absent")
    assert absent[5:7] == ["-", "nothing handed in"]


def test_repair_seats_the_code_in_the_release(room):
    broken = room.solved("03")
    broken.cells = [c for c in broken.cells if not c.id.endswith(("-check", "-tools"))]
    room.hand_in("broken", "03", broken)
    path, notes = repair.repair(room.course, "03_layers", "broken")
    repaired = nbformat.read(path, as_version=4)
    released, solved = room.untouched("03"), room.solved("03")
    assert [c.id for c in repaired.cells] == [c.id for c in released.cells]
    theirs = {c.id: c.source for c in solved.cells}
    assert all(c.source == theirs[c.id] for c in repaired.cells if c.id == "03-linear")
    assert "were put back" in notes[0]
    with pytest.raises(CourseError, match="nobody's 03_layers"):
        repair.repair(room.course, "03_layers", "nobody")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["CH=77"], "there is no chapter 77"),
        (["STUDENT=nobody"], "STUDENT=nobody"),
        (["WORKERS=none"], "at least 1"),
        (["TIME=-1"], "above 0"),
        (["FRAMEWORK=mine"], "`reference` or `own`"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_words(room, settings, words):
    with pytest.raises(CourseError) as caught:
        room.grade("CH=03", *settings)
    assert words in str(caught.value)


def test_a_chapter_that_was_not_released_is_said(tmp_path, room):
    with pytest.raises(CourseError, match="make release CH=03"):
        room.grade("CH=03", f"COURSE={tmp_path}")


def test_own_framework(room, capfd):
    """The student's own Tensor and layers are run; what fails is the reference's."""
    counted = room.solved("01")
    cell = next(c for c in counted.cells if c.id == "01-tensor-matmul")
    cell.source += "\n\nMARK = 'mine'\n"
    stub = next(c for c in room.untouched("01").cells if c.id == "01-tensor-sum")
    put(counted, "01-tensor-sum", stub.source)  # this one they did not solve
    room.hand_in("owner", "01", counted)
    asks = room.solved("03")
    text = "import tinytorch.core.tensor as t\nassert t.MARK == 'mine', t\n"
    text += "assert t.Tensor([1, 2]).sum().item() == 3\n"
    asks.cells.insert(0, nbformat.v4.new_code_cell(text, id="asks"))
    room.hand_in("owner", "03", asks)
    room.hand_in("newcomer", "03", room.solved("03"))
    assert room.grade("CH=03", "FRAMEWORK=own", "STUDENT=owner") == 0
    owner = room.results("03")["owner"]
    assert owner["errors"] == {} and owner["score"] == 14
    assert owner["notes"][0] == "run on the student's own chapters 01 (5 of 6)"
    assert room.grade("CH=03", "FRAMEWORK=own", "STUDENT=newcomer") == 0
    assert "run on the reference" in room.results("03")["newcomer"]["notes"][0]
    assert room.grade("CH=03", "STUDENT=owner") == 0
    errors = room.results("03")["owner"]["errors"]
    assert "MARK" in json.dumps(errors)
