"""Renders each chapter's module of the package, and writes what is out of date."""

from tinytorch.own.assemble import assemble
from tools import ROOT
from tools.chapters import parser


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
    rendered = [render(parser.read(path)) for path in parser.paths()]
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
