"""CASES, the table of submissions and their right marks, and what fills it.

Each function of this package's other modules makes one submission, from a Class; its
decorator `case` says which points the submission loses.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from classroom import Class
from nbformat import NotebookNode

NUMBER = "02"
ALL = ("02-relu-scalar", "02-relu", "02-hat", "02-sigmoid-scalar", "02-sigmoid")
ALL += ("02-gelu", "02-softmax")
Made = NotebookNode | dict[str, Any] | bytes


@dataclass(frozen=True)
class Case:
    """A submission: how to make it, and what it should get."""

    make: Callable[[Class], Made]
    loses: tuple[str, ...]  # exercises whose points it should not get
    status: str
    file: str | None  # its name, where that is not the release's
    mend: str  # what is wrong with its mark today, if something is


CASES: dict[str, Case] = {}


def case(
    *loses: str, status: str = "graded", file: str | None = None, mend: str = ""
) -> Callable[[Callable[[Class], Made]], Callable[[Class], Made]]:
    """Enter a function in CASES, under its name with dashes."""

    def enter(make: Callable[[Class], Made]) -> Callable[[Class], Made]:
        name = make.__name__.replace("_", "-")
        CASES[name] = Case(make, loses, status, file, mend)
        return make

    return enter


def hand_in_all(room: Class) -> None:
    """Hand in every case, each by a student of that name."""
    for name, each in CASES.items():
        made = each.make(room)
        data = made if isinstance(made, bytes) else json.dumps(made, indent=1).encode()
        room.path(name, NUMBER, each.file).write_bytes(data)


def solved(room: Class) -> NotebookNode:
    """The release with all exercises solved in it."""
    theirs = {cell.id: cell.source for cell in room.solved(NUMBER).cells}
    notebook = room.untouched(NUMBER)
    for cell in notebook.cells:
        if cell.id in ALL:
            cell.source = theirs[cell.id]
    return notebook


def find(notebook: NotebookNode, cell_id: str) -> NotebookNode:
    """Return the cell with this id."""
    return next(cell for cell in notebook.cells if cell.id == cell_id)


def after(notebook: NotebookNode, cell_id: str, *cells: NotebookNode) -> NotebookNode:
    """Insert cells behind the one with this id."""
    at = [cell.id for cell in notebook.cells].index(cell_id) + 1
    notebook.cells[at:at] = cells
    return notebook


def pasted(notebook: NotebookNode, cell_id: str, text: str) -> NotebookNode:
    """Return a copy of a cell with another text, as Jupyter pastes it.

    Its grade_id is that of the original, its id is new.
    """
    cell = copy.deepcopy(find(notebook, cell_id))
    cell.id, cell.source = "aaaa1111", text
    return cell


def stub(room: Class, cell_id: str) -> str:
    """Return the text of an exercise as it is released, unsolved."""
    return find(room.untouched(NUMBER), cell_id).source
