"""Grades over Dask: with worker processes of this machine, or of a cluster.

`opened` connects to Dask and gives the `new_pool` for `pool.results`. A job and its
package are plain values, so a worker needs the project and no file of the course.
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

LOCAL = "local"  # the address that asks for a cluster on this machine
ANSWER_WITHIN = 10  # seconds to wait for a scheduler's answer
WORKER_WITHIN = 30  # seconds to wait for the cluster's first worker
SAME = "tools/course"  # the folder whose Python files must be the same on all machines


@contextlib.contextmanager
def opened(address: str, workers: int) -> Iterator[tuple[NewPool, int]]:
    """Context manager that connects to Dask.

    It yields the function that makes executors, and how many workers there are.

    Args: address, `local`, or a scheduler's, as tcp://host:8786; workers, how many
        processes to start for `local`; a cluster's workers are all used.
    Raises: CourseError where Dask is missing, its scheduler does not answer, the
        cluster has no worker, or a worker would grade differently.
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
        client.run(grading.forget)  # removes the hidden tests from the workers' disks


class Tasks(Executor):
    """A concurrent.futures executor that runs functions on a Dask client's workers.

    A shutdown leaves the client open: `opened` closes it.
    """

    def __init__(self, client: Client) -> None:
        """Keep the client, which stays the caller's to close."""
        self.client = client
        self.function: Callable[..., Any] | None = None  # the last function submitted
        self.sent: Any = None  # Dask's future for the copies of `function` on workers
        self.waiting: set[Any] = set()  # Dask's futures that are not done

    def submit(
        self, function: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> Future[Any]:
        """Run function(job) on a worker; return a future of the standard library.

        The function, which holds the whole package, is sent to each worker only once.

        Args: args, the job, and nothing else.
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
        """Cancel the jobs that are not done. The arguments are ignored."""
        del wait, cancel_futures
        self.client.cancel(list(self.waiting))
        self.waiting.clear()

    def _pass_on(self, future: Future[Any], task: Any) -> None:
        """Copy the result or error of a Dask future to a standard-library future.

        An error that says that the worker died, or that the job was cancelled, becomes
        BrokenProcessPool, by which `pool.results` knows a lost job.
        """
        self.waiting.discard(task)
        try:
            found = task.result()
        except BaseException as error:
            # Compared by name, since Dask has several classes called CancelledError.
            kind = type(error).__name__
            lost = kind == "KilledWorker" or "Cancelled" in kind
            future.set_exception(BrokenProcessPool(str(error)) if lost else error)
        else:
            future.set_result(found)


def fit() -> dict[str, str]:
    """Return what must be the same on all machines that grade a course.

    Returns: "Python", the version, as 3.13; "project", the first 12 hexadecimal digits
        of a SHA-256 checksum of the Python files in SAME.
    """
    digest = hashlib.sha256()
    for path in sorted((ROOT / SAME).rglob("*.py")):
        digest.update(path.read_bytes())
    major, minor, _ = platform.python_version_tuple()
    return {"Python": f"{major}.{minor}", "project": digest.hexdigest()[:12]}


def _call(function: Callable[..., Any], job: Any) -> Any:
    """Return function(job); Dask has replaced its future of the function by then."""
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
    """Return a Dask cluster of processes on this machine, which is a context manager.

    Args: folder, for the workers' temporary files.
    """
    import dask

    # `pool.results` itself runs a job again whose worker died: Dask must not.
    dask.config.set({"distributed.scheduler.allowed-failures": 0})
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        memory_limit=0,  # no limit for a worker: each submission has its own cap
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
    """Return how many workers the cluster has.

    Raises: CourseError where it has none within WORKER_WITHIN seconds.
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
    """Return an executor over all of the client's workers; `workers` is ignored.

    Raises: CourseError where the cluster has no worker.
    """
    del workers
    _workers(client, address)
    return Tasks(client)


def _require_fit(client: Client) -> None:
    """Raise CourseError where a worker would grade differently; it names the worker.

    Each worker must have the same `fit()` as this machine, and one thread.
    """
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
