"""Checks and times the workloads; prints a table of times and ratios to raw numpy."""

from collections.abc import Sequence

import numpy as np

from tinytorch.utils.measure import table
from tools.bench import agreement, import_time, timing, workloads

IMPORT = "import"  # the name by which ONLY= chooses the measurement of imports
LIMIT = 0.015  # seconds that importing the framework may take beyond numpy's import
HEADER = ["workload", "ours, ms", "raw, ms", "ratio", "target", "gate", "", "PyTorch"]


def run(names: Sequence[str], rounds: int) -> str | int:
    """Check and time workloads; print their times and ratios to raw numpy.

    Args: names, of workloads, and perhaps IMPORT; rounds, how often each is timed.
    Returns: 0, or a message that names wrong results, ratios above their gates, or a
        slow import.
    """
    chosen = [work for work in workloads.ALL if work.name in names]
    with_pytorch = workloads.PYTORCH in workloads.LIBRARIES
    print(f"CPU time on one thread, best of {rounds} rounds; numpy {np.__version__}\n")
    try:
        ours = [(work, pair(work, "ours", rounds)) for work in chosen]
        # PyTorch is timed after all of the framework's workloads: importing PyTorch
        # changes how memory and caches behave, and must not affect ratios with a gate.
        pytorch = [
            pair(work, workloads.PYTORCH, rounds) for work in chosen if with_pytorch
        ]
    except ArithmeticError as error:
        return str(error)
    if chosen:
        rows = [row(work, *times) for work, times in ours]
        for line, times in zip(rows, pytorch or [[]] * len(rows), strict=True):
            line.append(f"{times[0] / times[1]:.2f}" if times else "-")
        print(table(HEADER, rows))
    slow = [
        f"{work.name}: {own / raw:.2f} times raw numpy, gate {work.gate}"
        for work, (own, raw) in ours
        if own > work.gate * raw
    ]
    slow += importing(rounds) if IMPORT in names else []
    return "\n".join(["too slow:", *slow]) if slow else 0


def pair(work: workloads.Workload, library: str, rounds: int) -> list[float]:
    """Return [seconds of a step in the library, seconds of a step in raw numpy].

    Raises: ArithmeticError if one of the two computes something wrong.
    """
    faults = agreement.faults(work, ["raw", library])
    if faults:
        raise ArithmeticError("\n".join(faults))
    programs = [work.start(name) for name in (library, "raw")]
    return timing.best_times(programs, rounds)


def row(work: workloads.Workload, ours: float, raw: float) -> list[str]:
    """Return the cells of a workload's row in the table.

    Args: ours, raw, seconds of a step with the framework and in raw numpy.
    """
    figures = [f"{1e3 * ours:.3f}", f"{1e3 * raw:.3f}", f"{ours / raw:.2f}"]
    bounds = [f"{work.target:.2f}", f"{work.gate:.2f}"]
    verdict = "fails" if ours > work.gate * raw else "slow"
    verdict = verdict if ours > work.target * raw else "ok"
    return [f"{work.name:4} {work.description}", *figures, *bounds, verdict]


def importing(rounds: int) -> list[str]:
    """Time the framework's import and print the time.

    Returns: a list with an error message if the import takes too long, else empty.
    """
    numpy, more = import_time.best_imports(max(rounds // 4, 3))
    print(
        f"\nimport tinytorch; tinytorch.Tensor: {1e3 * more:.1f} ms after import "
        f"numpy, which takes {1e3 * numpy:.1f}; gate {1e3 * LIMIT:.0f}"
    )
    return (
        [f"import: {1e3 * more:.1f} ms, gate {1e3 * LIMIT:.0f}"] if more > LIMIT else []
    )
