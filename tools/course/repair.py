"""Seats a student's code in the release: CH=03 COURSE=folder STUDENT=name.

For work that nbgrader or Jupyter no longer takes: cells deleted, ids doubled or lost.
The notebook goes to repaired/, and what was handed in stays as it is.
"""

import nbformat

from tools.course import handin, seat
from tools.course.course import CourseError


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
