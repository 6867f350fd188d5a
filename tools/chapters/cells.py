"""Cells and chapters: the text of a chapter in each of its forms, ids and roles.

The rules about cells that other programs rely on stand here and nowhere else: the
markers around solutions and hidden tests, the stub line, the id of a check.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tinytorch.own.assemble import DIRECTIVE, SECTION
from tinytorch.own.module_source import check_id, exercise_id  # noqa: F401 (for tools)
from tools.chapters.texthash import text_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLES = ("setup", "exercise", "check", "demo", "measure", "main")


def _block(name: str) -> re.Pattern[str]:
    """Match `### BEGIN name` to `### END name`; groups: indentation, inner lines."""
    return re.compile(
        rf"^([ \t]*)### BEGIN {name}[ \t]*\n(.*?)^[ \t]*### END {name}[ \t]*(?:\n|\Z)",
        re.M | re.S,
    )


SOLUTION = _block("SOLUTION")
HIDDEN = _block("HIDDEN TESTS")
MARKER = re.compile(r"^[ \t]*###\s*(?:BEGIN|END)\b.*$", re.M)


def stub_line(cell_id: str) -> str:
    """Return the line that stands for the solution of an exercise until it is solved.

    The page's scripts and help rules recognize an unsolved exercise by this line.
    """
    return f'raise NotImplementedError("{cell_id}: replace this line with your code")'


@dataclass(frozen=True)
class Cell:
    """One cell of a chapter. `source` is the text as written in the module file."""

    kind: str  # "code" or "markdown"
    id: str
    role: str  # one of ROLES; "text" for markdown
    source: str
    points: int = 0

    @property
    def exported(self) -> bool:
        """Whether the cell goes into the package."""
        return re.search(r"^#\|\s*export\s*$", self.source, re.M) is not None

    @property
    def marked(self) -> str:
        """The text with its markers, but without `#|` lines: nbgrader's source."""
        return _without_directives(self.source)

    @property
    def executable(self) -> str:
        """The text that runs: solution and hidden tests in place, no markers."""
        return _without_directives(HIDDEN.sub(r"\2", SOLUTION.sub(r"\2", self.source)))

    @property
    def published(self) -> str:
        """The text given to readers: an exercise's stub, a check's visible part."""
        return _without_directives(
            SOLUTION.sub(self._stub, HIDDEN.sub("", self.source))
        )

    @property
    def hash(self) -> str:
        """The hash of the published text, by which a page knows an older version."""
        return text_hash(self.published)

    @property
    def solved(self) -> str:
        """The published text with the solution in place of the stub line."""
        return _without_directives(SOLUTION.sub(r"\2", HIDDEN.sub("", self.source)))

    @property
    def solution_lines(self) -> list[str]:
        """The lines between the solution markers, without blank lines."""
        inside = "\n".join(match[2] for match in SOLUTION.finditer(self.source))
        return [line for line in inside.splitlines() if line.strip()]

    @property
    def hints(self) -> list[str]:
        """Each HINT of the cell's docstrings, then each step of their APPROACH."""
        found: dict[str, list[str]] = {"HINT": [], "APPROACH": []}
        for node in ast.walk(ast.parse(self.published)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                for name, section in _sections(ast.get_docstring(node) or ""):
                    found.get(name, []).append(section)
        numbered = "\n".join(found["APPROACH"])
        steps = re.split(r"^\s*\d+\.\s+", numbered, flags=re.M)
        texts = [" ".join(text.split()) for text in [*found["HINT"], *steps]]
        return [text for text in texts if text]

    def _stub(self, match: re.Match[str]) -> str:
        """Replace a matched solution by the stub line, at the same indentation."""
        return f"{match[1]}{stub_line(self.id)}\n"


@dataclass(frozen=True)
class Chapter:
    """A module file, parsed: its title, the package module it becomes, its cells.

    Milestones are chapters too: they have no number, and export nothing.
    """

    path: Path | None  # None where only the text was parsed
    number: str  # "01"; empty for a milestone
    title: str
    module: str  # "core.tensor"; empty when nothing is exported
    cells: list[Cell] = field(repr=False)
    names: tuple[str, ...] = ()  # those of `module` that `import tinytorch` offers

    @property
    def file(self) -> Path:
        """The module file. Raises ValueError where only the text was parsed."""
        if self.path is None:
            raise ValueError(f"{self.title}: this chapter was not read from a file")
        return self.path

    @property
    def slug(self) -> str:
        """The name of the module file's folder, such as 01_tensor."""
        return self.file.parent.name

    @property
    def code(self) -> list[Cell]:
        """The code cells, in order."""
        return [cell for cell in self.cells if cell.kind == "code"]

    @property
    def exercises(self) -> list[Cell]:
        """The cells that readers fill in, in order."""
        return [cell for cell in self.cells if cell.role == "exercise"]

    def cell(self, cell_id: str) -> Cell:
        """Return the cell with this id. Raises KeyError, with the ids there are."""
        for cell in self.cells:
            if cell.id == cell_id:
                return cell
        known = ", ".join(cell.id for cell in self.code)
        raise KeyError(f"no cell {cell_id!r} in chapter {self.title}; it has: {known}")

    def check_of(self, exercise: Cell) -> Cell:
        """Return the check of an exercise. Raises KeyError where it has none."""
        return self.cell(check_id(exercise.id))


def _without_directives(text: str) -> str:
    """Drop the `#|` lines, which speak to the build, and blank lines at both ends."""
    return DIRECTIVE.sub("", text).strip("\n")


def _sections(docstring: str) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of each section of a docstring: ("HINT", "it fits on …")."""
    name, lines = None, []
    for line in [*docstring.splitlines(), "Args:"]:  # the last one ends what is open
        heading = SECTION.match(line)
        if heading:
            if name:
                yield name, "\n".join(lines)
            name, lines = heading[1], [line[heading.end() :]]
        else:
            lines.append(line)
