"""Rebuilds a damaged submission as a notebook that nbgrader and Jupyter accept.

Its cells may have been deleted, its cell ids doubled or lost. The student's code goes
into a copy of the release notebook, in repaired/; the submitted file stays as it is.
"""

from pathlib import Path

import nbformat

from tools.course import handin, seat
from tools.course.course import Course, CourseError


def repair(course: Course, slug: str, student: str) -> tuple[Path, list[str]]:
    """Write a repaired copy of a student's notebook of a chapter.

    Returns: the copy's path, and remarks on what had to be repaired.
    Raises: CourseError where nothing was released, or the student handed in nothing
        that can be read.
    """
    release = course.release(slug)
    if not release.exists():
        raise CourseError(f"{slug} has not been released in {course.root}")
    notebook = nbformat.read(release, as_version=4)
    try:
        cells, remarks = handin.cells_in(course, student, slug)
    except handin.Unreadable as error:
        raise CourseError(f"{student}'s {slug}: {error}") from None
    published = {cell.id: cell.source for cell in notebook.cells}
    seated = seat.seat(notebook, published, cells)
    target = course.folder("repaired", student, slug) / f"{slug}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(seated.notebook, target)
    return target, [*remarks, *seated.notes]
