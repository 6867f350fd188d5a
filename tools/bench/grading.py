"""Measures grading: N=1000 submissions of a chapter, against nbgrader's own way.

One run prints the rate with all workers, with one, and of nbgrader's serial autograde
on a sample, and the peak memory at a tenth of the submissions and at all of them.
"""

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat

from tools import ROOT
from tools.course.course import (
    CourseError,
)
from tools.forms import notebooks
from tools.judge.mutants import mutants

SAMPLE = 5  # submissions that nbgrader grades by itself
SEED = 2026


def synthetic(book_chapter, number):
    """Yield so many notebooks (text): each exercise solved, wrong or left alone."""
    draw = random.Random(SEED)
    wrong = {cell.id: list(mutants(cell).values()) for cell in book_chapter.exercises}
    for _ in range(number):
        notebook, skill = notebooks.solution(book_chapter), draw.random()
        for cell in notebook.cells:
            if cell.id in wrong and draw.random() > skill:
                cell.source = draw.choice(wrong[cell.id])
        yield nbformat.writes(notebook)


def hand_in(course, slug, texts):
    """Put notebooks into a course, in place of what was there."""
    for folder in ("submitted", "autograded", "feedback", "results"):
        shutil.rmtree(course.root / folder, ignore_errors=True)
    for number, text in enumerate(texts):
        folder = course.folder("submitted", f"student-{number:04d}", slug)
        folder.mkdir(parents=True)
        (folder / f"{slug}.ipynb").write_text(text, encoding="utf-8")


def ours(course, package, workers):
    """Grade all that was handed in; return (submissions a minute, peak megabytes)."""
    from tools.course.grade import run

    students = course.everybody()
    with Peak() as peak:
        began = time.monotonic()
        graded = run.grade(course, package, students, workers, say=lambda _: None)
        took = time.monotonic() - began
    states = sorted({each["status"] for each in graded.values()})
    if len(graded) != len(students) or states != ["graded"]:
        raise CourseError(f"{len(graded)} of {len(students)} were graded: {states}")
    return 60 * len(graded) / took, peak.megabytes


def nbgraders(course, slug):
    """Run nbgrader's own autograde over all that was handed in; return the rate."""
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
    """Watches the memory of this process and all that it started (Linux)."""

    def __enter__(self):
        import psutil

        self.megabytes, self._over = 0.0, threading.Event()
        self._me = psutil.Process()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _watch(self):
        import psutil

        while not self._over.wait(0.5):
            total = 0
            for process in [self._me, *self._me.children(recursive=True)]:
                try:  # each page once, however many share it
                    total += process.memory_full_info().pss
                except (psutil.Error, AttributeError):
                    continue
            self.megabytes = max(self.megabytes, total / 1e6)


def measure(course, book_chapter, package, number, workers):
    """Print a line for each measurement."""
    slug, tenth = package["slug"], max(1, number // 10)
    texts = list(synthetic(book_chapter, number))
    print(f"{slug}, {number} synthetic submissions, {os.cpu_count()} processors")
    print(f"{'how':<36}{'graded':>8}{'a minute':>10}{'peak MB':>9}")

    def line(how, count, rate, peak=None):
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
