"""Estimates how many minutes a chapter takes to read and to solve."""

import re

from tools.chapters.cells import Chapter
from tools.judge.reading_load import load_of

WORDS_PER_MINUTE = 180  # speed of reading prose that needs thinking along
SECONDS_PER_LINE = 4  # to read and run a line of code
MINUTES_PER_LEVEL = 6  # to solve an exercise, for each of its levels (Load.level)
ROUND = 10  # estimates are rounded to a multiple of so many minutes


def estimate(book_chapter: Chapter) -> tuple[int, int]:
    """Return (minutes to read and run a chapter, minutes to solve its exercises).

    Both are rounded to at least ROUND, even without exercises to solve.
    """
    words, lines = 0, 0
    for cell in book_chapter.cells:
        if cell.kind == "markdown":
            words += len(re.findall(r"[^\W_]+", cell.source))
        elif cell.role != "main":
            lines += sum(map(bool, map(str.strip, cell.published.splitlines())))
    reading = words / WORDS_PER_MINUTE + lines * SECONDS_PER_LINE / 60
    solutions = ["\n".join(cell.solution_lines) for cell in book_chapter.exercises]
    levels = [load_of(solution).level for solution in solutions]
    return _rounded(reading), _rounded(sum(levels) * MINUTES_PER_LEVEL)


def in_words(book_chapter: Chapter) -> str:
    """Return the estimate as a sentence, to be shown below the chapter's title."""
    reading, solving = estimate(book_chapter)
    told = f"Time: about {_hours(reading)} to read and run"
    if solving:
        told += f", and {_hours(solving)} for the exercises"
    return told + "."


def _rounded(minutes: float) -> int:
    """Return the minutes rounded to a multiple of ROUND, and at least ROUND."""
    return max(ROUND, ROUND * round(minutes / ROUND))


def _hours(minutes: int) -> str:
    """Return a number of minutes in words, such as `1 hour 20 minutes`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'s' * (hours > 1)}"] if hours else []
    parts += [f"{rest} minutes"] if rest else []
    return " ".join(parts)
