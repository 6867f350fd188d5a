"""How a run goes: no submission is lost, and what is not shut off is said."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest
from classroom import deadly, needs_linux

from tools import ROOT


@pytest.fixture(scope="module")
def room(new_class):
    """A class with chapter 04 and one who solved it."""
    room = new_class("04")
    room.hand_in("solved", "04", room.solved("04"))
    return room


def test_a_worker_that_dies_costs_one_submission(room):
    from tools.course.grade import job, pool
    from tools.course.shut_in.replies import Limits

    package = job.pack(room.course, room.chapters["04"], Limits())
    names = ["a", "b", "deadly-1", "c", "d", "deadly-2", "e", "f", "g"]
    jobs = ({"student": name} for name in names)
    found = {j["student"]: r for j, r in pool.results(package, jobs, 2, deadly)}
    assert sorted(found) == sorted(names)
    states = {name: result["status"] for name, result in found.items()}
    wanted = {n: "failed" if n.startswith("deadly") else "graded" for n in names}
    assert states == wanted
    assert "the grader failed, not the student" in found["deadly-1"]["stopped"]
    assert found["deadly-1"]["max"] == 14


def test_a_pool_that_breaks_as_a_job_is_handed_out_loses_none():
    """A worker may die between two looks at the pool; then `submit` raises."""
    from tools.course.grade import pool

    broken = []

    class Breaks(ThreadPoolExecutor):
        def submit(self, *given):
            if not broken:
                broken.append(self)
                raise BrokenProcessPool("a worker died")
            return super().submit(*given)

    package = {"slug": "04", "database": b""}
    names = ["a", "b", "c", "d", "e"]
    jobs = ({"student": name} for name in names)
    found = list(pool.results(package, jobs, 2, deadly, Breaks))
    assert sorted(job["student"] for job, _ in found) == names
    assert {result["status"] for _, result in found} == {"graded"}


def test_jobs_are_taken_only_as_they_are_needed(room):
    """So that a thousand notebooks need no more memory than a few."""
    from tools.course.grade import job, pool
    from tools.course.shut_in.replies import Limits

    package = job.pack(room.course, room.chapters["04"], Limits())
    taken = []

    def jobs():
        for number in range(30):
            taken.append(number)
            yield {"student": str(number)}

    most = 0
    for done, _ in enumerate(pool.results(package, jobs(), 2, deadly)):
        most = max(most, len(taken) - done)
    assert len(taken) == 30 and most <= 2 * pool.AHEAD + 1


def test_work_in_the_wrong_place_is_found_or_named(room, capfd):
    slug = room.chapters["04"].slug
    there = room.path("solved", "04")
    elsewhere = room.course.root / "submitted" / "messy" / "Week 4"
    elsewhere.mkdir(parents=True)
    shutil.copy(there, elsewhere / "my copy.ipynb")
    shutil.copy(there, room.course.root / "submitted" / "loose.ipynb")
    other = room.course.root / "submitted" / "elsewhere" / "01_tensor"
    other.mkdir(parents=True)
    assert room.grade() == 0
    found = room.results("04")
    assert found["messy"]["score"] == found["solved"]["score"] == 14
    assert "'my copy.ipynb'" in found["messy"]["notes"][0]
    assert "submitted/loose.ipynb lies in no student's folder" in capfd.readouterr().out
    table = (room.course.root / "grades.csv").read_text(encoding="utf-8")
    assert f"elsewhere,,,{slug},0,14,,nothing handed in," in table


def test_the_time_of_the_submission_is_noted(room):
    from nbgrader.api import Gradebook

    folder = room.path("on-time", "04").parent
    room.hand_in("on-time", "04", room.solved("04"))
    (folder / "timestamp.txt").write_text("2026-10-01 12:00:00.5 EST\n")
    assert room.grade("STUDENT=on-time") == 0
    with Gradebook(room.course.database) as gradebook:
        found = gradebook.find_submission(room.chapters["04"].slug, "on-time")
        assert (found.timestamp.hour, found.timestamp.day) == (17, 1)


@needs_linux
def test_a_machine_without_namespaces_grades_and_says_so(room):
    command = f"{sys.executable} -m tools grade CH=04 STUDENT=unshut COURSE="
    room.hand_in("unshut", "04", room.solved("04"))
    forbid = "echo 0 > /proc/sys/user/max_user_namespaces && "
    if subprocess.run(["unshare", "-r", "sh", "-c", f"{forbid}true"]).returncode:
        pytest.skip("this kernel lets no user forbid namespaces")
    done = subprocess.run(
        ["unshare", "-r", "sh", "-c", f"{forbid}{command}'{room.course.root}'"],
        cwd=ROOT,
        env={**os.environ, "VENV": "no", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "Not shut off here: the network (" in done.stdout
    assert "Not shut off here: the files (" in done.stdout
    assert "grade on Linux as a user who may make namespaces" in done.stdout
    assert room.results("04")["unshut"]["score"] == 14
