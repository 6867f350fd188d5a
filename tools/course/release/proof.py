"""Checks that a release notebook holds no line of a solution or of a hidden test."""

from nbformat import NotebookNode

from tools.chapters.cells import HIDDEN, SOLUTION, Cell, Chapter
from tools.course.course import CourseError
from tools.course.hidden_tests import squeezed_lines
from tools.forms import notebooks

# Markers that the file of a release must not hold; {dropdown} encloses an answer.
WORDS = ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "{dropdown}")


def prove(chapter: Chapter, notebook: NotebookNode, text: str) -> None:
    """Raise CourseError unless a release holds exactly what the chapter publishes.

    The cells must have the chapter's ids and published texts, character for character.
    No cell may hold a line that otherwise stands only in a solution or a hidden test,
    nor an output or attachment. The file may hold none of WORDS.

    Args: chapter, with the course's hidden tests; notebook, the release, parsed;
        text, the text of the release's file.
    Raises: CourseError, which names the cell where one is at fault.
    """
    wanted = [(cell.id, _published(cell)) for cell in chapter.cells]
    got = [(cell.id, cell.source) for cell in notebook.cells]
    if [name for name, _ in wanted] != [name for name, _ in got]:
        raise _leak("", "the release has other cells than the chapter")
    for (name, published), (_, source) in zip(wanted, got, strict=True):
        if source != published:
            raise _leak(name, "it is not the text that the chapter publishes")
    secret = _secret_lines(chapter)
    for cell in notebook.cells:
        if cell.get("outputs") or cell.get("attachments"):
            raise _leak(cell.id, "it holds an output or an attachment")
        for line in cell.source.splitlines():
            if " ".join(line.split()) in secret:
                raise _leak(cell.id, f"it holds the line {line.strip()!r}")
    for word in WORDS:
        if word in text:
            raise _leak("", f"the file holds {word!r}")


def _published(cell: Cell) -> str:
    """Return the text that the release must hold for a code or text cell."""
    if cell.kind == "code":
        return cell.published
    return notebooks.student_text(cell)


def _secret_lines(chapter: Chapter) -> set[str]:
    """Return the lines of solutions and hidden tests that no published cell holds.

    Lines are as `squeezed_lines` returns them.
    """
    secret: set[str] = set()
    public: set[str] = set()
    for cell in chapter.cells:
        public |= squeezed_lines(_published(cell))
        if cell.kind == "code":
            for block in (SOLUTION, HIDDEN):
                for match in block.finditer(cell.source):
                    secret |= squeezed_lines(match[2])
    return secret - public


def _leak(cell_id: str, problem: str) -> CourseError:
    """Return the CourseError for a problem in a cell, or "" for the whole file."""
    where = f"cell {cell_id!r}: " if cell_id else ""
    return CourseError(
        f"{where}{problem}, so nothing was released; this is a mistake of the program "
        "or of nbgrader_config.py (a header, a preprocessor), not of yours"
    )
