"""Sphinx extension with the directive {points}: a table of the exercises' points.

`{points}` alone gives a table with a row for each chapter; `{points} 03` gives one with
a row for each exercise of chapter 03. The numbers are counted in the chapters during
the build, so that they are never out of date in the instructor's guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from tools.chapters import parser
from tools.chapters.cells import HIDDEN, Chapter

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

# The column headings of the two tables:
CHAPTERS = ("chapter", "exercises", "points", "with hidden tests", "lines to write")
EXERCISES = ("exercise", "points", "hidden tests", "lines to write")


class Counted(NamedTuple):
    """An exercise with the numbers that the table shows."""

    id: str
    points: int  # those of its check
    hidden: bool  # whether its check has hidden tests
    lines: int  # lines of the book's solution, without blank ones


def counted(book_chapter: Chapter) -> list[Counted]:
    """Return the numbers of each exercise of a chapter, in order."""
    found = []
    for cell in book_chapter.exercises:
        check = book_chapter.check_of(cell)
        hidden = bool(HIDDEN.search(check.source))
        found.append(Counted(cell.id, check.points, hidden, len(cell.solution_lines)))
    return found


class Points(SphinxDirective):
    """The directive {points}, whose optional argument is a chapter's number."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table; raise an error for a number that no chapter has."""
        chapters = []
        for path in parser.paths():
            self.env.note_dependency(str(path))
            chapters.append(parser.read(path))
        chapters = [each for each in chapters if each.exercises]
        if not self.arguments:
            return [of_chapters(chapters)]
        number = self.arguments[0]
        for each in chapters:
            if each.number == number:
                return [of_exercises(each)]
        known = ", ".join(each.number for each in chapters)
        raise self.error(f"there is no chapter {number!r}; the book has {known}")


def of_chapters(chapters: Sequence[Chapter]) -> nodes.table:
    """Return the table with a row for each chapter; its last row holds the sums."""
    rows = [counts(each) for each in chapters]
    sums = [sum(column) for column in zip(*rows, strict=True)]
    named = [
        (f"{each.number} {each.title}", *row)
        for each, row in zip(chapters, rows, strict=True)
    ]
    return table(CHAPTERS, [*named, ("together", *sums)])


def of_exercises(book_chapter: Chapter) -> nodes.table:
    """Return the table with a row for each exercise of a chapter."""
    rows = [(i, p, "yes" if h else "no", n) for i, p, h, n in counted(book_chapter)]
    return table(EXERCISES, rows)


def counts(book_chapter: Chapter) -> list[int]:
    """Return a chapter's sums: exercises, points, checks with hidden tests, lines."""
    found = counted(book_chapter)
    return [
        len(found),
        sum(one.points for one in found),
        sum(one.hidden for one in found),
        sum(one.lines for one in found),
    ]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> nodes.table:
    """Return a table with a head; the first column is three times as wide as others."""
    group = nodes.tgroup("", cols=len(head))
    for at in range(len(head)):
        group += nodes.colspec(colwidth=3 if at == 0 else 1)
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group)


def _row(values: Iterable[object]) -> nodes.row:
    """Return a table row with a cell for each value."""
    return nodes.row(
        "", *(nodes.entry("", nodes.paragraph(text=str(each))) for each in values)
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive with Sphinx."""
    app.add_directive("points", Points)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
