"""Finds the lines of a notebook that only its hidden tests hold."""

from nbformat import NotebookNode

from tools.chapters.cells import HIDDEN
from tools.course import seat

SHORTEST = 6  # a hidden line with fewer characters gives nothing away


def hidden_lines(notebook: NotebookNode) -> set[str]:
    """Return the lines of hidden tests that stand nowhere else in a source notebook.

    Runs of spaces in a line count as one; lines under SHORTEST are left out.
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
    """Return the lines of a text that are not blank, with runs of spaces as one."""
    return {" ".join(line.split()) for line in text.splitlines() if line.strip()}
