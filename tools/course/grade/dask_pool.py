"""Grades over Dask: worker processes of this machine, or of a cluster.

`opened` returns what `pool.results` takes in place of its own processes. A job and its
package are plain values, so a worker needs the project and nothing of the course.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import platform
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from types import ModuleType
from typing import TYPE_CHECKING, Any

from tools import ROOT
from tools.course.course import CourseError
from tools.course.grade import job as grading
from tools.course.grade.pool import NewPool

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

LOCAL = "local"
ANSWER_WITHIN = 10  # seconds in which a scheduler must answer
WORKER_WITHIN = 30  # seconds in which the cluster must offer a worker
SAME = "tools/course"  # the folder whose files must be the same on a worker


@contextlib.contextmanager
def opened(address: str, workers: int) -> Iterator[tuple[NewPool, int]]:
    """Context manager: connect to Dask; yield what makes executors, and their number.

    Args: address, `local` or a scheduler's, as tcp://host:8786; workers, how many
        processes for `local`; elsewhere as many are used as the cluster has.
    Raises: CourseError where Dask is missing, its scheduler does not answer, or a
        worker would grade differently.
    """
    distributed = _dask()
    with contextlib.ExitStack() as stack:
        cluster: LocalCluster | str
        if address == LOCAL:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="dask-"))
            cluster = stack.enter_context(_local(distributed, workers, folder))
        else:
            cluster = address
        client = stack.enter_context(_client(distributed, cluster))
        count = _workers(client, address)
        _require_fit(client)
        yield functools.partial(_executor, client, address), count
        client.run(grading.forget)  # hidden tests stay on no worker


class Tasks(Executor):
    """A concurrent.futures executor over a Dask client.

    Shutting it down leaves the client open: `opened` closes it.
    """

    def __init__(self, client: Client) -> None:
        """Take the client."""
        self.client = client
        self.function: Callable[..., Any] | None = None  # the last one submitted
        self.sent: Any = None  # Dask's handle of it
        self.waiting: set[Any] = set()  # Dask's futures that are not done

    def submit(
        self, function: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> Future[Any]:
        """Run function(job) on a worker; return a future of the standard library.

        The function, which holds the whole package, is sent to each worker only once.
        """
        (job,) = args
        if function is not self.function:
            self.function = function
            self.sent = self.client.scatter(function, broadcast=True, hash=False)
        future: Future[Any] = Future()
        task = self.client.submit(_call, self.sent, job, pure=False)
        self.waiting.add(task)
        task.add_done_callback(functools.partial(self._pass_on, future))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Cancel the jobs that are not done; there is nothing to wait for."""
        del wait, cancel_futures
        self.client.cancel(list(self.waiting))
        self.waiting.clear()

    def _pass_on(self, future: Future[Any], task: Any) -> None:
        """Give the result or error of Dask's future to the standard library's."""
        self.waiting.discard(task)
        try:
            found = task.result()
        except BaseException as error:
            # By name, since Dask has several classes called CancelledError.
            kind = type(error).__name__
            lost = kind == "KilledWorker" or "Cancelled" in kind
            # What `pool.results` knows as the death of a worker.
            future.set_exception(BrokenProcessPool(str(error)) if lost else error)
        else:
            future.set_result(found)


def fit() -> dict[str, str]:
    """Return what must be the same on all machines that grade a course.

    That is Python's version, and a checksum of the files that grade.
    """
    digest = hashlib.sha256()
    for path in sorted((ROOT / SAME).rglob("*.py")):
        digest.update(path.read_bytes())
    major, minor, _ = platform.python_version_tuple()
    return {"Python": f"{major}.{minor}", "project": digest.hexdigest()[:12]}


def _call(function: Callable[..., Any], job: Any) -> Any:
    return function(job)


def _dask() -> ModuleType:
    """Return the module `distributed`; raises CourseError where Dask is missing."""
    try:
        import distributed
    except ModuleNotFoundError:
        raise CourseError(
            "DASK= needs Dask, which is not installed in this Python; it comes with "
            "the course's extra: pip install --constraint constraints.txt "
            '--editable ".[course]"'
        ) from None
    return distributed


def _local(distributed: ModuleType, workers: int, folder: str) -> LocalCluster:
    """Return a cluster of processes on this machine, a context manager.

    Args: folder, for the workers' temporary files.
    """
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


def _client(distributed: ModuleType, cluster: LocalCluster | str) -> Client:
    """Return a client of a cluster, or of the scheduler at an address.

    Raises: CourseError where no scheduler answers.
    """
    try:
        return distributed.Client(cluster, timeout=ANSWER_WITHIN)
    except (OSError, ValueError, TypeError) as error:
        raise CourseError(
            f"DASK={cluster}: no Dask scheduler answers there within {ANSWER_WITHIN} s "
            f"({type(error).__name__}); start one with `dask scheduler` and give the "
            "address that it prints, as in DASK=tcp://host:8786, or use DASK=local"
        ) from None


def _workers(client: Client, address: str) -> int:
    """Return how many workers there are; wait a while for the first (WORKER_WITHIN).

    Raises: CourseError where none comes.
    """
    try:
        client.wait_for_workers(1, timeout=WORKER_WITHIN)
    except (OSError, TimeoutError):
        raise CourseError(
            f"DASK={address}: the scheduler answers, but has had no worker for "
            f"{WORKER_WITHIN} s; start some, as the guide for instructors says"
        ) from None
    return len(client.nthreads())


def _executor(client: Client, address: str, workers: int) -> Tasks:
    """Return an executor; Dask itself decides which of its workers takes a job."""
    del workers
    _workers(client, address)
    return Tasks(client)


def _require_fit(client: Client) -> None:
    """Raise CourseError, naming the worker, where one would grade differently."""
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
