"""Measures how fast synthetic submissions are graded, and in how much memory.

`measure` prints the submissions graded a minute by nbgrader's serial autograde, on a
sample; by `make grade` with one worker, on a tenth of the submissions; and by `make
grade` with all workers, on a tenth and on all. For `make grade`, it also prints the
peak memory.
"""

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat
import psutil

from tools import ROOT
from tools.chapters.cells import Chapter
from tools.course.course import Course, CourseError
from tools.course.grade import run
from tools.course.records import Package
from tools.forms import notebooks
from tools.judge.mutants import mutants

SAMPLE = 5  # how many submissions nbgrader's own autograde is measured with
SEED = 2026  # of the random choice of wrong solutions


def synthetic(chapter: Chapter, number: int) -> Iterator[str]:
    """Yield `number` solved notebooks (JSON) in which some exercises are wrong.

    For each notebook a skill from 0 to 1 is drawn, the probability of a right exercise.
    """
    draw = random.Random(SEED)
    wrong = {cell.id: list(mutants(cell).values()) for cell in chapter.exercises}
    for _ in range(number):
        notebook, skill = notebooks.solution(chapter), draw.random()
        for cell in notebook.cells:
            if cell.id in wrong and draw.random() > skill:
                cell.source = draw.choice(wrong[cell.id])
        yield nbformat.writes(notebook)


def hand_in(course: Course, slug: str, texts: Iterable[str]) -> None:
    """Delete all submissions and grades of a course; submit these notebooks (JSON)."""
    for kind in ("submitted", "autograded", "feedback", "results"):
        shutil.rmtree(course.root / kind, ignore_errors=True)
    for number, text in enumerate(texts):
        folder = course.folder("submitted", f"student-{number:04d}", slug)
        folder.mkdir(parents=True)
        (folder / f"{slug}.ipynb").write_text(text, encoding="utf-8")


def ours(course: Course, package: Package, workers: int) -> tuple[float, float]:
    """Grade all submissions with `make grade`'s code.

    Returns: (submissions a minute, peak memory in megabytes).
    Raises: CourseError if a submission was not graded.
    """
    students = course.everybody()
    with Peak() as peak:
        began = time.monotonic()
        graded = run.grade(course, package, students, workers, say=lambda _: None)
        took = time.monotonic() - began
    states = sorted({each["status"] for each in graded.values()})
    if len(graded) != len(students) or states != ["graded"]:
        raise CourseError(f"{len(graded)} of {len(students)} were graded: {states}")
    return 60 * len(graded) / took, peak.megabytes


def nbgraders(course: Course, slug: str) -> float:
    """Grade all submissions with nbgrader's own autograde.

    Returns: submissions a minute.
    Raises: CourseError if nbgrader fails.
    """
    names = course.everybody()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", slug, "--force"],
        cwd=course.root,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    took = time.monotonic() - began
    if done.returncode:
        raise CourseError(f"nbgrader autograde failed: {done.stderr[-500:]}")
    return 60 * len(names) / took


class Peak:
    """Context manager: measures the peak memory of this process and its descendants.

    `megabytes` is the largest sum of their memory, measured every half second. It stays
    0 on systems other than Linux, which give no proportional set size (PSS).
    """

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._over = threading.Event()
        self._me = psutil.Process()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            total = 0
            for process in [self._me, *self._me.children(recursive=True)]:
                try:  # pss: memory that processes share is counted once in total
                    total += process.memory_full_info().pss
                except (psutil.Error, AttributeError):
                    continue
            self.megabytes = max(self.megabytes, total / 1e6)


def measure(
    course: Course, chapter: Chapter, package: Package, number: int, workers: int
) -> None:
    """Grade synthetic submissions in several ways, and print a line for each.

    Args: number, how many submissions; workers, how many processes grade them.
    Raises: CourseError if a submission was not graded.
    """
    slug, tenth = package["slug"], max(1, number // 10)
    texts = list(synthetic(chapter, number))
    print(f"{slug}, {number} synthetic submissions, {os.cpu_count()} processors")
    print(f"{'how':<36}{'graded':>8}{'a minute':>10}{'peak MB':>9}")

    def line(how: str, count: int, rate: float, peak: float | None = None) -> None:
        memory = f"{peak:9.0f}" if peak is not None else ""
        print(f"{how:<36}{count:>8}{rate:>10.0f}{memory}", flush=True)

    hand_in(course, slug, texts[:SAMPLE])
    alone = nbgraders(course, slug)
    line("nbgrader autograde, serial", min(SAMPLE, number), alone)
    hand_in(course, slug, texts[:tenth])
    one, peak_one = ours(course, package, 1)
    line("make grade, 1 worker", tenth, one, peak_one)
    hand_in(course, slug, texts[:tenth])
    few, peak_few = ours(course, package, workers)
    line(f"make grade, {workers} workers", tenth, few, peak_few)
    hand_in(course, slug, texts)
    many, peak_many = ours(course, package, workers)
    line(f"make grade, {workers} workers", number, many, peak_many)
    print(
        f"{many / one:.2f} times one worker, {many / alone:.1f} times nbgrader; "
        f"peak memory at {number} is {peak_many / peak_few:.2f} of that at {tenth}"
    )
