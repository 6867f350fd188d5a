"""Measures time and memory for the chapters, and shows numbers as text."""

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

UNITS = {  # unit: (the step between two prefixes, the unit with each prefix)
    "B": (1024, ("B", "KiB", "MiB", "GiB", "TiB")),
    "s": (1000, ("ns", "us", "ms", "s")),
}


def seconds(
    function: Callable[[], object], enough: float = 0.005, repeats: int = 10
) -> float:
    """Time one call of function: the best of several runs, in seconds.

    A browser's clock may move in steps of 0.1 ms, so a run repeats the call until
    it lasts `enough` seconds, and its time is divided by the number of calls. The best
    run is the one that other programs disturbed least.

    Args: function, called without arguments; enough, seconds that a run lasts at
        least; repeats, the number of runs at most. Once the runs have taken 40 times
        `enough`, no further one begins.
    Returns: seconds per call.
    """
    calls, best, spent, runs = 1, float("inf"), 0.0, 0
    while runs == 0 or (runs < repeats and spent < 40 * enough):
        elapsed = _run(function, calls)
        spent += elapsed
        if elapsed < enough:  # too short for the clock: more calls, and begin anew
            # A fifth more calls than should be enough, for the next run may be quicker;
            # at most ten times as many, for a time near the clock's step is inexact.
            aim = int(1.2 * calls * enough / elapsed) if elapsed > 0 else 10 * calls
            calls, runs = min(max(aim, calls + 1), 10 * calls), 0
        else:
            best, runs = min(best, elapsed / calls), runs + 1
    return best


def _run(function: Callable[[], object], calls: int) -> float:
    """Return the seconds that `calls` calls of function take together."""
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return time.perf_counter() - start


def traced(function: Callable[[], T]) -> tuple[T, int]:
    """Call function and measure the memory that Python and numpy allocate meanwhile.

    Returns: what function returned, and the peak in bytes over what was in use
        when the call began.
    """
    gc.collect()  # else garbage that is freed during the call would lower the peak
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
    """Return a value as text with a fitting prefix of its unit.

    Args: value, a number; unit, "B" (bytes, in steps of 1024), "s" (seconds) or
        any other, such as "FLOP" (in steps of 1000).
    Returns: text, such as "3.8 MiB", "2.2 us" or "16.8 MFLOP".
    """
    prefixed = ["", "k", "M", "G", "T"]
    step, names = UNITS.get(unit, (1000, [prefix + unit for prefix in prefixed]))
    value = value * 1e9 if unit == "s" else value  # the first name is ns
    place = 0
    while abs(value) >= step and place < len(names) - 1:
        value, place = value / step, place + 1
    return f"{value:.0f} {names[0]}" if place == 0 else f"{value:.1f} {names[place]}"


def in_columns(rows: Iterable[Sequence[object]]) -> list[str]:
    """Return rows of values as lines of text, in columns of even width.

    The first column is aligned to the left, the others to the right.
    """
    texts = [[str(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])])
        for row in texts
    ]


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as text: a header, a line under it, and rows of values.

    Args: header, a list of texts; rows, lists of as many values. The first column is
        aligned to the left, the others to the right.
    """
    rows = [[str(value) for value in row] for row in [header, *rows]]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["─" * width for width in widths])
    return "\n".join(in_columns(rows))


def bars(title: str, values: Mapping[str, float], unit: str, width: int = 24) -> str:
    """Return a table of named values with a bar each, as text.

    Args: title, text over the names; values, a dict of names and numbers; unit, as
        `show` takes it; width, of the longest bar, in characters.
    """
    largest = max(values.values()) or 1  # all zeros have no bars
    rows = [
        [name, show(value, unit), ("█" * round(width * value / largest)).ljust(width)]
        for name, value in values.items()
    ]
    lines = table([title, "", ""], rows).splitlines()
    return "\n".join(line.rstrip() for line in lines)
