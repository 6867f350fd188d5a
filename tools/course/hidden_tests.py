"""Finds the lines of an instructor's notebook that stand only in its hidden tests."""

from nbformat import NotebookNode

from tools.chapters.cells import HIDDEN
from tools.course import seat

SHORTEST = 6  # characters; a hidden test's line with fewer gives nothing away


def hidden_lines(notebook: NotebookNode) -> set[str]:
    """Return the lines of hidden tests that stand nowhere else in a source notebook.

    Lines are as `squeezed_lines` returns them; a line with fewer than SHORTEST
    characters is left out.
    """
    hidden: set[str] = set()
    seen: set[str] = set()
    for cell in notebook.cells:
        if seat.role(cell) == "check":
            for match in HIDDEN.finditer(cell.source):
                hidden |= squeezed_lines(match[2])
        seen |= squeezed_lines(HIDDEN.sub("", cell.source))
    return {line for line in hidden - seen if len(line) >= SHORTEST}


def squeezed_lines(text: str) -> set[str]:
    """Return a text's lines that are not blank, with runs of spaces made one space."""
    return {" ".join(line.split()) for line in text.splitlines() if line.strip()}
