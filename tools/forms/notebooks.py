"""Makes two notebooks of a chapter or milestone: for students, and with solutions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tinytorch.own.module_source import fingerprint
from tools.chapters import parser, questions
from tools.chapters.cells import Cell, Chapter
from tools.forms import package

# The kernelspec of every notebook made here: the kernel that Jupyter has by default.
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
DROPDOWN = re.compile(
    r"^(:{3,})\{dropdown\}[ \t]*([^\n]*)\n(.*?)^\1[ \t]*$", re.M | re.S
)


def student(book_chapter: Chapter) -> NotebookNode:
    """Return the notebook for students: stubs instead of solutions, no answers."""
    return _notebook(
        book_chapter,
        code=lambda cell: cell.published,
        markdown=parser.without_answers,
    )


def student_text(cell: Cell) -> str:
    """Return the text of a markdown cell in the student's notebook: without answers."""
    return questions.for_notebooks(parser.without_answers(cell.source))


def solution(book_chapter: Chapter) -> NotebookNode:
    """Return the notebook with all solutions, which runs from top to bottom."""
    return _notebook(
        book_chapter, code=lambda cell: cell.solved, markdown=_html_answers
    )


def write(
    folder: Path | str,
    kinds: Sequence[Callable[[Chapter], NotebookNode]] = (student, solution),
) -> list[Path]:
    """Write the notebooks of every chapter and milestone; return their paths.

    Args: kinds, the functions (`student`, `solution`) that make the notebooks; those of
        `student` are written into `folder`/student, and so on.
    """
    written = []
    for path in parser.pages():
        book_chapter = parser.read(path)
        for kind in kinds:
            target = Path(folder, kind.__name__, f"{book_chapter.slug}.ipynb")
            target.parent.mkdir(parents=True, exist_ok=True)
            text = nbformat.writes(kind(book_chapter)) + "\n"
            # newline: the same bytes on every system; Windows would write \r\n.
            target.write_text(text, encoding="utf-8", newline="\n")
            written.append(target)
    return written


def code_metadata(cell: Cell) -> dict[str, Any]:
    """Return a code cell's metadata: "tinytorch", and "nbgrader" if it is graded."""
    # When a reader brings the notebook into a page, the page finds the edited cells by
    # comparing each text with this hash of the published text.
    own = {"role": cell.role, "export": cell.exported, "hash": cell.hash}
    metadata: dict[str, Any] = {"tinytorch": own}
    if cell.role == "exercise":
        metadata["nbgrader"] = nbgrader_header(cell, solution=True)
    if cell.role == "check":
        metadata["nbgrader"] = nbgrader_header(cell, grade=True, locked=True)
        metadata["nbgrader"]["points"] = cell.points
    return metadata


def nbgrader_header(
    cell: Cell, *, grade: bool = False, locked: bool = False, solution: bool = False
) -> dict[str, Any]:
    """Return the "nbgrader" metadata of a cell, with all keys that nbgrader 0.9 needs.

    Args: grade, whether points are given for the cell; locked, whether nbgrader puts
        the released text back before it grades; solution, whether the text between
        the solution markers is cut from the release.
    """
    return {
        "grade": grade,
        "grade_id": cell.id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }


def _notebook(
    book_chapter: Chapter,
    code: Callable[[Cell], str],
    markdown: Callable[[str], str],
) -> NotebookNode:
    """Return a notebook of a chapter.

    The notebook's cells have the ids of the chapter's cells, not random ones as
    nbformat would give them, so that the same chapter always gives the same bytes.

    Args: code, returns the text for a code cell; markdown, rewrites the text of a
        markdown cell.
    """
    cells = [
        new_code_cell(code(cell), id=cell.id, metadata=code_metadata(cell))
        if cell.kind == "code"
        else new_markdown_cell(
            questions.for_notebooks(markdown(cell.source)), id=cell.id
        )
        for cell in book_chapter.cells
    ]
    metadata: dict[str, Any] = {
        "kernelspec": KERNEL,
        "language_info": {"name": "python"},
    }
    if book_chapter.module:
        # `python -m tinytorch.own` reads this when it makes a module from the notebook.
        metadata["tinytorch"] = {
            "chapter": book_chapter.slug,
            "title": book_chapter.title,
            "module": book_chapter.module,
            "mark": fingerprint(package.render(book_chapter)[1]),
        }
    return new_notebook(cells=cells, metadata=metadata)


def _html_answers(markdown: str) -> str:
    """Return markdown whose `:::{dropdown}` blocks are HTML that Jupyter can fold."""
    return DROPDOWN.sub(r"<details><summary>\2</summary>\n\n\3\n</details>", markdown)
