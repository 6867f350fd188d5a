"""Writes students' code as plain Python files, for a program that finds copied code.

Each file holds the cells that one student changed or added. No code is run.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tinytorch.utils.files import write_whole
from tools.chapters.cells import Chapter
from tools.course import handin, seat
from tools.course.course import Course, CourseError

SHELL = ("%", "!", "?")  # first characters of IPython's magics and shell commands


def write(
    course: Course, chapter: Chapter, only: str | None = None
) -> tuple[Path, int, dict[str, str]]:
    """Write a chapter's files into `plain/CHAPTER/`, over the files of an earlier run.

    The files are `students/NAME.py`; `given.py`, the code that every student was given;
    and `published.py`, the book's solutions.

    Args: only, the one student to write; by default the setting STUDENT=, or everybody.
    Returns: the folder of the students' files, how many files were written, and
        {student without a file: why}.
    Raises: CourseError where nothing was released or handed in.
    """
    slug = chapter.slug
    try:
        release = nbformat.read(course.release(slug), as_version=4)
    except FileNotFoundError:
        raise CourseError(f"{slug} has not been released in {course.root}") from None
    students = handin.select(course, slug, only or os.environ.get("STUDENT", ""))
    folder = course.root / "plain" / slug / "students"
    folder.mkdir(parents=True, exist_ok=True)
    _write_references(folder.parent, chapter, release)
    left_out = {}
    for student in students:
        path = folder / f"{student}.py"
        path.unlink(missing_ok=True)
        try:
            own = own_cells(course, release, student, slug)
        except handin.Unreadable as error:
            left_out[student] = str(error)
            continue
        if own:
            write_whole(path, text(own))
        else:
            left_out[student] = "nothing in it was changed"
    return folder, len(students) - len(left_out), left_out


def own_cells(
    course: Course, release: NotebookNode, student: str, slug: str
) -> list[tuple[str, str]]:
    """Return (id, text) of each code cell that a student changed or added.

    Raises: handin.Unreadable where no cell can be read.
    """
    cells, _ = handin.cells_in(course, student, slug)
    seated = seat.seat(release, _texts(release), cells)
    return [
        (cell.id, cell.source)
        for cell in seated.notebook.cells
        if cell.id in seated.theirs and cell.cell_type == "code"
    ]


def text(cells: Iterable[tuple[str, str]]) -> str:
    """Return the text of one Python file, made of cells given as pairs (id, text).

    IPython's magics and shell commands become comments, so that the file is Python.
    """
    parts = []
    for name, source in cells:
        lines = [
            f"# {line}" if line.lstrip().startswith(SHELL) else line.rstrip()
            for line in source.strip().splitlines()
        ]
        parts.append("\n".join([f"# %% {name}", *lines]))
    return "\n\n".join(parts) + "\n"


def _write_references(folder: Path, chapter: Chapter, release: NotebookNode) -> None:
    """Write given.py and published.py: code that students may share without copying."""
    code = [cell for cell in release.cells if cell.cell_type == "code"]
    write_whole(folder / "given.py", text((cell.id, cell.source) for cell in code))
    solved = ((cell.id, cell.solved) for cell in chapter.exercises)
    write_whole(folder / "published.py", text(solved))


def _texts(notebook: NotebookNode) -> dict[str, str]:
    """Return the texts of a notebook's cells, {cell id: text}."""
    return {cell.id: cell.source for cell in notebook.cells}
