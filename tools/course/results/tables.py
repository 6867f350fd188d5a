"""Writes a course's grades as CSV: a table to read, and tables for Canvas and Moodle.

Also reads the course's students.csv and its kept results.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from tinytorch.utils.files import write_whole
from tools.course.course import Course
from tools.course.records import Kept, Result, Roster

ROSTER = "students.csv"
WORDS = {  # a Result's status, as the tables say it
    "graded": "graded",
    "stopped": "graded in part",
    "unreadable": "nothing to grade",
    "failed": "not graded",
    "absent": "nothing handed in",
}


def roster(course: Course) -> Roster:
    """Return the course's students.csv as {student: row}, or {} where there is none.

    Columns: id (the student's folder in submitted/), and any of first_name,
    last_name, email, section, canvas_id, sis_user_id, sis_login_id, idnumber.
    """
    path = course.root / ROSTER
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [
            {key: (value or "").strip() for key, value in row.items() if key}
            for row in csv.DictReader(file)
        ]
    return {row["id"]: row for row in rows if row.get("id")}


def kept(course: Course) -> Kept:
    """Return the results in the course's folder, {chapter: {student: result}}."""
    found: Kept = {}
    for path in sorted((course.root / "results").glob("*/*.json")):
        try:
            result = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:  # a damaged file is skipped; its submission is graded anew
            continue
        found.setdefault(path.parent.name, {})[result["student"]] = result
    return found


def write(course: Course, students: Roster) -> list[Path]:
    """Write grades.csv, grades-canvas.csv and grades-moodle.csv; return their paths.

    Args: students, the roster; students who handed nothing in have a row as well.
    """
    found = kept(course)
    everybody = sorted({*students, *(name for each in found.values() for name in each)})
    worth = {slug: max(r["max"] for r in each.values()) for slug, each in found.items()}
    tables = {
        "grades.csv": _plain(found, everybody, students, worth),
        "grades-canvas.csv": _canvas(found, everybody, students, worth),
        "grades-moodle.csv": _moodle(found, everybody, students),
    }
    for name, rows in tables.items():
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        write_whole(course.root / name, text.getvalue())
    return [course.root / name for name in tables]


def _plain(
    found: Kept, everybody: list[str], students: Roster, worth: dict[str, float]
) -> Iterator[list[object]]:
    """Yield the rows of grades.csv: a header, then one for each chapter and student.

    Args: worth, {chapter: its points}.
    """
    names = ["student", "last_name", "first_name", "chapter"]
    yield [*names, "points", "of", "checks", "result", "remarks"]
    for slug, each in found.items():
        for name in everybody:
            result, row = each.get(name), students.get(name, {})
            names = [name, row.get("last_name", ""), row.get("first_name", ""), slug]
            if result is None:
                yield [*names, 0, _number(worth[slug]), "", WORDS["absent"], ""]
                continue
            states = [verdict["state"] for verdict in result["verdicts"]]
            yield [
                *names,
                _number(result["score"]),
                _number(result["max"]),
                f"{states.count('passed')} of {len(states)}",
                WORDS[result["status"]],
                remarks(result, result.get("flags", ())),
            ]


def _canvas(
    found: Kept, everybody: list[str], students: Roster, worth: dict[str, float]
) -> Iterator[list[object]]:
    """Yield the rows of grades-canvas.csv, laid out as Canvas exports grades.

    Five columns for the student, then one for each chapter. The first two rows are the
    header and each chapter's points.
    """
    first = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    yield [*first, *found]
    yield ["    Points Possible", "", "", "", "", *map(_number, worth.values())]
    for name in everybody:
        row = students.get(name, {})
        last, given = row.get("last_name", ""), row.get("first_name", "")
        yield [
            f"{last}, {given}" if last and given else name,
            row.get("canvas_id", ""),
            row.get("sis_user_id", ""),
            row.get("sis_login_id", "") or name,
            row.get("section", ""),
            *(_score(each.get(name), absent=0) for each in found.values()),
        ]


def _moodle(
    found: Kept, everybody: list[str], students: Roster
) -> Iterator[list[object]]:
    """Yield the rows of grades-moodle.csv, laid out as Moodle exports grades.

    Five columns for the student, then two for each chapter: the points and the remarks.
    The first row is the header.
    """
    who = ["First name", "Last name", "ID number", "Username", "Email address"]
    items = [f"{slug} ({kind})" for slug in found for kind in ("Real", "Feedback")]
    yield [*who, *items]
    for name in everybody:
        row = students.get(name, {})
        columns = ("first_name", "last_name", "idnumber")
        cells: list[object] = [row.get(column, "") for column in columns]
        cells += [name, row.get("email", "")]
        for each in found.values():
            result = each.get(name)
            cells.append(_score(result, absent="-"))
            cells.append(remarks(result) if result else WORDS["absent"])
        yield cells


def _score(result: Result | None, absent: object) -> object:
    """Return the table cell for a result: its points.

    `absent` where the result is None, since nothing was handed in. "" where the grader
    failed: Canvas and Moodle then import no grade.
    """
    if result is None:
        return absent
    return "" if result["status"] == "failed" else _number(result["score"])


def remarks(result: Result, flags: Iterable[str] = ()) -> str:
    """Return the remarks on a result as one line.

    A quote is put before a line that a spreadsheet would take for a formula.

    Args: flags, the result's remarks for the staff, if the staff alone read the line.
    """
    texts = [text for text in (result["stopped"], *flags, *result["notes"]) if text]
    line = " ".join("; ".join(texts).split())
    return f"'{line}" if line[:1] in "=+-@" and line else line


def _number(value: float) -> str:
    """Return points as text, without a needless decimal point."""
    return f"{value:g}"
