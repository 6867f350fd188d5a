"""Runs jobs in worker processes; yields a result for each job even if a worker dies.

Any `concurrent.futures.Executor` can replace the executor made here, since jobs,
packages and results are plain values; dask_pool.py makes one.
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

# How many jobs are submitted at a time for each worker: each job holds a notebook file,
# so submitting all at once would fill the memory.
AHEAD = 2

Made = TypeVar("Made")  # what the function returns for a job
NewPool = Callable[[int], Executor]  # returns an executor with this many workers


def results(
    package: Package,
    jobs: Iterable[Job],
    workers: int,
    function: Callable[[Package, Job], Made],
    new_pool: NewPool | None = None,
) -> Iterator[tuple[Job, Made | Result]]:
    """Yield (job, function(package, job)) for each job, in the order they finish.

    The jobs whose worker may have died are run again after the others, one at a time.
    Where the worker dies again, or the function raises, a Result with the status
    "failed" takes the place of what the function returns.

    Args: package, of `job.pack`; jobs, an iterable that is read only as workers get
        free; workers, how many; new_pool, makes an executor, by default `processes`.
    """
    jobs = iter(jobs)
    first = next(jobs, None)
    if first is None:  # nothing to do: spare the seconds that `ready` takes
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
    """Yield each job with its future, as soon as the future is done.

    When a worker dies, its executor is broken and cannot say which job the worker had:
    all submitted jobs are appended to `lost`, and a new executor takes the next jobs.
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
    """Submit a job and return its future; a failed future where the executor is broken.

    `submit` itself raises BrokenProcessPool if a worker has died since the last wait.
    """
    try:
        return pool.submit(run, job)
    except BrokenProcessPool as error:
        future: Future[Made] = Future()
        future.set_exception(error)
        return future


def _outcome(package: Package, job: Job, future: "Future[Made]") -> "Made | Result":
    """Wait for a future and return its result, or a failed Result where it raised."""
    try:
        return future.result()
    except Exception as error:
        return failed(package, job, error)


def processes(workers: int) -> Executor:
    """Return an executor with this many worker processes.

    The workers are forked from a server process that has loaded nbgrader already.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tools.course.grade.autograde"])
    return ProcessPoolExecutor(workers, mp_context=context)


def take(jobs: Iterator[Job], number: int) -> Iterator[Job]:
    """Return an iterator over the next jobs, at most `number` of them."""
    return itertools.islice(jobs, max(0, number))


def failed(package: Package, job: Job, error: Exception) -> Result:
    """Return the Result of a submission that could not be graded by the grader's fault.

    Args: error, what the grader raised.
    """
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
