"""The grades as tables: one to read, and one each as Canvas and Moodle import them."""

import csv
import io
import json

from tools.course.results.writer import put

ROSTER = "students.csv"
WORDS = {
    "graded": "graded",
    "stopped": "graded in part",
    "unreadable": "nothing to grade",
    "failed": "not graded",
    "absent": "nothing handed in",
}


def roster(course):
    """Return students.csv as {id: row}, or {} where there is none.

    Columns: id (the name of the folder in submitted/), and any of first_name,
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


def kept(course):
    """Return every result the course has, {chapter: {student: result}}, in order."""
    found = {}
    for path in sorted((course.root / "results").glob("*/*.json")):
        try:
            result = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:  # damaged; so the work will be graded anew
            continue
        found.setdefault(path.parent.name, {})[result["student"]] = result
    return found


def write(course, students):
    """Write grades.csv, grades-canvas.csv and grades-moodle.csv; return their paths.

    Args: students, of `roster`. Those on it who handed nothing in get a row as well.
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
        put(course.root / name, text.getvalue())
    return [course.root / name for name in tables]


def _plain(found, everybody, students, worth):
    yield [
        "student",
        "last_name",
        "first_name",
        "chapter",
        "points",
        "of",
        "checks",
    ] + [
        "result",
        "remarks",
    ]
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


def _canvas(found, everybody, students, worth):
    """Canvas's own export: five columns that name the student, then assignments."""
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


def _moodle(found, everybody, students):
    """Moodle's own export: who, then a grade and its feedback for each activity."""
    items = [(f"{slug} (Real)", f"{slug} (Feedback)") for slug in found]
    yield ["First name", "Last name", "ID number", "Username", "Email address"] + [
        name for item in items for name in item
    ]
    for name in everybody:
        row = students.get(name, {})
        who = [row.get("first_name", ""), row.get("last_name", ""), row.get("idnumber")]
        cells = [who[0], who[1], who[2] or "", name, row.get("email", "")]
        for each in found.values():
            result = each.get(name)
            cells.append(_score(result, absent="-"))
            cells.append(remarks(result) if result else WORDS["absent"])
        yield cells


def _score(result, absent):
    """A result's points; blank where the grader failed, so that none is imported."""
    if result is None:
        return absent
    return "" if result["status"] == "failed" else _number(result["score"])


def remarks(result, flags=()):
    """Say in a line what a student should know about a result, and staff by flags."""
    texts = [text for text in (result["stopped"], *flags, *result["notes"]) if text]
    line = " ".join("; ".join(texts).split())
    return f"'{line}" if line[:1] in "=+-@" and line else line  # no formula


def _number(value):
    return f"{value:g}"
