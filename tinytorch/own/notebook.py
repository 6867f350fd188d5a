"""Reads a chapter's notebook, and runs its cells to find those that fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 600  # seconds that all cells of a chapter may take together
RUN = ("setup", "exercise", "check")  # roles of the cells that `failures` runs


class NotebookError(ValueError):
    """A notebook cannot be used; the message says why, and what to do."""


@dataclass(frozen=True)
class Cell:
    """A code cell of the book, as it stands in the reader's notebook."""

    id: str
    role: str  # setup, exercise, check, demo, measure, main
    exported: bool  # whether the cell goes into the chapter's module
    text: str


@dataclass(frozen=True)
class Notebook:
    """A chapter's notebook: its metadata, and its code cells from the book."""

    chapter: str  # "01_tensor"
    title: str
    module: str  # "core.tensor"
    mark: str  # `fingerprint` of the book's module when the notebook was made
    cells: list[Cell]  # without cells that the reader added

    @property
    def name(self) -> str:
        """The chapter's name as readers know it, such as "chapter 01, Tensor"."""
        return f"chapter {self.chapter[:2]}, {self.title}"


def read(path: str | Path) -> Notebook:
    """Return the Notebook in an .ipynb file.

    Raises: NotebookError if the file cannot be read, is not a chapter's notebook, or
        has two cells of the same id.
    """
    described, book = _parse(path)
    keys = ("chapter", "title", "module", "mark")
    if not book or not all(isinstance(described.get(key), str) for key in keys):
        raise NotebookError(
            f"{path}: is not a chapter of this book, or has lost what says so. "
            "Expected: a notebook from “Download notebook” on a chapter's page. Copy "
            "your code into a fresh one."
        )
    ids = [cell.id for cell in book]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise NotebookError(
            f"{path}: {', '.join(twice)} stands there twice, so it is not clear which "
            "is meant. Delete the copy."
        )
    chapter, title, module, mark = (described[key] for key in keys)
    return Notebook(chapter, title, module, mark, book)


def _parse(path: str | Path) -> tuple[dict[str, Any], list[Cell]]:
    """Return the `tinytorch` metadata of a notebook, and its code cells from the book.

    Raises: NotebookError if the file cannot be read or is not a notebook.
    """
    try:
        # "-sig" drops the byte order mark that editors on Windows may put first.
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NotebookError(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise NotebookError(f"{path}: is not text, so it is no notebook.") from None
    try:
        data = json.loads(text)
        cells = [cell for cell in data["cells"] if cell["cell_type"] == "code"]
        described = data.get("metadata", {}).get("tinytorch", {})
        return described, [_cell(cell) for cell in cells if _of_the_book(cell)]
    except json.JSONDecodeError as error:
        raise NotebookError(
            f"{path}: is not a notebook: JSON was expected, and {error}. Was it saved "
            "whole? Save it again as .ipynb from Jupyter."
        ) from None
    except (AttributeError, KeyError, TypeError):
        raise NotebookError(
            f"{path}: is JSON, but not a notebook with cells."
        ) from None


def _of_the_book(cell: dict[str, Any]) -> bool:
    return isinstance(cell["metadata"].get("tinytorch"), dict)


def _cell(cell: dict[str, Any]) -> Cell:
    """Return a code cell of a notebook's JSON, one from the book, as a Cell."""
    metadata = cell["metadata"]["tinytorch"]
    source = cell["source"]  # in most files a list of lines, in others one text
    text = source if isinstance(source, str) else "".join(source)
    name = cell["metadata"].get("nbgrader", {}).get("grade_id") or cell.get("id")
    exported = bool(metadata.get("export"))
    return Cell(str(name), str(metadata.get("role")), exported, text)


def failures(notebook: Notebook, own: str | Path | None = None) -> dict[str, str]:
    """Run a notebook's cells in a new Python process; return the errors they raise.

    Args: own, the value of TINYTORCH_OWN for that process: the folder of own modules
        to import, or "no" for none; None leaves the variable as it is.
    Returns: {cell id: "type of the error: its message"}, empty if every cell passes.
    Raises: NotebookError if the process ends before the last cell, or the cells take
        longer than PATIENCE.
    """
    cells = [(c.id, c.text) for c in notebook.cells if c.role in RUN]
    environment = os.environ | ({} if own is None else {"TINYTORCH_OWN": str(own)})
    try:
        done = subprocess.run(
            [sys.executable, "-c", RUNNER],
            input=json.dumps(cells),
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environment,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise NotebookError(
            f"the cells of {notebook.name} did not end within {PATIENCE // 60} "
            "minutes. Is there an endless loop? Nothing was changed."
        ) from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise NotebookError(
            f"Python ended while it ran the cells of {notebook.name}: {last}"
        )
    # The answer is the last line: a cell can write to stdout in spite of RUNNER.
    failed: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return failed


# The program of the process that runs the cells: reads [[cell id, text], ...] as JSON
# from stdin and writes {cell id: error} as JSON, in the last line of stdout. The
# print() before that ends a line that a cell may have left open.
RUNNER = """
import contextlib, io, json, sys
failed, space = {}, {"__name__": "__main__"}
for name, text in json.loads(sys.stdin.read()):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, f"<cell {name}>", "exec"), space)
    except (Exception, SystemExit) as error:
        failed[name] = f"{type(error).__name__}: {error}".strip()
print()
print(json.dumps(failed))
"""
