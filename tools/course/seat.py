"""Seats a student's code in the course's own notebook, cell by cell, by id.

Whatever became of a submission's checks, ids and order, what is run is the course's
notebook with the student's code in it.
"""

import ast
import copy
import symtable
from dataclasses import dataclass, field

from nbformat.v4 import new_code_cell, new_markdown_cell

KEPT_ROLES = ("check", "setup")  # of these the course's own text is always run
SHOWN_ROLES = ("demo", "measure", "main")


@dataclass
class Seated:
    """A notebook that is ready to be run, and what had to be done for that."""

    notebook: object
    notes: list = field(default_factory=list)
    theirs: set = field(default_factory=set)  # ids of cells that hold their code


def role(cell):
    """Return a cell's role in the chapter, or "" for one of the student's own."""
    return cell.metadata.get("tinytorch", {}).get("role", "")


def seat(course_notebook, handed_out, cells):
    """Return the course's notebook with a student's code in it, as Seated.

    Args: course_notebook, the source, or the release itself; handed_out, the release:
        its cells' texts as {id: text}; cells, those of the submission.
    """
    notebook = copy.deepcopy(course_notebook)
    found, extra, notes = _sort(notebook, cells)
    seated = Seated(notebook, notes)
    result, missing, changed = [*_own(extra.get(None, []), seated)], [], []
    for cell in notebook.cells:
        theirs, kind = found.get(cell.id), role(cell)
        given = handed_out.get(cell.id, "")
        if theirs is None and cell.cell_type == "code":
            missing.append(cell.id)
            cell.source = cell.source if kind in KEPT_ROLES else given
        elif theirs is not None and not alike(theirs.source, given):
            if kind == "check":
                changed.append(cell.id)
            elif kind == "setup":  # imports they added stay, what was given holds
                result += _own([theirs], seated)
            else:
                cell.source = theirs.source
                seated.theirs.add(cell.id)
        elif kind not in KEPT_ROLES:
            cell.source = given
        result += [cell, *_own(extra.get(cell.id, []), seated)]
    notebook.cells = result
    if missing:
        notes.append(f"cells were missing and were put back: {', '.join(missing)}")
    if changed:
        notes.append(
            f"checks were changed; the course's own were run: {', '.join(changed)}"
        )
    return seated


def alike(a, b):
    """Whether two cells say the same, spaces at line ends aside."""
    return _lines(a) == _lines(b)


def unused(seated):
    """Return ids of cells that are shown or timed and that nothing of theirs needs.

    Leaving them out saves most of a chapter's time. One runs where the student
    changed it, or uses a name that it defines.
    """
    used = set()
    for cell in seated.notebook.cells:
        if cell.cell_type == "code" and cell.id in seated.theirs:
            names = _names(cell.source)
            if names is None:  # a line of IPython's, say; then nothing is left out
                return set()
            used |= names[0]
    left_out = set()
    for cell in reversed(seated.notebook.cells):
        if role(cell) in SHOWN_ROLES and cell.id not in seated.theirs:
            uses, binds = _names(cell.source)
            if binds & used:
                used |= uses
            else:
                left_out.add(cell.id)
    return left_out


def _sort(notebook, cells):
    """Sort a submission's cells: {id: cell}, {id before: further cells}, notes."""
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
    found, extra, before = {}, {}, None
    for at, (cell, name) in enumerate(zip(cells, ids, strict=True)):
        if name and name not in ids[at + 1 :]:
            found[name] = cell
            before = name
        elif cell.cell_type != "raw":
            extra.setdefault(before, []).append(cell)
    return found, extra, notes


def _exercises_without(ids, notebook):
    return [c.id for c in notebook.cells if role(c) == "exercise" and c.id not in ids]


def _id(cell, known):
    """Return the chapter's id of a submitted cell, or None."""
    grading = cell.metadata.get("nbgrader", {})
    names = (grading.get("grade_id"), cell.get("id"))
    for name in names:
        if name in known and known[name].cell_type == cell.cell_type:
            return name
    return None


def _own(cells, seated):
    """Return further cells of a student's as cells with ids of their own."""
    made = []
    for cell in cells:
        new = new_code_cell if cell.cell_type == "code" else new_markdown_cell
        name = f"own-{len(seated.theirs)}-{len(made)}"
        made.append(new(cell.source, id=name))
    seated.theirs.update(cell.id for cell in made)
    return made


def _defines(cell):
    """Return the names of the functions and classes at a cell's top level."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {n.name for n in _tree(cell.source).body if isinstance(n, kinds)}


def _names(source):
    """Return the global names that a cell uses and those it binds, or None."""
    try:
        top = symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    uses = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    binds = {
        s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()
    }
    scopes = top.get_children()
    while scopes:
        scope = scopes.pop()
        scopes += scope.get_children()
        uses |= {s.get_name() for s in scope.get_symbols() if s.is_global()}
    return uses, binds


def _tree(source):
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.parse("")


def _lines(text):
    return [line.rstrip() for line in text.strip().splitlines()]
