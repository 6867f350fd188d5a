"""Writes what students wrote as plain Python files: CH=03 COURSE=folder.

One file for each student, with their own code and nothing that was handed out, for a
program that compares them. Nothing is run.
"""

import os

import nbformat

from tools.course import handin, seat
from tools.course.course import CourseError
from tools.course.grade import run
from tools.course.results.writer import put

SHELL = ("%", "!", "?")  # what a line of IPython's begins with; no Python


def write(course, book_chapter, only=None):
    """Write a chapter's files; return (their folder, how many, {who has none: why}).

    Into `plain/CHAPTER/`: `students/NAME.py`; `given.py`, what everybody was given;
    `published.py`, the book's solutions. What an earlier run wrote is replaced.

    Raises: CourseError where nothing was released or handed in.
    """
    slug = book_chapter.slug
    try:
        release = nbformat.read(course.release(slug), as_version=4)
    except FileNotFoundError:
        raise CourseError(f"{slug} has not been released in {course.root}") from None
    students = run.select(course, slug, only or os.environ.get("STUDENT", ""))
    given = {cell.id: cell.source for cell in release.cells}
    folder = course.root / "plain" / slug
    (folder / "students").mkdir(parents=True, exist_ok=True)
    code = [cell for cell in release.cells if cell.cell_type == "code"]
    put(folder / "given.py", text((cell.id, cell.source) for cell in code))
    solved = ((cell.id, cell.solved) for cell in book_chapter.exercises)
    put(folder / "published.py", text(solved))
    left_out = {}
    for student in students:
        path = folder / "students" / f"{student}.py"
        path.unlink(missing_ok=True)
        try:
            found, _ = handin.find(course, student, slug)
            cells = handin.cells_of(handin.read(found, course.root / "submitted"))
        except handin.Unreadable as error:
            left_out[student] = str(error)
            continue
        seated = seat.seat(release, given, cells)
        own = [
            (cell.id, cell.source)
            for cell in seated.notebook.cells
            if cell.id in seated.theirs and cell.cell_type == "code"
        ]
        if own:
            put(path, text(own))
        else:
            left_out[student] = "nothing in it was changed"
    return folder / "students", len(students) - len(left_out), left_out


def text(cells):
    """Return cells, pairs of an id and a text, as the text of one Python file."""
    parts = []
    for name, source in cells:
        lines = [
            f"# {line}" if line.lstrip().startswith(SHELL) else line.rstrip()
            for line in source.strip().splitlines()
        ]
        parts.append("\n".join([f"# %% {name}", *lines]))
    return "\n\n".join(parts) + "\n"
