"""Maps jobs to results over worker processes, a few at a time, losing none.

Anything with `submit` that returns futures will do in place of the pool here: a job
and its package are plain values, and so is a result.
"""

import functools
import itertools
import multiprocessing
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from tools.course.grade import job as grading

AHEAD = 2  # jobs handed out for each worker, so that memory does not grow with them


def results(package, jobs, workers, function=grading.grade, new_pool=None):
    """Yield (job, result) for each job, in the order in which they finish.

    A job whose worker dies is tried once more, alone; if it takes that one down as
    well, its result says so (status "failed") and the others go on.

    Args: package, of job.pack; jobs, an iterable, taken from as workers are free;
        workers, how many; function, what is done with (package, job); new_pool,
        makes an executor of so many workers.
    """
    jobs = iter(jobs)
    first = next(jobs, None)
    if first is None:
        return
    jobs = itertools.chain([first], jobs)
    grade = functools.partial(function, grading.ready(package))
    new_pool = new_pool or processes
    waiting, again = {}, []
    pool = new_pool(workers)
    try:
        while True:
            for job in take(jobs, workers * AHEAD - len(waiting)):
                waiting[pool.submit(grade, job)] = job
            if not waiting:
                break
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            broken = False
            for future in done:
                job = waiting.pop(future)
                try:
                    yield job, future.result()
                except BrokenProcessPool:
                    broken = True
                    again.append(job)
                except Exception as error:
                    yield job, failed(package, job, error)
            if broken:
                again += waiting.values()
                waiting.clear()
                pool.shutdown(wait=False, cancel_futures=True)
                pool = new_pool(workers)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    for job in again:
        with new_pool(1) as alone:
            try:
                result = alone.submit(grade, job).result()
            except Exception as error:
                result = failed(package, job, error)
        yield job, result


def processes(workers):
    """Return a pool of worker processes, which load nbgrader once for all of them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tools.course.grade.autograde"])
    return ProcessPoolExecutor(workers, mp_context=context)


def take(jobs, number):
    """Yield at most so many jobs."""
    for _ in range(number):
        try:
            yield next(jobs)
        except StopIteration:
            return


def failed(package, job, error):
    """Return a result for a submission that the grader itself could not grade."""
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
