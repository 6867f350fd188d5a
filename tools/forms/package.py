"""Writes tinytorch/core: a module for each chapter, and the table of public names.

A module is made from the chapter's exported cells, with their solutions. The table,
tinytorch/core/exports.py, lists the names that tinytorch, tinytorch.nn and
tinytorch.optim re-export.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tinytorch.own.assemble import assemble
from tools import ROOT
from tools.chapters import parser
from tools.chapters.cells import Chapter

TABLE = ROOT / "tinytorch" / "core" / "exports.py"
WIDTH = 88  # characters in a line of code at most; pyproject.toml has the same limit


def render(book_chapter: Chapter) -> tuple[Path, str]:
    """Return the path and the text of the package module made from a chapter."""
    source = book_chapter.file.relative_to(ROOT).as_posix()
    docstring = (
        f"Generated from {source}: edit that file, then run `make package`.\n\n"
        f"Chapter {book_chapter.number} of the book, {book_chapter.title}.\n"
    )
    exported = [(c.id, c.executable) for c in book_chapter.code if c.exported]
    text = assemble(exported, docstring)
    target = ROOT.joinpath("tinytorch", *book_chapter.module.split("."))
    return target.with_suffix(".py"), text


def render_names(chapters: Iterable[Chapter]) -> str:
    """Return the text of core/exports.py: a dict {module: its public names}.

    A chapter lists its public names in its `#| names` lines.
    """
    rows = []
    for each in chapters:
        package, _, module = each.module.rpartition(".")
        if package == "core" and each.names:
            rows.append(_row(module, [f'"{name}"' for name in each.names]))
    return (
        '"""Generated from the chapters in modules/: edit those, then run '
        "`make package`.\n\n"
        "The public names of each chapter's module in tinytorch.core, in the book's "
        'order.\n"""\n\n'
        f"NAMES: dict[str, tuple[str, ...]] = {{\n{''.join(rows)}}}\n"
    )


def _row(module: str, names: list[str]) -> str:
    """Return the table's text for one module, on several lines if one is too long."""
    comma = "," if len(names) == 1 else ""  # makes ("name",) a tuple
    line = f'    "{module}": ({", ".join(names)}{comma}),\n'
    if len(line) <= WIDTH + 1:
        return line
    inside = "".join(f"        {name},\n" for name in names)
    return f'    "{module}": (\n{inside}    ),\n'


def stale() -> list[tuple[Path, str]]:
    """Return (path, up-to-date text) for each generated file that is out of date."""
    chapters = [parser.read(path) for path in parser.paths()]
    rendered = [render(each) for each in chapters]
    rendered.append((TABLE, render_names(chapters)))
    return [
        (path, text)
        for path, text in rendered
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def write() -> list[Path]:
    """Bring the package up to date with the chapters; return the paths written."""
    written = []
    for path, text in stale():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written
