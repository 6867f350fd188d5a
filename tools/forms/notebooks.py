"""Makes the student's and the solution notebook of a chapter or milestone."""

import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tinytorch.own.cells import fingerprint
from tools.chapters import parser, questions
from tools.forms import package

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
DROPDOWN = re.compile(
    r"^(:{3,})\{dropdown\}[ \t]*([^\n]*)\n(.*?)^\1[ \t]*$", re.M | re.S
)


def student(book_chapter):
    """Return the notebook that is handed out: stubs, and not a line of a solution."""
    return _notebook(
        book_chapter,
        code=lambda cell: cell.published,
        markdown=parser.without_answers,
    )


def student_text(cell):
    """Return a text cell as the student's notebook has it."""
    return questions.for_notebooks(parser.without_answers(cell.source))


def solution(book_chapter):
    """Return the notebook with every solution in place; it runs top to bottom."""
    return _notebook(
        book_chapter, code=lambda cell: cell.solved, markdown=_html_answers
    )


def write(folder, kinds=(student, solution)):
    """Write the notebooks under folder/student and folder/solution; return paths."""
    written = []
    for path in parser.pages():
        book_chapter = parser.read(path)
        for kind in kinds:
            target = Path(folder, kind.__name__, f"{book_chapter.slug}.ipynb")
            target.parent.mkdir(parents=True, exist_ok=True)
            text = nbformat.writes(kind(book_chapter)) + "\n"
            target.write_text(text, encoding="utf-8", newline="\n")
            written.append(target)
    return written


def _notebook(book_chapter, code, markdown):
    """Build a notebook from a chapter; ids are the cells' own, so it never varies."""
    cells = [
        new_code_cell(code(cell), id=cell.id, metadata=code_metadata(cell))
        if cell.kind == "code"
        else new_markdown_cell(
            questions.for_notebooks(markdown(cell.source)), id=cell.id
        )
        for cell in book_chapter.cells
    ]
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    if book_chapter.module:
        metadata["tinytorch"] = {
            "chapter": book_chapter.slug,
            "title": book_chapter.title,
            "module": book_chapter.module,
            "mark": fingerprint(package.render(book_chapter)[1]),
        }
    return new_notebook(cells=cells, metadata=metadata)


def code_metadata(cell):
    """Return a code cell's notebook metadata, in the form nbgrader 0.9 demands."""
    # The hash tells a page that takes the notebook in what its reader has changed.
    own = {"role": cell.role, "export": cell.exported, "hash": cell.hash}
    metadata = {"tinytorch": own}
    if cell.role in ("exercise", "check"):
        graded = cell.role == "check"
        metadata["nbgrader"] = {
            "grade": graded,
            "grade_id": cell.id,
            "locked": graded,
            "schema_version": 3,
            "solution": not graded,
            "task": False,
        }
        if graded:
            metadata["nbgrader"]["points"] = cell.points
    return metadata


def _html_answers(markdown):
    """Turn the book's folded answers into what a notebook can fold."""
    return DROPDOWN.sub(r"<details><summary>\2</summary>\n\n\3\n</details>", markdown)
