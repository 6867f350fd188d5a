"""The directive {points}: what chapters are worth, counted when the book is built.

{points} is the table of all chapters, or of one where its number is given, exercise
by exercise. Nobody types a number of points, so none is ever out of date.
"""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from tinytorch.own.cells import check_of
from tools.chapters import parser

CHAPTERS = ("chapter", "exercises", "points", "with hidden tests", "lines to write")
EXERCISES = ("exercise", "points", "hidden tests", "lines to write")


def counted(book_chapter):
    """Return an exercise's id, points, whether it has hidden tests, lines, for each.

    Lines are those of the published solution.
    """
    found = []
    for cell in book_chapter.exercises:
        check = book_chapter.cell(check_of(cell.id))
        hidden = bool(parser.HIDDEN.search(check.source))
        found.append((cell.id, check.points, hidden, len(cell.solution_lines)))
    return found


class Points(SphinxDirective):
    """Insert the table: of every chapter, or of the one whose number is given."""

    optional_arguments = 1

    def run(self):
        """Return the table."""
        chapters = []
        for path in parser.paths():
            self.env.note_dependency(str(path))
            chapters.append(parser.read(path))
        chapters = [each for each in chapters if each.exercises]
        if not self.arguments:
            rows = [self.summary(each) for each in chapters]
            sums = [sum(row[at] for row in rows) for at in (1, 2, 3, 4)]
            return [table(CHAPTERS, [*rows, ("together", *sums)])]
        number = self.arguments[0]
        for each in chapters:
            if each.number == number:
                rows = [(i, p, "yes" if h else "no", n) for i, p, h, n in counted(each)]
                return [table(EXERCISES, rows)]
        known = ", ".join(each.number for each in chapters)
        raise self.error(f"there is no chapter {number!r}; the book has {known}")

    def summary(self, book_chapter):
        """Return the row of one chapter."""
        _, points, hidden, lines = zip(*counted(book_chapter), strict=True)
        name = f"{book_chapter.number} {book_chapter.title}"
        return (name, len(points), sum(points), sum(hidden), sum(lines))


def table(head, rows):
    """Return a table with a head; the first column is text, the others are numbers."""
    group = nodes.tgroup("", cols=len(head))
    for at in range(len(head)):
        group += nodes.colspec(colwidth=3 if at == 0 else 1)
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group)


def _row(values):
    return nodes.row(
        "", *(nodes.entry("", nodes.paragraph(text=str(each))) for each in values)
    )


def setup(app):
    """Register the directive."""
    app.add_directive("points", Points)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
