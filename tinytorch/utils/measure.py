"""Measuring, for the chapters: time, memory, and text that shows both."""

import gc
import time
import tracemalloc

UNITS = {
    "B": (1024, ("B", "KiB", "MiB", "GiB", "TiB")),
    "s": (1000, ("ns", "us", "ms", "s")),
}


def seconds(function, enough=0.005, repeats=10):
    """Time one call of function: the best of several runs, in seconds.

    A browser's clock may move in steps of 0.1 ms, so a run repeats the call until
    it lasts `enough` seconds, and its time is divided by the calls. The best run is
    the one that other programs disturbed least.

    Args: function, called without arguments; enough, in seconds; repeats, how many
        runs at most: fewer where one lasts long.
    Returns: a float, seconds per call.
    """
    calls, best, spent, runs = 1, float("inf"), 0.0, 0
    while runs == 0 or (runs < repeats and spent < 40 * enough):
        elapsed = _run(function, calls)
        spent += elapsed
        if elapsed < enough:  # too short to be read off the clock
            aim = int(1.2 * calls * enough / elapsed) if elapsed > 0 else 10 * calls
            calls, runs = min(max(aim, calls + 1), 10 * calls), 0
        else:
            best, runs = min(best, elapsed / calls), runs + 1
    return best


def _run(function, calls):
    """Seconds that `calls` calls of function take together."""
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return time.perf_counter() - start


def traced(function):
    """Call function and weigh the memory Python and numpy ask for meanwhile.

    Returns: what function returned, and the peak in bytes over what was in use
        when the call began.
    """
    gc.collect()
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


def show(value, unit):
    """A value as text with a fitting prefix.

    Args: value, a number; unit, "B" (bytes, in steps of 1024), "s" (seconds) or
        any other, such as "FLOP" (in steps of 1000).
    Returns: text, such as "3.8 MiB", "2.2 us" or "16.8 MFLOP".
    """
    prefixed = ["", "k", "M", "G", "T"]
    step, names = UNITS.get(unit, (1000, [prefix + unit for prefix in prefixed]))
    value = value * 1e9 if unit == "s" else value
    place = 0
    while abs(value) >= step and place < len(names) - 1:
        value, place = value / step, place + 1
    return f"{value:.0f} {names[0]}" if place == 0 else f"{value:.1f} {names[place]}"


def table(header, rows):
    """Rows of values under a header, as text; all columns but the first to the right.

    Args: header, a list of texts; rows, lists of as many values.
    """
    lines = [[str(value) for value in row] for row in [header, *rows]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["─" * width for width in widths])
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])])
        for line in lines
    )


def bars(title, values, unit, width=24):
    """A table of named values with a bar each, the largest `width` characters long.

    Args: title, text over the names; values, a dict of names and numbers; unit, as
        show takes it.
    """
    largest = max(values.values()) or 1
    rows = [
        [name, show(value, unit), ("█" * round(width * value / largest)).ljust(width)]
        for name, value in values.items()
    ]
    lines = table([title, "", ""], rows).splitlines()
    return "\n".join(line.rstrip() for line in lines)
