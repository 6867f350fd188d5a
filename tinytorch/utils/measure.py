"""Measuring, for the chapters: time, memory, and text to show both."""

import gc
import time
import tracemalloc


def seconds(function, enough=0.01, repeats=5):
    """Time one call of function, in seconds: the best of several runs.

    A browser's clock may move in steps of 0.1 ms, so short calls are repeated
    until a run lasts `enough` seconds; the run's time is divided by the calls.
    The best run is the one least disturbed by whatever else the machine does.

    Args: function, called without arguments; enough, the least length of a run
        in seconds; repeats, the largest number of runs.
    Returns: seconds per call, a float.
    """
    calls = 1
    while (elapsed := _run(function, calls)) < enough:
        # Aim past `enough` by a fifth; a clock that has not moved says only: more.
        aim = int(1.2 * calls * enough / elapsed) if elapsed > 0 else 10 * calls
        calls = min(max(aim, calls + 1), 10 * calls)
    best, spent = elapsed, elapsed
    for _ in range(repeats - 1):
        if spent > 50 * enough:  # long calls need no more runs to be read off a clock
            break
        elapsed = _run(function, calls)
        best, spent = min(best, elapsed), spent + elapsed
    return best / calls


def _run(function, calls):
    """Seconds that `calls` calls of function take together."""
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return time.perf_counter() - start


def traced(function):
    """Call function and weigh the memory that Python and numpy ask for meanwhile.

    Returns: the function's result, and the peak in bytes above what was in use
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


def show_bytes(count):
    """A number of bytes as text, in steps of 1024: 2048 -> '2.0 KiB'."""
    for unit in ("B", "KiB", "MiB"):
        if abs(count) < 1024:
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} GiB"


def show_count(count, unit=""):
    """A count as text, in steps of 1000: (2e9, 'FLOP') -> '2.0 GFLOP'."""
    for prefix in ("", "k", "M", "G"):
        if abs(count) < 1000:
            number = f"{count:.0f}" if prefix == "" else f"{count:.1f}"
            return f"{number} {prefix}{unit}".rstrip()
        count /= 1000
    return f"{count:.1f} T{unit}"


def show_seconds(time_in_seconds):
    """A time in seconds as text: 0.0025 -> '2.50 ms'."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if abs(time_in_seconds) >= size:
            return f"{time_in_seconds / size:.2f} {unit}"
    return f"{time_in_seconds / 1e-9:.1f} ns"


def bar(value, largest, width=24):
    """A bar of value, `width` characters long where value equals largest."""
    filled = round(width * value / largest) if largest else 0
    return "█" * min(max(filled, 0), width)


def table(header, rows):
    """Rows of text under a header, the first column to the left, others right.

    Args: header, a list of texts; rows, lists of as many values.
    Returns: the table as one text, a line a row; bars are set to the left.
    """
    lines = [[str(value) for value in row] for row in [header, *rows]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    left = [i == 0 or any("█" in line[i] for line in lines) for i in range(len(widths))]
    lines.insert(1, ["─" * width for width in widths])
    return "\n".join(
        "  ".join(
            text.ljust(width) if to_left else text.rjust(width)
            for text, width, to_left in zip(line, widths, left, strict=True)
        ).rstrip()
        for line in lines
    )
