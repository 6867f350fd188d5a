"""Copies a student's cells into the course's own clean notebook, by cell id.

Whatever became of a submission's checks, ids and order of cells, the course's notebook
is run, with the student's code in it.
"""

import ast
import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from tinytorch.own.names import Names, definitions, names_of

KEPT_ROLES = ("check", "setup")  # the course's own text of these is always run
SHOWN_ROLES = ("demo", "measure", "main")  # these decide nothing
BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)  # in parsing any text


@dataclass
class Seated:
    """A notebook that is ready to run, and remarks on what had to be mended."""

    notebook: NotebookNode
    notes: list[str] = field(default_factory=list)
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

    Added cells stay behind the cell they came after. Edited checks are ignored. An
    edited setup cell runs as an added cell, before the course's own.

    Args: course_notebook, the source notebook, or the release itself; handed_out, the
        release's cells as {id: text}; cells, of the submission, as handin reads them.
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
            elif kind == "setup":  # added imports stay, given names win: it runs first
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
    """Return remarks on cells that were put back, and on checks that were edited."""
    remarks = []
    if missing:
        remarks.append(f"cells were missing and were put back: {', '.join(missing)}")
    if changed:
        remarks.append(
            f"checks were changed; the course's own were run: {', '.join(changed)}"
        )
    return remarks


def alike(a: str, b: str) -> bool:
    """Whether two cells' texts are equal, apart from spaces at line ends."""
    return _right_stripped(a) == _right_stripped(b)


def unused(seated: Seated) -> set[str]:
    """Return the ids of demos and measurements that the student's code does not need.

    Grading leaves them out, which saves most of a chapter's time. Such a cell is needed
    where the student changed it, or uses a name that it defines.
    """
    used: set[str] = set()
    for cell in seated.notebook.cells:
        if cell.cell_type == "code" and cell.id in seated.theirs:
            names = _names(cell)
            if names is None:  # not Python, such as `%time`: then leave nothing out
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
    """Sort a submission's cells by the chapter's cells.

    Returns: {id: the student's cell}; {id, or None at the start: the cells that the
        student added behind it}; remarks.
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
    """Return the ids of exercises that no submitted cell has."""
    return [c.id for c in notebook.cells if role(c) == "exercise" and c.id not in ids]


def _id(cell: NotebookNode, known: Mapping[str, NotebookNode]) -> str | None:
    """Return the chapter's id of a submitted cell, or None for an added cell.

    nbgrader's grade_id comes first: Colab and nbformat 4.4 drop ids, not metadata.
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
    """Return added cells under new ids, and note these as the student's."""
    made: list[NotebookNode] = []
    for cell in cells:
        new = new_code_cell if cell.cell_type == "code" else new_markdown_cell
        name = f"own-{len(seated.theirs)}-{len(made)}"
        made.append(new(cell.source, id=name))
    seated.theirs.update(cell.id for cell in made)
    return made


def _defines(cell: NotebookNode) -> set[str]:
    """Return the names of the functions and classes at a cell's top level."""
    try:
        return {*definitions(ast.parse(cell.source))}
    except BROKEN:
        return set()


def _names(cell: NotebookNode) -> Names | None:
    """Return the global names that a cell defines and uses, or None if not Python."""
    try:
        return names_of(cell.source)
    except BROKEN:
        return None


def _right_stripped(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]
