"""Estimates how long a chapter takes, by one rule for all of them."""

import re

from tools.judge.load import load_of

WORDS_PER_MINUTE = 180  # prose that one thinks along with
SECONDS_PER_LINE = 4  # of code that is read and run
MINUTES_PER_LEVEL = 6  # of an exercise; see Load.level
ROUND = 10  # minutes


def estimate(book_chapter):
    """Return the minutes to read and run a chapter, and those of its exercises."""
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


def in_words(book_chapter):
    """Return the estimate as a sentence for the head of a chapter."""
    reading, solving = estimate(book_chapter)
    told = f"Time: about {_hours(reading)} to read and run"
    if solving:
        told += f", and {_hours(solving)} for the exercises"
    return told + "."


def _rounded(minutes):
    return max(ROUND, ROUND * round(minutes / ROUND))


def _hours(minutes):
    """Say minutes in words, such as `1 hour 20 minutes`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'s' * (hours > 1)}"] if hours else []
    parts += [f"{rest} minutes"] if rest else []
    return " ".join(parts)
