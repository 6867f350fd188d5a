"""Makes a chapter's nbgrader source notebook: the instructor's, with hidden tests."""

import ast
import dataclasses
import os
import textwrap
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.chapters.cells import HIDDEN, MARKER, Cell, Chapter
from tools.course.course import CourseError
from tools.forms import notebooks

INDENT = "    "  # hidden tests go into the body of a test function


def source(chapter: Chapter) -> NotebookNode:
    """Return a chapter's source notebook: solutions and hidden tests in markers."""
    cells = [
        new_code_cell(cell.marked, id=cell.id, metadata=_metadata(cell))
        if cell.kind == "code"
        else new_markdown_cell(notebooks.student_text(cell), id=cell.id)
        for cell in chapter.cells
    ]
    metadata = {"kernelspec": notebooks.KERNEL, "language_info": {"name": "python"}}
    return new_notebook(cells=cells, metadata=metadata)


def with_hidden(chapter: Chapter, folder: str | os.PathLike[str]) -> Chapter:
    """Return the chapter with a course's hidden tests in place of the book's.

    Args: folder, with one file for each check that gets other hidden tests, named after
        the check's id (03-linear-check.py). The file's statements go to the end of the
        check's last test function, where they see its names. An empty file removes the
        book's hidden tests.
    Raises: CourseError where there is no such folder; for a file that names no check,
        is not Python or holds markers; for a check without a test function.
    """
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise CourseError(f"HIDDEN={folder}: there is no such folder")
    checks = {cell.id: cell for cell in chapter.code if cell.role == "check"}
    merged = {}
    for path in sorted(folder.glob(f"{chapter.number}-*")):
        if path.suffix != ".py" or path.stem not in checks:
            raise CourseError(
                f"{path}: hidden tests lie in a file named after their check, such as "
                f"{next(iter(checks))}.py; chapter {chapter.number} has the "
                f"checks {', '.join(checks)}"
            )
        merged[path.stem] = _merge(checks[path.stem], path)
    cells = [merged.get(cell.id, cell) for cell in chapter.cells]
    return dataclasses.replace(chapter, cells=cells)


def _merge(cell: Cell, path: Path) -> Cell:
    """Return a copy of a check's cell with a file's hidden tests in place of its own.

    Raises: CourseError, as `with_hidden` does for one file.
    """
    text = textwrap.dedent(path.read_text(encoding="utf-8")).strip("\n")
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise CourseError(f"{path}, line {error.lineno}: {error.msg}") from None
    if MARKER.search(text):
        raise CourseError(
            f"{path}: markers are added by `make release`; leave them out"
        )
    visible = HIDDEN.sub("", cell.source).split("\n")
    if not text:
        return dataclasses.replace(cell, source="\n".join(visible))
    tests = [
        node
        for node in ast.parse("\n".join(visible)).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    if not tests:
        raise CourseError(f"cell {cell.id}: no test function to put hidden tests into")
    hidden = [
        f"{INDENT}### BEGIN HIDDEN TESTS",
        textwrap.indent(text, INDENT),
        f"{INDENT}### END HIDDEN TESTS",
    ]
    end = tests[-1].end_lineno
    return dataclasses.replace(
        cell, source="\n".join([*visible[:end], *hidden, *visible[end:]])
    )


def _metadata(cell: Cell) -> dict[str, Any]:
    """Return a cell's metadata for nbgrader.

    A setup cell is locked, so that nbgrader restores the text that a student edited.
    """
    metadata = notebooks.code_metadata(cell)
    if cell.role == "setup":
        metadata["nbgrader"] = notebooks.nbgrader_header(cell, locked=True)
    return metadata
