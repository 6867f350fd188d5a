"""Times several programs in turn, so that a slow moment of the machine slows them all.

The time is the CPU time of this process, because wall-clock time grows when other
processes are busy. Other processes still slow this one down, by using caches and
memory, but never speed it up: so the best round of each program is the steadiest
measure. (With 16 busy processes on two cores, six runs of W1s gave ratios that were 4 %
apart by this rule, 5 % by medians, and 700 % by wall-clock time.)
"""

import gc
import time
from collections.abc import Sequence

from tools.bench.workloads import Program

SAMPLE = 0.004  # seconds that the steps timed together in a round take, at least


def best_times(programs: Sequence[Program], rounds: int) -> list[float]:
    """Return the CPU seconds of a step of each program, the best of all rounds.

    Args: programs, as described in raw.py; rounds, how often each program has a turn.
    """
    jobs = [(program, calls_of(program)) for program in programs]
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(rounds):
        gc.collect()  # so that no garbage of earlier rounds is collected while timing
        for job, spent in zip(jobs, times, strict=True):
            spent.append(run(*job) / job[1])
    return [min(spent) for spent in times]


def calls_of(program: Program) -> int:
    """Return how many steps take SAMPLE seconds; also warms the program up."""
    calls = 1
    while (spent := run(program, calls)) < SAMPLE:
        calls = max(
            calls + 1, min(10 * calls, int(1.2 * calls * SAMPLE / (spent or 1e-9)))
        )
    return calls


def run(program: Program, calls: int) -> float:
    """Return the CPU seconds that `calls` steps of the program take together."""
    forward_backward, update = program.forward_backward, program.update
    start = time.process_time()
    for _ in range(calls):
        forward_backward()
        update()
    return time.process_time() - start
