"""Maps jobs to results over worker processes, a few at a time, losing none.

Anything with `submit` that returns futures can replace the processes made here: a job
and its package are plain values, and so is a result.
"""

import functools
import itertools
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from tools.course.grade import job as grading
from tools.course.records import Job, Package, Result

AHEAD = 2  # jobs handed out for each worker, so that memory does not grow with them

Made = TypeVar("Made")  # what the function makes of a job
NewPool = Callable[[int], Executor]  # makes an executor of so many workers


def results(
    package: Package,
    jobs: Iterable[Job],
    workers: int,
    function: Callable[[Package, Job], Made],
    new_pool: NewPool | None = None,
) -> Iterator[tuple[Job, Made | Result]]:
    """Yield (job, function(package, job)) for each job, in the order they finish.

    A job whose worker dies is tried once more, alone. Where it takes that worker down
    as well, or the function raises, its result says so (status "failed"); the other
    jobs go on.

    Args: package, of `job.pack`; jobs, taken from only as workers are free; workers,
        how many; new_pool, by default `processes`.
    """
    jobs = iter(jobs)
    first = next(jobs, None)
    if first is None:  # `ready` takes seconds, so it is not called for nothing
        return
    jobs = itertools.chain([first], jobs)
    run = functools.partial(function, grading.ready(package))
    new_pool = new_pool or processes
    lost: list[Job] = []
    for job, future in _side_by_side(run, jobs, workers, new_pool, lost):
        outcome = _outcome(package, job, future)
        yield job, outcome
    for job in lost:
        with new_pool(1) as alone:
            outcome = _outcome(package, job, _submitted(alone, run, job))
        yield job, outcome


def _side_by_side(
    run: Callable[[Job], Made],
    jobs: Iterator[Job],
    workers: int,
    new_pool: NewPool,
    lost: list[Job],
) -> Iterator[tuple[Job, "Future[Made]"]]:
    """Yield each job with its future, once that is done.

    When a worker dies, its executor is broken and cannot say whose job it was: all the
    jobs handed out are appended to `lost`, and a new executor takes the next ones.
    """
    waiting: dict[Future[Made], Job] = {}
    pool = new_pool(workers)
    try:
        while True:
            for job in take(jobs, workers * AHEAD - len(waiting)):
                waiting[_submitted(pool, run, job)] = job
            if not waiting:
                break
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            broken = False
            for future in done:
                job = waiting.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    broken = True
                    lost.append(job)
                else:
                    yield job, future
            if broken:
                lost += waiting.values()
                waiting.clear()
                pool.shutdown(wait=False, cancel_futures=True)
                pool = new_pool(workers)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submitted(pool: Executor, run: Callable[[Job], Made], job: Job) -> "Future[Made]":
    """Submit a job; return its future, a failed one where the executor is broken.

    A worker may have died since the last wait, and then `submit` itself raises.
    """
    try:
        return pool.submit(run, job)
    except BrokenProcessPool as error:
        future: Future[Made] = Future()
        future.set_exception(error)
        return future


def _outcome(package: Package, job: Job, future: "Future[Made]") -> "Made | Result":
    """Wait for a future; return its result, or a failed one where it raised."""
    try:
        return future.result()
    except Exception as error:
        return failed(package, job, error)


def processes(workers: int) -> Executor:
    """Return an executor of worker processes.

    They are forked from a server process that has loaded nbgrader once for all.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tools.course.grade.autograde"])
    return ProcessPoolExecutor(workers, mp_context=context)


def take(jobs: Iterator[Job], number: int) -> Iterator[Job]:
    """Yield at most so many jobs."""
    return itertools.islice(jobs, max(0, number))


def failed(package: Package, job: Job, error: Exception) -> Result:
    """Return the result of a submission that the grader itself could not grade."""
    told = f"{type(error).__name__}: {error}"[:400]
    return {
        "student": job["student"],
        "status": "failed",
        "score": 0.0,
        "max": sum(grading.points(package).values()),
        "verdicts": [],
        "errors": {},
        "notes": [],
        "flags": [],
        "stopped": f"the grader failed, not the student: {told}",
        "off": {},
        "seconds": 0.0,
        "autograded": "",
        "feedback": "",
    }
