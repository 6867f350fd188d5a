"""Parses module files into Chapter objects, and rejects a file that breaks a rule.

No other code parses the headers of cells: the book, the notebooks, the package and the
tests all take their texts from the Chapter objects made here.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools import ROOT
from tools.chapters.cells import HIDDEN, MARKER, ROLES, SOLUTION, Cell, Chapter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

TITLE = re.compile(r"^# (?:Module (\d\d): |Milestone \d\d(\d\d): )?(.+)$", re.M)
MODULE = re.compile(r"^#\|\s*default_exp\s+(\S+)\s*$", re.M)
NAMES = re.compile(r"^#\|[ \t]*names[ \t]+(.+)$", re.M)
ANSWER = re.compile(r"^(:{3,})\{dropdown\}[^\n]*\n.*?^\1[ \t]*\n?", re.M | re.S)


class ChapterError(ValueError):
    """A module file breaks a rule of modules/README.md; the message names the cell."""


def paths(root: Path | str = ROOT) -> list[Path]:
    """Return the module files of the chapters, in the order of their folders."""
    return sorted(Path(root, "modules").glob("[0-9][0-9]_*/*_dev.py"))


def milestones(root: Path | str = ROOT) -> list[Path]:
    """Return the module files of the milestones, in the order of their years."""
    return sorted(Path(root, "modules", "milestones").glob("[0-9]*_*/*_dev.py"))


def pages(root: Path | str = ROOT) -> list[Path]:
    """Return every module file: the chapters, then the milestones."""
    return paths(root) + milestones(root)


def read(path: Path | str) -> Chapter:
    """Parse the module file at `path`; return its Chapter.

    Raises: ChapterError if the file breaks a rule.
    """
    path = Path(path)
    return parse(path.read_text(encoding="utf-8"), path)


def parse(text: str, path: Path | None = None) -> Chapter:
    """Parse the text of a module file; return its Chapter.

    Args: path, the module file that holds the text, or None for a text without a file.
    Raises: ChapterError if the text breaks a rule.
    """
    # Imported here because the import takes a second, and callers that only list the
    # module files do not need jupytext.
    import jupytext

    notebook = jupytext.reads(text, fmt="py:percent")
    if not notebook.cells:
        raise ChapterError(f"{path}: no cells; a cell starts with `# %% [code]`")
    title = TITLE.search(notebook.cells[0].source)
    if notebook.cells[0].cell_type != "markdown" or not title:
        raise ChapterError(
            f"{path}: the first cell must be markdown with the title, "
            "such as `# Module 01: Tensor` or `# Milestone 1957: The Perceptron`"
        )
    number = title[1] or ""
    prefix = number or (f"m{title[2]}" if title[2] else "")
    cells = [_cell(raw, i, prefix, path) for i, raw in enumerate(notebook.cells)]
    _refuse_repeated_ids(cells, path)
    module = MODULE.search(text)
    names = tuple(name for line in NAMES.findall(text) for name in line.split())
    if module is None and any(cell.exported for cell in cells):
        raise ChapterError(
            f"{path}: cells are exported, but no `#| default_exp core.name` line "
            "says to which module; put one into the first code cell"
        )
    if names and not module:
        raise ChapterError(f"{path}: `#| names` without a `#| default_exp` line")
    target = module[1] if module else ""
    return Chapter(path, number, title[3], target, cells, names)


def without_answers(markdown: str) -> str:
    """Return the markdown text without its answers, the `:::{dropdown}` blocks."""
    return ANSWER.sub("", markdown)


def _cell(raw: NotebookNode, index: int, prefix: str, path: Path | None) -> Cell:
    """Return jupytext's cell number `index` as a Cell.

    Args: prefix, what the id must begin with: "01", "m57", or "" for anything.
    Raises: ChapterError if the cell breaks a rule.
    """
    if raw.cell_type != "code":
        start = f"{prefix}-" if prefix else ""
        return Cell("markdown", f"{start}text-{index:02d}", "text", raw.source)
    grading = raw.metadata.get("nbgrader", {})
    cell_id = grading.get("grade_id", "")
    cell = Cell(
        "code",
        cell_id,
        _role(raw.metadata, grading, cell_id or raw.source[:60], path),
        raw.source,
        grading.get("points", 0),
    )
    problem = _problem(cell, prefix, grading)
    if problem:
        where = (
            f"cell {cell_id!r}" if cell_id else f"cell {index} ({raw.source[:40]!r})"
        )
        raise ChapterError(f"{path}: {where}: {problem}")
    return cell


def _role(
    metadata: Mapping[str, Any],
    grading: Mapping[str, Any],
    where: str,
    path: Path | None,
) -> str:
    """Return the role of a code cell, one of ROLES.

    Args: metadata, the cell's; grading, its part for nbgrader; where, the id or the
        beginning of the cell, for the error message.
    Raises: ChapterError if the metadata give no role, or more than one.
    """
    if grading.get("grade") and grading.get("solution"):
        raise ChapterError(
            f"{path}: cell {where!r}: grade and solution together means graded by "
            "hand; make it an exercise, and put the tests into a check of its own"
        )
    if grading.get("solution"):
        return "exercise"
    if grading.get("grade"):
        return "check"
    roles = [tag for tag in metadata.get("tags", []) if tag in ROLES]
    if len(roles) != 1:
        raise ChapterError(
            f"{path}: cell {where!r}: a code cell is an exercise, a check, or has one "
            f'of the tags "setup", "demo", "measure", "main"; got tags {roles}'
        )
    return roles[0]


def _problem(cell: Cell, prefix: str, grading: Mapping[str, Any]) -> str | None:
    """Return the message for a code cell that breaks a rule; None if it breaks none."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", cell.id):
        return 'no id; add {"nbgrader": {"grade_id": "01-what-it-is"}} to its header'
    if prefix and not cell.id.startswith(f"{prefix}-"):
        kind = "chapter's number" if prefix.isdigit() else "milestone's year"
        return f"the id must start with the {kind}, {prefix}-"
    if cell.role == "exercise" and not SOLUTION.search(cell.source):
        return "an exercise needs ### BEGIN SOLUTION and ### END SOLUTION lines"
    if cell.role != "exercise" and "### BEGIN SOLUTION" in cell.source:
        return 'a solution outside an exercise; mark the cell "solution": true'
    if cell.role != "check" and "### BEGIN HIDDEN TESTS" in cell.source:
        return "hidden tests belong into a check"
    if cell.role == "check" and not (grading.get("locked") and cell.points > 0):
        return 'a check needs "locked": true and "points" of at least 1'
    rest = MARKER.search(HIDDEN.sub("", SOLUTION.sub("", cell.source)))
    if rest:
        return f"{rest[0].strip()!r} has no partner"
    return None


def _refuse_repeated_ids(cells: list[Cell], path: Path | None) -> None:
    """Raise ChapterError if two cells have the same id."""
    seen: set[str] = set()
    for cell in cells:
        if cell.id in seen:
            raise ChapterError(f"{path}: the id {cell.id!r} stands on two cells")
        seen.add(cell.id)
