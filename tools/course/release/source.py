"""A chapter as nbgrader's source notebook, a course's own hidden tests in it."""

import ast
import dataclasses
import textwrap
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.chapters.cells import HIDDEN, MARKER
from tools.course.course import CourseError
from tools.forms import notebooks

INDENT = "    "


def source(book_chapter):
    """Return the source notebook: solutions and hidden tests between their markers."""
    cells = [
        new_code_cell(cell.marked, id=cell.id, metadata=_metadata(cell))
        if cell.kind == "code"
        else new_markdown_cell(notebooks.student_text(cell), id=cell.id)
        for cell in book_chapter.cells
    ]
    metadata = {"kernelspec": notebooks.KERNEL, "language_info": {"name": "python"}}
    return new_notebook(cells=cells, metadata=metadata)


def with_hidden(book_chapter, folder):
    """Return the chapter with a course's hidden tests in place of the book's.

    Args: folder, holds a file for each check it changes, named after the check's id
        (03-linear-check.py): statements that are put at the end of its test function,
        where they see its names. An empty file takes the book's hidden tests away.
    Raises: CourseError for a file that names no check or is not Python.
    """
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise CourseError(f"HIDDEN={folder}: there is no such folder")
    checks = {cell.id: cell for cell in book_chapter.code if cell.role == "check"}
    merged = {}
    for path in sorted(folder.glob(f"{book_chapter.number}-*")):
        if path.suffix != ".py" or path.stem not in checks:
            raise CourseError(
                f"{path}: hidden tests lie in a file named after their check, such as "
                f"{next(iter(checks))}.py; chapter {book_chapter.number} has the "
                f"checks {', '.join(checks)}"
            )
        merged[path.stem] = _merge(checks[path.stem], path)
    cells = [merged.get(cell.id, cell) for cell in book_chapter.cells]
    return dataclasses.replace(book_chapter, cells=cells)


def _merge(cell, path):
    """Return a check with the hidden tests of a file."""
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


def _metadata(cell):
    """Return a cell's metadata; what is given is locked, so that it can be restored."""
    metadata = notebooks.code_metadata(cell)
    if cell.role == "setup":
        metadata["nbgrader"] = notebooks.nbgrader_header(cell, locked=True)
    return metadata
