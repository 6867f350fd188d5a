"""Seats a student's code in the release: CH=03 COURSE=folder STUDENT=name.

For work that nbgrader or Jupyter no longer takes: cells deleted, ids doubled or lost.
The notebook goes to repaired/, and what was handed in stays as it is.
"""

import os

import nbformat

from tools.grade import handin, seat
from tools.grade.course import CourseError, chapters_of, course_of


def repair(course, slug, student):
    """Write a student's repaired notebook; return its path and what was done.

    Raises: CourseError where there is nothing to repair.
    """
    release = course.release(slug)
    if not release.exists():
        raise CourseError(f"{slug} has not been released in {course.root}")
    notebook = nbformat.read(release, as_version=4)
    try:
        path, notes = handin.find(course, student, slug)
        cells = handin.cells_of(handin.read(path, course.root / "submitted"))
    except handin.Unreadable as error:
        raise CourseError(f"{student}'s {slug}: {error}") from None
    published = {cell.id: cell.source for cell in notebook.cells}
    seated = seat.seat(notebook, published, cells)
    target = course.folder("repaired", student, slug) / f"{slug}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(seated.notebook, target)
    return target, [*notes, *seated.notes]


def main():
    """Repair one student's notebooks; return a message where that cannot be."""
    try:
        course, chapters = course_of(), chapters_of()
        student = os.environ.get("STUDENT")
        if not student:
            raise CourseError("STUDENT= is missing: whose notebook is it?")
        for book_chapter in chapters:
            path, notes = repair(course, book_chapter.slug, student)
            print(f"wrote {path}: {'; '.join(notes) or 'it was whole already'}")
    except CourseError as error:
        return f"repair: {error}"
    return 0
