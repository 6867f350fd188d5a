"""Which page of a built site a chapter or milestone became."""

from collections.abc import Iterator
from pathlib import Path

from book_chapters import parsed

from tools import ROOT
from tools.chapters import parser
from tools.chapters.parser import Chapter


def chapter_pages(site: Path) -> Iterator[tuple[Chapter, Path]]:
    """Yield each chapter and milestone, parsed, with the path of its page."""
    for path in parser.pages():
        yield parsed(path), site / path.relative_to(ROOT).with_suffix(".html")
