"""Measures time and memory, and formats numbers and tables, for the chapters."""

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

UNITS = {  # {unit: (factor from a prefix to the next, the unit with each prefix)}
    "B": (1024, ("B", "KiB", "MiB", "GiB", "TiB")),
    "s": (1000, ("ns", "us", "ms", "s")),
}


def seconds(
    function: Callable[[], object], enough: float = 0.005, repeats: int = 10
) -> float:
    """Return the seconds that one call of function takes, in the best of several runs.

    A browser's clock may move in steps of 0.1 ms. So a run repeats the call until
    `enough` seconds have passed, and divides them by the number of calls. The best run
    is the one that other programs disturbed least.

    Args: function, called without arguments; enough, the least seconds of a run;
        repeats, the largest number of runs. No further run begins once the runs have
        taken 40 times `enough`.
    """
    calls, best, spent, runs = 1, float("inf"), 0.0, 0
    while runs == 0 or (runs < repeats and spent < 40 * enough):
        elapsed = _run(function, calls)
        spent += elapsed
        if elapsed < enough:  # too short for the clock: start again with more calls
            # 20 % more calls than this run suggests, for the next run may be quicker;
            # at most ten times as many, for a time near the clock's step is inexact.
            aim = int(1.2 * calls * enough / elapsed) if elapsed > 0 else 10 * calls
            calls, runs = min(max(aim, calls + 1), 10 * calls), 0
        else:
            best, runs = min(best, elapsed / calls), runs + 1
    return best


def _run(function: Callable[[], object], calls: int) -> float:
    """Return the seconds that a number of calls of function take together."""
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return time.perf_counter() - start


def traced(function: Callable[[], T]) -> tuple[T, int]:
    """Call function, and measure the memory that Python and numpy allocate meanwhile.

    Returns: the function's result, and by how many bytes the peak of allocated memory
        exceeded the memory allocated when the call began.
    """
    gc.collect()  # garbage freed during the call would lower the measured peak
    already = tracemalloc.is_tracing()
    if not already:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        result = function()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        if not already:
            tracemalloc.stop()
    return result, peak - before


def show(value: float, unit: str) -> str:
    """Return a value with its unit and a prefix, as text.

    Args: value, a number; unit, "B" (bytes, in steps of 1024), "s" (seconds) or
        any other, such as "FLOP" (in steps of 1000).
    Returns: text, such as "3.8 MiB", "2.2 us" or "16.8 MFLOP".
    """
    prefixed = ["", "k", "M", "G", "T"]
    step, names = UNITS.get(unit, (1000, [prefix + unit for prefix in prefixed]))
    value = value * 1e9 if unit == "s" else value  # in ns, the smallest unit of UNITS
    place = 0
    while abs(value) >= step and place < len(names) - 1:
        value, place = value / step, place + 1
    return f"{value:.0f} {names[0]}" if place == 0 else f"{value:.1f} {names[place]}"


def in_columns(rows: Iterable[Sequence[object]]) -> list[str]:
    """Return rows of values as lines of text, with the columns padded to equal width.

    The first column is aligned to the left, the others to the right. All rows must have
    the same length, or a ValueError is raised.
    """
    texts = [[str(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])])
        for row in texts
    ]


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as text: a header, a line under it, and rows of values.

    The first column is aligned to the left, the others to the right.

    Args: header, a list of texts; rows, lists of values, each as long as the header.
    Raises: ValueError if a row has another length.
    """
    rows = [[str(value) for value in row] for row in [header, *rows]]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["─" * width for width in widths])
    return "\n".join(in_columns(rows))


def bars(title: str, values: Mapping[str, float], unit: str, width: int = 24) -> str:
    """Return a table, as text, of named values, each with a bar of its size.

    Args: title, the header of the column of names; values, {name: number}, at least
        one; unit, as `show` takes it; width, of the longest bar, in characters.
    """
    largest = max(values.values()) or 1  # if all are 0, no division by 0
    rows = [
        [name, show(value, unit), ("█" * round(width * value / largest)).ljust(width)]
        for name, value in values.items()
    ]
    lines = table([title, "", ""], rows).splitlines()
    return "\n".join(line.rstrip() for line in lines)
