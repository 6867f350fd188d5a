"""Reads a chapter's notebook, and runs its cells to see which checks pass."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 600  # seconds for all cells of a chapter
RUN = ("setup", "exercise", "check")


class NotebookError(ValueError):
    """A notebook that cannot be used, with what is wrong and what to do."""


@dataclass(frozen=True)
class Cell:
    """A code cell of the book's, as it stands in the notebook."""

    id: str
    role: str  # setup, exercise, check, demo, measure, main
    exported: bool
    text: str


@dataclass(frozen=True)
class Notebook:
    """A chapter's notebook: what it says of itself, and the book's code cells in it."""

    chapter: str  # "01_tensor"
    title: str
    module: str  # "core.tensor"
    mark: str  # fingerprint of the published chapter
    cells: list

    @property
    def name(self):
        """The chapter as a reader knows it, "chapter 01, Tensor"."""
        return f"chapter {self.chapter[:2]}, {self.title}"


def read(path):
    """Read a chapter's notebook. Raises NotebookError where it is not one."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NotebookError(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise NotebookError(f"{path}: is not text, so it is no notebook.") from None
    try:
        data = json.loads(text)
        cells = [cell for cell in data["cells"] if cell["cell_type"] == "code"]
        described = data.get("metadata", {}).get("tinytorch", {})
        book = [_cell(cell, described) for cell in cells if _of_the_book(cell)]
    except json.JSONDecodeError as error:
        raise NotebookError(
            f"{path}: is not a notebook: JSON was expected, and {error}. Was it saved "
            "whole? Save it again as .ipynb from Jupyter."
        ) from None
    except (AttributeError, KeyError, TypeError):
        raise NotebookError(
            f"{path}: is JSON, but not a notebook with cells."
        ) from None
    keys = ("chapter", "title", "module", "mark")
    if not book or not all(isinstance(described.get(key), str) for key in keys):
        raise NotebookError(
            f"{path}: is not a chapter of this book, or has lost what says so. "
            "Expected: a notebook from “Download notebook” on a chapter's page. Copy "
            "your code into a fresh one."
        )
    seen = set()
    twice = sorted({cell.id for cell in book if cell.id in seen or seen.add(cell.id)})
    if twice:
        raise NotebookError(
            f"{path}: {', '.join(twice)} stands there twice, so it is not clear which "
            "is meant. Delete the copy."
        )
    return Notebook(*(described[key] for key in keys), book)


def _of_the_book(cell):
    return isinstance(cell["metadata"].get("tinytorch"), dict)


def _cell(cell, described):
    metadata = cell["metadata"]["tinytorch"]
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    name = cell["metadata"].get("nbgrader", {}).get("grade_id") or cell.get("id")
    exported = bool(metadata.get("export"))
    return Cell(str(name), str(metadata.get("role")), exported, text)


def failures(notebook, own=None):
    """Run a chapter's cells in a fresh Python; return {cell id: what went wrong}.

    Args: own, the folder of own modules to run on, as TINYTORCH_OWN; None: as it is.
    Raises: NotebookError where they do not end, or end Python.
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
    return json.loads(done.stdout.splitlines()[-1])


# Runs in a process of its own: what a reader's cells do there has no consequences here.
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
