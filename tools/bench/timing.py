"""Times programs in turn, so that a slower moment of the machine slows all of them.

The clock counts the process's own CPU time, as other programs would stretch the wall
clock. By using caches and memory they still slow this one down, though never speed it
up: so the best round of each program is the steadiest figure. (With 16 busy
programs on two cores, six runs of W1s gave ratios that lay 4 % apart by this rule, 5 %
by medians, and 700 % by the wall clock.)
"""

import gc
import time
from collections.abc import Sequence

from tools.bench.workloads import Program

SAMPLE = 0.004  # seconds that a sample should last, at least


def best_times(programs: Sequence[Program], rounds: int) -> list[float]:
    """Time one step of each program, in rounds in which each has a turn.

    Args: programs, a list of programs as in raw.py; rounds, how many.
    Returns: a list of seconds per step, for each program the best of all rounds.
    """
    jobs = [(program, calls_of(program)) for program in programs]
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(rounds):
        gc.collect()  # or one program's garbage would be collected in another's time
        for job, spent in zip(jobs, times, strict=True):
            spent.append(run(*job) / job[1])
    return [min(spent) for spent in times]


def calls_of(program: Program) -> int:
    """Return how many steps take SAMPLE seconds; trying it out also warms up."""
    calls = 1
    while (spent := run(program, calls)) < SAMPLE:
        calls = max(
            calls + 1, min(10 * calls, int(1.2 * calls * SAMPLE / (spent or 1e-9)))
        )
    return calls


def run(program: Program, calls: int) -> float:
    """Return the seconds of CPU time that so many steps take."""
    forward_backward, update = program.forward_backward, program.update
    start = time.process_time()
    for _ in range(calls):
        forward_backward()
        update()
    return time.process_time() - start
