"""The classes Cell and Chapter: ids, roles, and each cell's text in each of its forms.

The syntax of cells that other programs rely on is defined here and nowhere else: the
markers around solutions and hidden tests, and the stub line. (The id of a check is
defined in tinytorch/own/module_source.py, and handed on from here.)
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
    """Return the pattern of a block from `### BEGIN name` to `### END name`.

    Its groups are the indentation of the first marker, and the lines in between.
    """
    return re.compile(
        rf"^([ \t]*)### BEGIN {name}[ \t]*\n(.*?)^[ \t]*### END {name}[ \t]*(?:\n|\Z)",
        re.M | re.S,
    )


SOLUTION = _block("SOLUTION")
HIDDEN = _block("HIDDEN TESTS")
MARKER = re.compile(r"^[ \t]*###\s*(?:BEGIN|END)\b.*$", re.M)


def stub_line(cell_id: str) -> str:
    """Return the line that stands in an exercise in place of its solution.

    The page's help rules recognize an unsolved exercise by the message of this error
    (book/_static/live/help/help-rules.js).
    """
    return f'raise NotImplementedError("{cell_id}: replace this line with your code")'


@dataclass(frozen=True)
class Cell:
    """One cell of a chapter; `source` is its text exactly as in the module file."""

    kind: str  # "code" or "markdown"
    id: str
    role: str  # one of ROLES; "text" for markdown
    source: str
    points: int = 0  # of a check: what the exercise is worth; 0 for all other cells

    @property
    def exported(self) -> bool:
        """Whether the cell is exported into the package: it has a `#| export` line."""
        return re.search(r"^#\|\s*export\s*$", self.source, re.M) is not None

    @property
    def marked(self) -> str:
        """The source without `#|` lines, but with its markers, which nbgrader reads."""
        return _without_directives(self.source)

    @property
    def executable(self) -> str:
        """The text to execute: with solution and hidden tests, without markers."""
        return _without_directives(HIDDEN.sub(r"\2", SOLUTION.sub(r"\2", self.source)))

    @property
    def published(self) -> str:
        """The text that readers get: stub instead of solution, no hidden tests."""
        return _without_directives(
            SOLUTION.sub(self._stub, HIDDEN.sub("", self.source))
        )

    @property
    def hash(self) -> str:
        """The hash of the published text.

        A page compares it with the hash stored beside a reader's edit, to see whether
        the cell has changed since.
        """
        return text_hash(self.published)

    @property
    def solved(self) -> str:
        """The published text with the solution in place of the stub line."""
        return _without_directives(SOLUTION.sub(r"\2", HIDDEN.sub("", self.source)))

    @property
    def solution_lines(self) -> list[str]:
        """The lines between the solution markers; blank lines are left out."""
        inside = "\n".join(match[2] for match in SOLUTION.finditer(self.source))
        return [line for line in inside.splitlines() if line.strip()]

    @property
    def hints(self) -> list[str]:
        """The hints to show one by one: each HINT, then each step of each APPROACH.

        They are taken from the docstrings of the cell's functions and classes.
        """
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
        """Return the stub line with the indentation of a matched solution block."""
        return f"{match[1]}{stub_line(self.id)}\n"


@dataclass(frozen=True)
class Chapter:
    """A parsed module file: its title, its cells, the package module made from them.

    A milestone is a Chapter too, with an empty number and without exported cells.
    """

    path: Path | None  # of the module file; None for a chapter parsed from a string
    number: str  # "01"; empty for a milestone
    title: str
    module: str  # "core.tensor"; empty when nothing is exported
    cells: list[Cell] = field(repr=False)
    names: tuple[str, ...] = ()  # the names of `module` that `tinytorch` re-exports

    @property
    def file(self) -> Path:
        """The path of the module file.

        Raises: ValueError for a chapter that was parsed from a string.
        """
        if self.path is None:
            raise ValueError(f"{self.title}: this chapter was not read from a file")
        return self.path

    @property
    def slug(self) -> str:
        """The name of the module file's folder, such as 01_tensor.

        Raises: ValueError for a chapter that was parsed from a string.
        """
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
        """Return the cell with this id.

        Raises: KeyError, with a list of the code cells' ids, if there is none.
        """
        for cell in self.cells:
            if cell.id == cell_id:
                return cell
        known = ", ".join(cell.id for cell in self.code)
        raise KeyError(f"no cell {cell_id!r} in chapter {self.title}; it has: {known}")

    def check_of(self, exercise: Cell) -> Cell:
        """Return the check cell of an exercise. Raises KeyError if it has none."""
        return self.cell(check_id(exercise.id))


def _without_directives(text: str) -> str:
    """Return the text without `#|` lines, and without blank lines at both ends."""
    return DIRECTIVE.sub("", text).strip("\n")


def _sections(docstring: str) -> Iterator[tuple[str, str]]:
    """Yield (name, text) for each section of a docstring: ("HINT", "it fits on …")."""
    name, lines = None, []
    for line in [*docstring.splitlines(), "Args:"]:  # "Args:" ends the last section
        heading = SECTION.match(line)
        if heading:
            if name:
                yield name, "\n".join(lines)
            name, lines = heading[1], [line[heading.end() :]]
        else:
            lines.append(line)
