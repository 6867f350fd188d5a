"""Copies a student's cells into a fresh copy of the course's notebook, by cell id.

Grading runs that copy. So a submission's own checks, cell ids and order of cells, which
may be edited or damaged, do not count.
"""

import ast
import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from tinytorch.own.names import Names, definitions, names_of

KEPT_ROLES = ("check", "setup")  # cells whose text in the course's notebook is run
SHOWN_ROLES = ("demo", "measure", "main")  # cells that no grade depends on
# What `ast.parse` may raise for a student's text.
BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass
class Seated:
    """The course's notebook with a student's code in it, ready to run."""

    notebook: NotebookNode
    notes: list[str] = field(default_factory=list)  # remarks on what was repaired
    theirs: set[str] = field(default_factory=set)  # ids of cells with student's code


def role(cell: NotebookNode) -> str:
    """Return a cell's role in the chapter, or "" for a cell that a student added."""
    return cell.metadata.get("tinytorch", {}).get("role", "")


def seat(
    course_notebook: NotebookNode,
    handed_out: Mapping[str, str],
    cells: Sequence[NotebookNode],
) -> Seated:
    """Return a copy of the course's notebook with a student's code in it.

    A cell that the student added stays behind the same cell as in the submission. An
    edited check is ignored. An edited setup cell becomes an added cell, which runs
    before the course's own setup cell.

    Args: course_notebook, the source notebook or the release notebook; handed_out, the
        release's {cell id: text}; cells, the submission's, as `handin.cells_of` reads
        them.
    """
    notebook = copy.deepcopy(course_notebook)
    found, extra, notes = _sort(notebook, cells)
    seated = Seated(notebook, notes)
    result = _added(extra.get(None, []), seated)
    missing: list[str] = []
    changed: list[str] = []
    for cell in notebook.cells:
        theirs, kind = found.get(cell.id), role(cell)
        given = handed_out.get(cell.id, "")
        if theirs is None and cell.cell_type == "code":
            missing.append(cell.id)
            cell.source = cell.source if kind in KEPT_ROLES else given
        elif theirs is not None and not alike(theirs.source, given):
            if kind == "check":
                changed.append(cell.id)
            # Imports that the student added hold; the course's names replace theirs.
            elif kind == "setup":
                result += _added([theirs], seated)
            else:
                cell.source = theirs.source
                seated.theirs.add(cell.id)
        elif kind not in KEPT_ROLES:
            cell.source = given
        result += [cell, *_added(extra.get(cell.id, []), seated)]
    notebook.cells = result
    notes += _remarks(missing, changed)
    return seated


def _remarks(missing: list[str], changed: list[str]) -> list[str]:
    """Return remarks for the student on missing cells and on edited checks.

    Args: missing, ids of cells that were put back; changed, ids of edited checks.
    """
    remarks = []
    if missing:
        remarks.append(f"cells were missing and were put back: {', '.join(missing)}")
    if changed:
        remarks.append(
            f"checks were changed; the course's own were run: {', '.join(changed)}"
        )
    return remarks


def alike(a: str, b: str) -> bool:
    """Return whether two cells' texts are equal.

    White space at line ends does not count, nor around the text.
    """
    return _right_stripped(a) == _right_stripped(b)


def unused(seated: Seated) -> set[str]:
    """Return the ids of the SHOWN_ROLES cells that the student's code does not need.

    Grading leaves these cells out, which saves most of a chapter's time. A cell is
    needed where the student changed it, or where the student's code uses a name that
    the cell defines.
    """
    used: set[str] = set()
    for cell in seated.notebook.cells:
        if cell.cell_type == "code" and cell.id in seated.theirs:
            names = _names(cell)
            if names is None:  # not Python, such as `%time`: its names are unknown
                return set()
            used |= names.used
    left_out = set()
    for cell in reversed(seated.notebook.cells):  # a demo may need an earlier demo
        if role(cell) in SHOWN_ROLES and cell.id not in seated.theirs:
            names = names_of(cell.source)
            if names.defined & used:
                used |= names.used
            else:
                left_out.add(cell.id)
    return left_out


def _sort(
    notebook: NotebookNode, cells: Sequence[NotebookNode]
) -> tuple[dict[str, NotebookNode], dict[str | None, list[NotebookNode]], list[str]]:
    """Match a submission's cells to the chapter's cells.

    Returns: {chapter's cell id: the student's cell}; {chapter's cell id: cells that the
        student added behind that cell}, with the key None for cells added at the start;
        remarks for the student.
    """
    known = {cell.id: cell for cell in notebook.cells}
    ids = [_id(cell, known) for cell in cells]
    notes = []
    if doubled := sorted({i for i in ids if i and ids.count(i) > 1}):
        notes.append(
            f"ids stood on two cells, the last one counts: {', '.join(doubled)}"
        )
    for name in _exercises_without(ids, notebook):
        for at, cell in enumerate(cells):
            if ids[at] is None and _defines(cell) & _defines(known[name]):
                ids[at] = name
                notes.append(f"{name} had lost its id and was found by what it defines")
                break
    found: dict[str, NotebookNode] = {}
    extra: dict[str | None, list[NotebookNode]] = {}
    before = None
    for at, (cell, id_) in enumerate(zip(cells, ids, strict=True)):
        if id_ and id_ not in ids[at + 1 :]:
            found[id_] = cell
            before = id_
        elif cell.cell_type != "raw":
            extra.setdefault(before, []).append(cell)
    return found, extra, notes


def _exercises_without(ids: Sequence[str | None], notebook: NotebookNode) -> list[str]:
    """Return the ids of the notebook's exercises that are not among the ids."""
    return [c.id for c in notebook.cells if role(c) == "exercise" and c.id not in ids]


def _id(cell: NotebookNode, known: Mapping[str, NotebookNode]) -> str | None:
    """Return a submitted cell's id in the chapter, or None for an added cell.

    nbgrader's grade_id comes first: Colab and nbformat 4.4 drop cell ids and keep
    metadata.

    Args: known, the chapter's cells by id.
    """
    grading = cell.metadata.get("nbgrader", {})
    names = (grading.get("grade_id"), cell.get("id"))
    for name in names:
        if (
            name is not None
            and name in known
            and known[name].cell_type == cell.cell_type
        ):
            return name
    return None


def _added(cells: Sequence[NotebookNode], seated: Seated) -> list[NotebookNode]:
    """Return copies of added cells with new ids; put these ids into `seated.theirs`."""
    made: list[NotebookNode] = []
    for cell in cells:
        new = new_code_cell if cell.cell_type == "code" else new_markdown_cell
        name = f"own-{len(seated.theirs)}-{len(made)}"
        made.append(new(cell.source, id=name))
    seated.theirs.update(cell.id for cell in made)
    return made


def _defines(cell: NotebookNode) -> set[str]:
    """Return the names of the functions and classes at a cell's top level.

    An empty set for a cell that is not Python.
    """
    try:
        return {*definitions(ast.parse(cell.source))}
    except BROKEN:
        return set()


def _names(cell: NotebookNode) -> Names | None:
    """Return the global names that a cell defines and uses.

    None for a cell that is not Python.
    """
    try:
        return names_of(cell.source)
    except BROKEN:
        return None


def _right_stripped(text: str) -> list[str]:
    """Return a text's lines without white space at their ends or around the text."""
    return [line.rstrip() for line in text.strip().splitlines()]
