"""Grades a chapter of a course: what is new, in parallel, with progress shown."""

import hashlib
import os
import sys
import time
from pathlib import Path

from tools.course import handin
from tools.course.course import CourseError
from tools.course.grade import job, pool
from tools.course.results import tables

EVERY = 5  # seconds between lines of progress where there is no terminal


def jobs_of(course, package, students, own=None, remarks=None):
    """Yield a job for each student, as `job.grade` wants it, read as it is needed.

    Args: own, {student: {module: source}}; remarks, {student: text} (FRAMEWORK=own).
    """
    for student in students:
        notes = [remarks[student]] if remarks else []
        found = {
            "student": student,
            "own": (own or {}).get(student, {}),
            "notes": notes,
        }
        try:
            path, more = handin.find(course, student, package["slug"])
            notes += more
            found["data"] = handin.read(path, course.root / "submitted")
        except handin.Unreadable as error:
            found["problem"] = str(error)
        except OSError as error:
            found["problem"] = f"it cannot be read: {error.strerror}"
        found["timestamp"] = _timestamp(
            course.folder("submitted", student, package["slug"])
        )
        data = hashlib.sha256(found.get("data", b"")).hexdigest()
        told = {name: value for name, value in found.items() if name != "data"}
        found["digest"] = job.digest([package["key"], data, told])
        yield found


def grade(
    course, package, students, workers, own=(None, None), say=print, new_pool=None
):
    """Grade the students whose work changed; return {student: result} of this run.

    Args: own, what `own.modules` returned, for FRAMEWORK=own; new_pool, as in `pool`.
    """
    from tools.course.results.writer import Writer

    slug = package["slug"]
    before = tables.kept(course).get(slug, {})
    progress = Progress(slug, say)
    counted = {"same": 0}

    def fresh():
        for each in jobs_of(course, package, students, *own):
            old = before.get(each["student"])
            if old and old["digest"] == each["digest"] and old["status"] != "failed":
                counted["same"] += 1
            else:
                yield each

    graded = {}
    progress.start(len(students))
    with Writer(course, slug, tables.roster(course)) as writer:
        for each, result in pool.results(package, fresh(), workers, new_pool=new_pool):
            try:
                writer.write(each, result)
            except Exception as error:  # as a name that no file system takes
                result = pool.failed(package, each, error)
                writer.write(each, result)
            graded[result["student"]] = {
                name: result[name]
                for name in ("status", "score", "max", "off", "stopped")
            }
            progress.show(len(graded) + counted["same"], result)
    progress.end(len(graded), counted["same"])
    return graded


def select(course, slug, only=""):
    """Return the students to grade: all who handed in, or the one that is named."""
    root = course.root / "submitted"
    everybody = course.everybody()
    students = [s for s in everybody if handin.candidates(root / s, slug)]
    # An empty folder is something handed in, too, and gets a row that says so.
    students += [
        s for s in everybody if s not in students and (root / s / slug).exists()
    ]
    if only:
        if only not in students:
            known = ", ".join(students[:20]) or "nobody yet"
            raise CourseError(
                f"STUDENT={only}: {root / only / slug} is not there; for {slug} there "
                f"is work of {known}"
            )
        return [only]
    if not students:
        raise CourseError(
            f"nothing was handed in for {slug}: put each student's notebook into "
            f"{root}/NAME/{slug}/{slug}.ipynb"
        )
    return students


class Progress:
    """Says how far a run is: on one line of a terminal, else now and then."""

    def __init__(self, slug, say):
        self.slug, self.say, self.terminal = slug, say, sys.stderr.isatty()

    def start(self, total):
        """Note how many there are."""
        self.total, self.began, self.last = total, time.monotonic(), 0.0

    def show(self, done, result):
        """Tell of one that is done."""
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

    def end(self, graded, same):
        """Say what was done."""
        if self.terminal and graded:
            print(file=sys.stderr)
        took = time.monotonic() - self.began
        self.say(
            f"{self.slug}: {graded} graded in {took:.0f} s"
            + (f", {same} unchanged since they were graded" if same else "")
        )


def workers_of(environment=os.environ):
    """Return how many workers to use: WORKERS=, or one for each processor."""
    text = environment.get("WORKERS", "")
    if text and not (text.isdigit() and int(text)):
        raise CourseError(f"WORKERS={text}: give a number of at least 1")
    return int(text) if text else os.cpu_count() or 1


def _worked(folder, slug):
    """Whether a student handed something in; an empty folder gets a row as well."""
    try:
        return (folder / slug).exists() or bool(handin.candidates(folder, slug))
    except OSError:  # a folder that cannot be read, as its row will say
        return True


def _timestamp(folder):
    """Return when the work was handed in, where nbgrader's timestamp.txt says so."""
    from nbgrader.utils import parse_utc

    try:
        text = Path(folder, "timestamp.txt").read_text(encoding="utf-8")[:100].strip()
        return parse_utc(text).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OSError, ValueError, OverflowError):
        return None
