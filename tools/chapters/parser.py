"""Reads a module file into a chapter: cells with ids, roles and their several texts.

This is the only reader of cell markers; the book, the notebooks, the exporter and
the tests all take their texts from here.
"""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

import jupytext

from tinytorch.own.assemble import SECTION
from tools import ROOT
from tools.chapters.texthash import text_hash

ROLES = ("setup", "exercise", "check", "demo", "measure", "main")
DIRECTIVE = re.compile(r"^#\|.*\n?", re.M)
TITLE = re.compile(r"^# (?:Module (\d\d): |Milestone \d\d(\d\d): )?(.+)$", re.M)
ANSWER = re.compile(r"^(:{3,})\{dropdown\}[^\n]*\n.*?^\1[ \t]*\n?", re.M | re.S)


def _block(name):
    """Match `### BEGIN name` to `### END name`: indentation, then what is inside."""
    return re.compile(
        rf"^([ \t]*)### BEGIN {name}[ \t]*\n(.*?)^[ \t]*### END {name}[ \t]*(?:\n|\Z)",
        re.M | re.S,
    )


SOLUTION = _block("SOLUTION")
HIDDEN = _block("HIDDEN TESTS")
MARKER = re.compile(r"^[ \t]*###\s*(?:BEGIN|END)\b.*$", re.M)


class ChapterError(ValueError):
    """A module file that breaks the rules of DESIGN, told with file and cell."""


@dataclass(frozen=True)
class Cell:
    """One cell of a chapter. `source` is the text as written in the module file."""

    kind: str  # "code" or "markdown"
    id: str
    role: str  # one of ROLES; "text" for markdown
    source: str
    points: int = 0

    @property
    def exported(self):
        """Whether the cell goes into the package."""
        return re.search(r"^#\|\s*export\s*$", self.source, re.M) is not None

    @property
    def executable(self):
        """The whole cell without its markers: solution and hidden tests in place."""
        text = HIDDEN.sub(r"\2", SOLUTION.sub(r"\2", self.source))
        return DIRECTIVE.sub("", text).strip("\n")

    @property
    def published(self):
        """What a reader is given: the stub of an exercise, a check's visible part."""
        text = SOLUTION.sub(self._stub_line, HIDDEN.sub("", self.source))
        return DIRECTIVE.sub("", text).strip("\n")

    @property
    def hash(self):
        """What tells the published text from an earlier one; the page's own hash."""
        return text_hash(self.published)

    @property
    def solved(self):
        """The published cell with the solution in place of the stub's last line."""
        text = SOLUTION.sub(r"\2", HIDDEN.sub("", self.source))
        return DIRECTIVE.sub("", text).strip("\n")

    @property
    def solution_lines(self):
        """The lines that stand between the solution markers, blank ones left out."""
        inside = "\n".join(match[2] for match in SOLUTION.finditer(self.source))
        return [line for line in inside.splitlines() if line.strip()]

    @property
    def hints(self):
        """The HINTs of the cell's docstrings, then the steps of their APPROACH."""
        found = {"HINT": [], "APPROACH": []}
        kinds = (ast.FunctionDef, ast.ClassDef)
        for node in ast.walk(ast.parse(self.published)):
            if isinstance(node, kinds) and (text := ast.get_docstring(node)):
                for name, section in _sections(text):
                    found.get(name, []).append(section)
        numbered = "\n".join(found["APPROACH"])
        steps = re.split(r"^\s*\d+\.\s+", numbered, flags=re.M)
        texts = [" ".join(text.split()) for text in [*found["HINT"], *steps]]
        return [text for text in texts if text]

    def _stub_line(self, match):
        return (
            f"{match[1]}raise NotImplementedError("
            f'"{self.id}: replace this line with your code")\n'
        )


@dataclass(frozen=True)
class Chapter:
    """A module file: its title, the package module it becomes, and its cells."""

    path: Path | None
    number: str  # "01"; empty for a milestone
    title: str
    module: str  # "core.tensor"; empty when nothing is exported
    cells: list[Cell] = field(repr=False)

    @property
    def slug(self):
        """The folder's name, such as 01_tensor."""
        return self.path.parent.name

    @property
    def code(self):
        """The code cells, in order."""
        return [cell for cell in self.cells if cell.kind == "code"]

    @property
    def exercises(self):
        """The cells that readers fill in, in order."""
        return [cell for cell in self.cells if cell.role == "exercise"]

    def cell(self, cell_id):
        """Return the cell with this id."""
        for cell in self.cells:
            if cell.id == cell_id:
                return cell
        known = ", ".join(cell.id for cell in self.code)
        raise KeyError(f"no cell {cell_id!r} in chapter {self.title}; it has: {known}")


def paths(root=ROOT):
    """Return the module files of the book, in the order of their folders."""
    return sorted(Path(root, "modules").glob("[0-9][0-9]_*/*_dev.py"))


def milestones(root=ROOT):
    """Return the module files of the milestones, in the order of their years."""
    return sorted(Path(root, "modules", "milestones").glob("[0-9]*_*/*_dev.py"))


def pages(root=ROOT):
    """Return every module file: the chapters, then the milestones."""
    return paths(root) + milestones(root)


def read(path):
    """Parse the module file at `path`; raises ChapterError where it breaks a rule."""
    path = Path(path)
    return parse(path.read_text(encoding="utf-8"), path)


def parse(text, path=None):
    """Parse the text of a module file; raises ChapterError where it breaks a rule."""
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
    module = re.search(r"^#\|\s*default_exp\s+(\S+)\s*$", text, re.M)
    if module is None and any(cell.exported for cell in cells):
        raise ChapterError(
            f"{path}: cells are exported, but no `#| default_exp core.name` line "
            "says to which module; put one into the first code cell"
        )
    return Chapter(path, number, title[3], module[1] if module else "", cells)


def without_answers(markdown):
    """Return the markdown without its folded answers (`:::{dropdown} ...`)."""
    return ANSWER.sub("", markdown)


def _sections(docstring):
    """Yield (name, text) of each section of a docstring: ("HINT", "it fits on …")."""
    name, lines = None, []
    for line in [*docstring.splitlines(), "Args:"]:
        heading = SECTION.match(line)
        if heading:
            if name:
                yield name, "\n".join(lines)
            name, lines = heading[1], [line[heading.end() :]]
        else:
            lines.append(line)


def _cell(raw, index, prefix, path):
    """Turn one of jupytext's cells into ours; its id begins with the prefix, if any."""
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


def _role(metadata, grading, where, path):
    """Derive a code cell's role from its metadata."""
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


def _problem(cell, prefix, grading):
    """Say what is wrong with a code cell, or return None."""
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


def _refuse_repeated_ids(cells, path):
    seen = set()
    for cell in cells:
        if cell.id in seen:
            raise ChapterError(f"{path}: the id {cell.id!r} stands on two cells")
        seen.add(cell.id)
