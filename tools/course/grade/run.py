"""Grades the submissions of a chapter that are new or changed, and shows progress."""

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from nbgrader.utils import parse_utc

from tools.course import handin
from tools.course.course import Course, CourseError
from tools.course.grade import job as grading
from tools.course.grade import pool
from tools.course.records import Job, OwnWork, Package, Result, Summary
from tools.course.results import tables
from tools.course.results.writer import Writer

EVERY = 5  # seconds between lines of progress where stderr is no terminal


def jobs_of(
    course: Course,
    package: Package,
    students: Iterable[str],
    own: OwnWork | None = None,
) -> Iterator[Job]:
    """Yield a job for each student; each file is read only when its job is yielded.

    Args: package, with its `key`; own, the students' own earlier chapters, with
        FRAMEWORK=own, or None.
    """
    own = own or OwnWork({}, {})
    slug = package["slug"]
    for student in students:
        remark = own.remarks.get(student)
        notes = [remark] if remark is not None else []
        found: Job = {
            "student": student,
            "own": own.modules.get(student, {}),
            "notes": notes,
        }
        try:
            path, more = handin.find(course, student, slug)
            notes += more
            found["data"] = handin.read(path, course.submitted)
        except handin.Unreadable as error:
            found["problem"] = str(error)
        except OSError as error:
            found["problem"] = f"it cannot be read: {error.strerror}"
        found["timestamp"] = _timestamp(course.folder("submitted", student, slug))
        data = hashlib.sha256(found.get("data", b"")).hexdigest()
        told = {name: value for name, value in found.items() if name != "data"}
        found["digest"] = grading.digest([package["key"], data, told])
        yield found


def grade(
    course: Course,
    package: Package,
    students: list[str],
    workers: int,
    own: OwnWork | None = None,
    say: Callable[[str], object] = print,
    new_pool: pool.NewPool | None = None,
) -> dict[str, Summary]:
    """Grade the submissions that are new or changed; return {student: summary} of them.

    Args: package, of `job.pack`; workers, how many processes; own, the students' own
        earlier chapters, or None; say, called with the line that closes the run;
        new_pool, as for `pool.results`.
    """
    slug = package["slug"]
    before = tables.kept(course).get(slug, {})
    unchanged: list[str] = []
    jobs = _new(jobs_of(course, package, students, own), before, unchanged)
    progress = RunProgress(slug, len(students), say)
    graded: dict[str, Summary] = {}
    with Writer(course, slug, tables.roster(course)) as writer:
        found = pool.results(package, jobs, workers, grading.grade, new_pool)
        for job, result in found:
            result = _written(writer, package, job, result)
            graded[result["student"]] = {
                "status": result["status"],
                "score": result["score"],
                "max": result["max"],
                "off": result["off"],
                "stopped": result["stopped"],
            }
            progress.show(len(graded) + len(unchanged), result)
    progress.end(len(graded), len(unchanged))
    return graded


def _new(
    jobs: Iterable[Job], before: Mapping[str, Result], unchanged: list[str]
) -> Iterator[Job]:
    """Yield the jobs to do; append to `unchanged` the students whose result is current.

    Args: before, the results of earlier runs by student.
    """
    for job in jobs:
        old = before.get(job["student"])
        if old and old["digest"] == job["digest"] and old["status"] != "failed":
            unchanged.append(job["student"])
        else:
            yield job


def _written(writer: Writer, package: Package, job: Job, result: Result) -> Result:
    """Write a result and return it; where that fails, a Result with status "failed"."""
    try:
        writer.write(job, result)
    except Exception as error:  # such as a name that the file system does not take
        result = pool.failed(package, job, error)
        writer.write(job, result)
    return result


class RunProgress:
    """Shows on stderr how many submissions are graded, and how long the rest will take.

    On a terminal one line is overwritten; elsewhere a line comes every EVERY seconds.
    """

    def __init__(self, slug: str, total: int, say: Callable[[str], object]) -> None:
        """Start the clock.

        Args: slug, the chapter's; total, the number of submissions; say, called with
            the line that closes the run.
        """
        self.slug, self.total, self.say = slug, total, say
        self.terminal = sys.stderr.isatty()
        self.began, self.last = time.monotonic(), 0.0

    def show(self, done: int, result: Result) -> None:
        """Show how many submissions are done, and the result of the last of them."""
        now = time.monotonic()
        passed = now - self.began
        left = passed / done * (self.total - done)
        line = (
            f"{self.slug}: {done} of {self.total}, {60 * done / passed:.0f} a minute, "
            f"{left / 60:.0f} min left; {result['student']}: "
            f"{result['score']:g} of {result['max']:g}"
        )
        if self.terminal:
            print(f"\r{line[:100]:<100}", end="", file=sys.stderr, flush=True)
        elif now - self.last > EVERY or done == self.total:
            self.last = now
            print(line, file=sys.stderr, flush=True)

    def end(self, graded: int, same: int) -> None:
        """Report how many submissions were graded, and how many were unchanged."""
        if self.terminal and graded:
            print(file=sys.stderr)
        took = time.monotonic() - self.began
        self.say(
            f"{self.slug}: {graded} graded in {took:.0f} s"
            + (f", {same} unchanged since they were graded" if same else "")
        )


def workers_of(environment: Mapping[str, str] = os.environ) -> int:
    """Return how many workers to use: the setting WORKERS=, or one for each processor.

    Raises: CourseError for a WORKERS= that is no whole number above 0.
    """
    text = environment.get("WORKERS", "")
    if text and not (text.isdigit() and int(text)):
        raise CourseError(f"WORKERS={text}: give a number of at least 1")
    return int(text) if text else os.cpu_count() or 1


def _timestamp(folder: Path) -> str | None:
    """Return when work was handed in, from nbgrader's timestamp.txt in its folder.

    As "2027-01-31 09:00:00 UTC"; None where there is no such file or it holds no time.
    """
    try:
        text = Path(folder, "timestamp.txt").read_text(encoding="utf-8")[:100].strip()
        return parse_utc(text).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OSError, ValueError, OverflowError):
        return None
