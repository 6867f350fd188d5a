"""Grading over Dask: the same results, and words where it cannot be."""

import os
import socket
import subprocess
import sys

import pytest
from classroom import put

from tools import ROOT
from tools.course.course import CourseError

ALIKE = ("student", "status", "score", "max", "verdicts", "errors", "notes", "flags")


@pytest.fixture(scope="module")
def room(new_class):
    """A class with chapter 02: one solved it, one did not, one ends its process."""
    room = new_class("02")
    room.hand_in("solved", "02", room.solved("02"))
    room.hand_in("untouched", "02", room.untouched("02"))
    wrong = put(room.solved("02"), "02-relu", "import os\nos._exit(1)")
    room.hand_in("wrong", "02", wrong)
    return room


@pytest.fixture(scope="module")
def plain(room):
    """What comes of everybody without Dask."""
    return results(room)


def results(room, *settings):
    """Grade everybody anew; return {student: what came of it}."""
    for path in (room.course.root / "results").glob("*/*.json"):
        path.unlink()
    assert room.grade(*settings) == 0
    found = room.results("02")
    return {name: {k: r[k] for k in ALIKE} for name, r in found.items()}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_without_dask_it_says_how_to_get_it(room, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CourseError, match=r'--editable "\.\[course\]"'):
        room.grade("DASK=local")


def test_a_local_cluster_gives_the_same_results(room, plain):
    pytest.importorskip("distributed", reason="Dask is not installed")
    assert {name: r["status"] for name, r in plain.items()} == {
        "solved": "graded",
        "untouched": "graded",
        "wrong": "stopped",
    }
    assert results(room, "DASK=local", "WORKERS=1") == plain


def test_a_scheduler_that_does_not_answer_is_named(room, monkeypatch):
    pytest.importorskip("distributed", reason="Dask is not installed")
    from tools.course.grade import dask_pool

    monkeypatch.setattr(dask_pool, "ANSWER_WITHIN", 2)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(CourseError, match=f"DASK={address}: no Dask scheduler"):
        room.grade(f"DASK={address}")


def test_a_worker_that_dies_costs_one_submission(room):
    pytest.importorskip("distributed", reason="Dask is not installed")
    from classroom import deadly

    from tools.course.grade import dask_pool, job, pool
    from tools.course.shut_in.replies import Limits

    package = job.pack(room.course, room.chapters["02"], Limits())
    names = ["a", "b", "deadly-1", "c", "d", "e"]
    with dask_pool.opened("local", 2) as (new_pool, workers):
        assert workers == 2
        jobs = ({"student": name} for name in names)
        found = list(pool.results(package, jobs, workers, deadly, new_pool))
    assert {j["student"]: r["status"] for j, r in found} == {
        name: "failed" if name == "deadly-1" else "graded" for name in names
    }


@pytest.fixture
def scheduler():
    """The address of a Dask scheduler of its own, and a function that adds a worker."""
    pytest.importorskip("distributed", reason="Dask is not installed")
    address = f"tcp://127.0.0.1:{free_port()}"
    started = []

    def start(*arguments):
        command = [sys.executable, "-m", "dask", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        started.append(
            subprocess.Popen(
                command,
                env=environment,
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    start("scheduler", "--host", address, "--no-dashboard")
    yield address, lambda *more: start("worker", address, "--no-dashboard", *more)
    for process in reversed(started):
        process.terminate()
    for process in started:
        process.wait(60)


def test_a_cluster_is_used_by_its_address(room, plain, scheduler):
    address, add_worker = scheduler
    add_worker("--nworkers", "2", "--nthreads", "1")
    assert results(room, f"DASK={address}") == plain


def test_a_worker_with_threads_is_refused(room, scheduler):
    address, add_worker = scheduler
    add_worker("--nthreads", "2")
    with pytest.raises(CourseError, match="start it with --nthreads 1"):
        room.grade(f"DASK={address}")
