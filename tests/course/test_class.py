"""A small class with all its habits: each submission gets the mark that is right."""

import csv
import datetime
import json

import pytest
from submissions_of_a_class import ALL, CASES, NUMBER, hand_in_all, solved

from tools.chapters.cells import exercise_id


@pytest.fixture(scope="module")
def room(new_class):
    """A class with chapter 02, in which every case was handed in and graded."""
    room = new_class(NUMBER)
    hand_in_all(room)
    twice = "hands-in-the-untouched-notebook-and-the-solved"
    room.hand_in(twice, NUMBER, room.untouched(NUMBER))
    room.hand_in(twice, NUMBER, solved(room), name="02_activations (1).ipynb")
    assert room.grade() == 0
    return room


def to_mend(reason):
    return pytest.mark.xfail(strict=True, reason=reason)


PARAMETERS = [
    pytest.param(name, marks=[to_mend(each.mend)] if each.mend else [])
    for name, each in CASES.items()
]


@pytest.mark.parametrize("name", PARAMETERS)
def test_each_gets_the_mark_that_is_right(room, name):
    result, wanted = room.results(NUMBER)[name], CASES[name]
    lost = {
        exercise_id(verdict["id"])
        for verdict in result["verdicts"]
        if not verdict["score"]
    }
    assert (lost, result["status"]) == ({*wanted.loses}, wanted.status)


def test_the_cases_know_every_exercise_of_the_chapter(room):
    assert [cell.id for cell in room.chapters[NUMBER].exercises] == [*ALL]


@to_mend("the file with the release's name is graded, whatever is in it")
def test_of_two_notebooks_the_solved_one_counts(room):
    result = room.results(NUMBER)["hands-in-the-untouched-notebook-and-the-solved"]
    assert result["score"] == result["max"]


def rows(room):
    """Return {student: row} of grades.csv."""
    with (room.course.root / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def by_hand(room):
    """A student of whom one exercise was graded by hand, with extra credit.

    Returns: their name, and the points that nbgrader counts for them.
    """
    from nbgrader.api import Gradebook

    slug, student = room.chapters[NUMBER].slug, "forgets-a-corner"
    with Gradebook(room.course.database, room.course.config_id) as gradebook:
        grade = gradebook.find_grade("02-hat-check", slug, slug, student)
        grade.manual_score, grade.extra_credit = 1.0, 1.5
        gradebook.db.commit()
    assert room.grade() == 0
    with Gradebook(room.course.database, room.course.config_id) as gradebook:
        return student, gradebook.find_submission(slug, student).score


def test_points_by_hand_and_extra_credit_stay_in_the_gradebook(room, by_hand):
    _, score = by_hand
    assert score == 12 + 1 + 1.5


@to_mend("tables are made of results alone, not of the gradebook")
def test_points_by_hand_and_extra_credit_are_in_the_tables(room, by_hand):
    student, score = by_hand
    assert float(rows(room)[student]["points"]) == score


@pytest.fixture(scope="module")
def late(new_class):
    """A class in which work that comes late gets nothing, and one who is late.

    Returns: the class, and the points that nbgrader counts.
    """
    from nbgrader.api import Gradebook

    room = new_class(NUMBER)
    with (room.course.root / "nbgrader_config.py").open("a") as file:
        file.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    slug = room.chapters[NUMBER].slug
    with Gradebook(room.course.database, room.course.config_id) as gradebook:
        due = datetime.datetime(2026, 1, 1)
        gradebook.find_assignment(slug).duedate = due
        gradebook.db.commit()
    room.hand_in("late", NUMBER, room.solved(NUMBER))
    stamp = room.path("late", NUMBER, "timestamp.txt")
    stamp.write_text("2026-02-01 12:00:00 UTC\n")
    assert room.grade() == 0
    with Gradebook(room.course.database, room.course.config_id) as gradebook:
        submission = gradebook.find_submission(slug, "late")
        penalty = submission.late_submission_penalty or 0.0
        return room, submission.total_seconds_late, submission.score - penalty


def test_the_gradebook_knows_how_late_a_submission_came(late):
    _, seconds, _ = late
    assert seconds == (31 * 24 + 12) * 3600


@to_mend("a course's policy for late work is not applied")
def test_a_penalty_for_late_work_is_in_the_gradebook(late):
    *_, points = late
    assert points == 0


@to_mend("a course's policy for late work is not applied")
def test_a_penalty_for_late_work_is_in_the_tables(late):
    room, *_ = late
    assert float(rows(room)["late"]["points"]) == 0


LIMITS = to_mend("a student's own limits last until the next run without them")


@LIMITS
def test_limits_that_were_given_to_one_student_stay(room, capfd):
    assert room.grade("STUDENT=all-solved", "CELL=29") == 0
    capfd.readouterr()
    assert room.grade() == 0
    assert "02_activations: 0 graded" in capfd.readouterr().out


ROSTER = "id,first_name,last_name\nada,Ada,Lovelace\nzoe,Zoë,Müller\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(ROSTER.encode("utf-8"), id="utf-8"),
        pytest.param(ROSTER.encode("utf-8-sig"), id="utf-8-sig"),
        pytest.param(
            ROSTER.replace(",", ";").encode(),
            id="semicolons",
            marks=to_mend("semicolons are not taken for separators"),
        ),
        pytest.param(
            ROSTER.encode("cp1252"),
            id="cp1252",
            marks=to_mend("only UTF-8 is read"),
        ),
        pytest.param(
            ROSTER.replace("id,", "ID,", 1).encode(),
            id="ID",
            marks=to_mend("the column must be called id"),
        ),
    ],
)
def test_a_roster_is_read_as_spreadsheets_write_it(tmp_path, data):
    from tools.course.course import Course
    from tools.course.results import tables

    (tmp_path / "students.csv").write_bytes(data)
    found = tables.roster(Course(tmp_path))
    assert list(found) == ["ada", "zoe"]
    assert found["zoe"]["last_name"] == "Müller"


def test_every_result_is_json_without_the_files(room):
    for path in room.course.results(room.chapters[NUMBER].slug).glob("*.json"):
        kept = json.loads(path.read_text(encoding="utf-8"))
        assert kept["student"] == path.stem
        assert not {"autograded", "feedback"} & kept.keys()
