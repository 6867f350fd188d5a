"""The pool of workers that Dask brings: processes of this machine, or a cluster's.

`opened` gives what `pool.results` wants in place of its own processes. A job and its
package are plain values, so a worker needs the project and nothing of the course.
"""

import contextlib
import functools
import hashlib
import logging
import platform
import tempfile
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool

from tools import ROOT
from tools.course.course import CourseError
from tools.course.grade import job as grading

LOCAL = "local"
ANSWER = 10  # seconds in which a scheduler must answer
WORKERS = 30  # seconds in which it must have a worker
SAME = ("tools/course",)  # whose files must be the same on a worker


@contextlib.contextmanager
def opened(address, workers):
    """Give (a function that makes executors, how many workers there are).

    Raises CourseError where Dask is missing, its scheduler does not answer, or a
    worker is not fit to grade.

    Args: address, `local` or a scheduler's, as tcp://host:8786; workers, how many
        processes for `local`; elsewhere as many are used as the cluster has.
    """
    distributed = _dask()
    with contextlib.ExitStack() as stack:
        if address == LOCAL:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="dask-"))
            cluster = stack.enter_context(_local(distributed, workers, folder))
        else:
            cluster = address
        client = stack.enter_context(_client(distributed, cluster))
        there = _workers(client, address)
        _require_fit(client)
        yield functools.partial(_executor, client, address), there
        client.run(grading.forget)  # hidden tests stay on no worker


class Tasks(Executor):
    """An executor over a Dask client, which stays open when this is shut down."""

    def __init__(self, client):
        """Take the client."""
        self.client, self.function, self.sent, self.waiting = client, None, None, set()

    def submit(self, function, job):
        """Run function(job) on a worker; return a future of the standard library.

        The function, which holds the whole package, goes to each worker once.
        """
        if function is not self.function:
            self.function = function
            self.sent = self.client.scatter(function, broadcast=True, hash=False)
        future = Future()
        task = self.client.submit(_call, self.sent, job, pure=False)
        self.waiting.add(task)
        task.add_done_callback(functools.partial(self._pass_on, future))
        return future

    def shutdown(self, wait=True, cancel_futures=False):
        """Cancel what is not done; nothing else is left to wait for."""
        del wait, cancel_futures
        self.client.cancel(list(self.waiting))
        self.waiting.clear()

    def _pass_on(self, future, task):
        """Tell the standard library's future what became of Dask's."""
        self.waiting.discard(task)
        try:
            found = task.result()
        except BaseException as error:
            kind = type(error).__name__  # Dask has several kinds of CancelledError
            lost = kind == "KilledWorker" or "Cancelled" in kind
            future.set_exception(BrokenProcessPool(str(error)) if lost else error)
        else:
            future.set_result(found)


def fit():
    """Return what must be the same wherever one course is graded."""
    digest = hashlib.sha256()
    for folder in SAME:
        for path in sorted((ROOT / folder).glob("*.py")):
            digest.update(path.read_bytes())
    major, minor, _ = platform.python_version_tuple()
    return {"Python": f"{major}.{minor}", "project": digest.hexdigest()[:12]}


def _call(function, job):
    return function(job)


def _dask():
    try:
        import distributed
    except ModuleNotFoundError:
        raise CourseError(
            "DASK= needs Dask, which is not installed in this Python; it comes with "
            "the course's extra: pip install --constraint constraints.txt "
            '--editable ".[course]"'
        ) from None
    return distributed


def _local(distributed, workers, folder):
    """Return a cluster of processes on this machine, a context manager."""
    import dask

    # The pool tries a job again by itself, alone, when its worker died.
    dask.config.set({"distributed.scheduler.allowed-failures": 0})
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        memory_limit=0,  # each submission has a cap of its own
        dashboard_address=None,
        local_directory=folder,
        silence_logs=logging.CRITICAL,
    )


def _client(distributed, cluster):
    """Return a client of a cluster, or of the scheduler at an address."""
    try:
        return distributed.Client(cluster, timeout=ANSWER)
    except (OSError, ValueError, TypeError) as error:
        raise CourseError(
            f"DASK={cluster}: no Dask scheduler answers there within {ANSWER} s "
            f"({type(error).__name__}); start one with `dask scheduler` and give the "
            "address that it prints, as in DASK=tcp://host:8786, or use DASK=local"
        ) from None


def _workers(client, address):
    """Return how many workers there are; wait a while for the first."""
    try:
        client.wait_for_workers(1, timeout=WORKERS)
    except (OSError, TimeoutError):
        raise CourseError(
            f"DASK={address}: the scheduler answers, but has had no worker for "
            f"{WORKERS} s; start some, as the guide for instructors says"
        ) from None
    return len(client.nthreads())


def _executor(client, address, workers):
    """Return an executor; Dask itself decides which of its workers takes what."""
    del workers
    _workers(client, address)
    return Tasks(client)


def _require_fit(client):
    """Raise CourseError, naming the worker, where one would grade otherwise."""
    mine = fit()
    try:
        found = client.run(fit, on_error="return")
    except Exception as error:
        found = {"a worker": error}
    for worker, theirs in sorted(found.items()):
        if isinstance(theirs, Exception):
            why = f"cannot load the project ({type(theirs).__name__}: {theirs})"
        elif theirs != mine:
            why = f"has {theirs}, and here it is {mine}"
        elif client.nthreads().get(worker, 1) != 1:
            why = "runs several tasks at once; start it with --nthreads 1"
        else:
            continue
        raise CourseError(
            f"DASK: {worker} {why}. A worker needs the same Python and the same clone "
            "of the project as this machine, and one thread."
        )
