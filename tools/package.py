"""Writes tinytorch/ from modules/; CHECK=yes fails where it is out of date."""

import os

from tinytorch.utils.assemble import assemble
from tools import ROOT, chapter


def render(book_chapter):
    """Return the path and the text of the package module of a chapter."""
    source = book_chapter.path.relative_to(ROOT).as_posix()
    docstring = (
        f"Generated from {source}: edit that file, then run `make package`.\n\n"
        f"Chapter {book_chapter.number} of the book, {book_chapter.title}.\n"
    )
    exported = [(c.id, c.executable) for c in book_chapter.code if c.exported]
    text = assemble(exported, docstring)
    target = ROOT.joinpath("tinytorch", *book_chapter.module.split("."))
    return target.with_suffix(".py"), text


def stale():
    """Return (path, text) of each package module that differs from its chapter."""
    rendered = [render(chapter.read(path)) for path in chapter.paths()]
    return [
        (path, text)
        for path, text in rendered
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def write():
    """Bring the package up to date; return the paths written."""
    written = []
    for path, text in stale():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def main():
    """Write the package, or check it (CHECK=yes)."""
    if os.environ.get("CHECK") == "yes":
        outdated = [path.relative_to(ROOT).as_posix() for path, _ in stale()]
        if outdated:
            return f"out of date: {', '.join(outdated)}; run `make package`"
        print("tinytorch/ is up to date with modules/")
        return 0
    written = [path.relative_to(ROOT).as_posix() for path in write()]
    print(f"wrote {', '.join(written)}" if written else "tinytorch/ was up to date")
    return 0
