"""Runs the workloads one after another, and prints the table."""

import numpy as np

from tinytorch.utils.measure import table
from tools.bench import agreement, import_time, timing, workloads

IMPORT = "import"
LIMIT = 0.015  # seconds that importing the framework may take beyond numpy's import
HEADER = ["workload", "ours, ms", "raw, ms", "ratio", "target", "gate", "", "PyTorch"]


def run(names, rounds):
    """Check and time workloads; print ratios to raw numpy.

    Args: names, of the workloads; rounds, how often each is timed.
    Returns: 0, or a text that says which results are wrong or which ratios too high.
    """
    chosen = [work for work in workloads.ALL if work.name in names]
    with_torch = "torch" in workloads.LIBRARIES
    print(f"CPU time on one thread, best of {rounds} rounds; numpy {np.__version__}\n")
    try:
        ours = [(work, pair(work, "ours", rounds)) for work in chosen]
        # A second pass: what is asserted must not depend on whether PyTorch is there,
        # and its mere presence in the process changes what memory and caches do.
        torch = [pair(work, "torch", rounds) for work in chosen if with_torch]
    except ArithmeticError as error:
        return str(error)
    if chosen:
        rows = [row(work, *times) for work, times in ours]
        for line, times in zip(rows, torch or [None] * len(rows), strict=True):
            line.append(f"{times[0] / times[1]:.2f}" if times else "-")
        print(table(HEADER, rows))
    slow = [
        f"{work.name}: {own / raw:.2f} times raw numpy, gate {work.gate}"
        for work, (own, raw) in ours
        if own > work.gate * raw
    ]
    slow += importing(rounds) if IMPORT in names else []
    return "\n".join(["too slow:", *slow]) if slow else 0


def pair(work, library, rounds):
    """Seconds of a step in a library, and beside it in raw numpy.

    Raises: ArithmeticError, if one of the two computes something wrong.
    """
    faults = agreement.faults(work, ["raw", library])
    if faults:
        raise ArithmeticError("\n".join(faults))
    programs = [work.start(name) for name in (library, "raw")]
    return timing.best_times(programs, rounds)


def row(work, ours, raw):
    """The line of a workload, texts; times in seconds."""
    figures = [f"{1e3 * ours:.3f}", f"{1e3 * raw:.3f}", f"{ours / raw:.2f}"]
    bounds = [f"{work.target:.2f}", f"{work.gate:.2f}"]
    verdict = "fails" if ours > work.gate * raw else "slow"
    verdict = verdict if ours > work.target * raw else "ok"
    return [f"{work.name:4} {work.what}", *figures, *bounds, verdict]


def importing(rounds):
    """Print what the import costs; a list with a text if that is too much."""
    numpy, more = import_time.best_imports(max(rounds // 4, 3))
    print(
        f"\nimport tinytorch; tinytorch.Tensor: {1e3 * more:.1f} ms after import "
        f"numpy, which takes {1e3 * numpy:.1f}; gate {1e3 * LIMIT:.0f}"
    )
    return (
        [f"import: {1e3 * more:.1f} ms, gate {1e3 * LIMIT:.0f}"] if more > LIMIT else []
    )
