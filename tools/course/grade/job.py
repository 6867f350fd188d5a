"""Grades one submission, in any process: `grade` is a function of plain values.

`pack` makes the Package, which all submissions of a chapter share. Packages and Jobs
hold texts and no paths: a worker needs neither the course's folder nor its gradebook.
"""

import hashlib
import json
import time
from multiprocessing.util import Finalize

import nbformat
from nbformat import NotebookNode

from tools.chapters.cells import Chapter
from tools.course import earlier_chapters, seat
from tools.course.attempt import Attempt, Verdict
from tools.course.course import Course, CourseError
from tools.course.grade.autograde import PrivateCourse, empty_database
from tools.course.handin import Unreadable, cells_of
from tools.course.records import Job, Package, Result
from tools.course.results.feedback import render
from tools.course.shut_in.replies import Limits

# Part of each submission's checksum. Increase it when a change of the code would grade
# the same submission differently: then all submissions are graded again.
VERSION = 1
_private: dict[str, PrivateCourse] = {}  # this process's course, by the package's key


def pack(course: Course, chapter: Chapter, limits: Limits) -> Package:
    """Return the Package of a chapter that was released in the course.

    Raises: CourseError where the chapter was not released.
    """
    slug = chapter.slug
    try:
        source = course.source(slug).read_text(encoding="utf-8")
        release = nbformat.read(course.release(slug), as_version=4)
    except FileNotFoundError:
        raise CourseError(
            f"{slug} has not been released in {course.root}; run "
            f"make release CH={chapter.number} COURSE={course.root} first"
        ) from None
    package: Package = {
        "version": VERSION,
        "slug": slug,
        "title": chapter.title,
        "module": f"tinytorch.{chapter.module}",
        "source": source,
        "published": {cell.id: cell.source for cell in release.cells},
        "framework": earlier_chapters.pack(chapter.number),
        "limits": dict(vars(limits)),
    }
    package["key"] = digest(package)
    return package


def ready(package: Package) -> Package:
    """Return the package with a `database`, the gradebook that workers start from."""
    if "database" in package:
        return package
    database = empty_database(package["slug"], package["source"])
    return {**package, "database": database}


def points(package: Package) -> dict[str, float]:
    """Return what each check is worth, {id: points}, in the chapter's order."""
    notebook = nbformat.reads(package["source"], as_version=4)
    return {
        cell.id: float(cell.metadata.nbgrader["points"])
        for cell in notebook.cells
        if seat.role(cell) == "check"
    }


def digest(value: object) -> str:
    """Return a SHA-256 checksum, in hexadecimal, of a value that JSON can hold."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def grade(package: Package, job: Job) -> Result:
    """Grade one submission and return its Result.

    A submission that cannot be read gets a Result too, with the status "unreadable".

    Args: package, of `pack`, completed by `ready`; job, with `data` or a `problem`.
    Raises: RuntimeError or Stopped where the grader itself fails, as
        `PrivateCourse.grade` says.
    """
    started = time.perf_counter()
    private = own_course(package)
    attempt, problem, autograded = Attempt(), job.get("problem", ""), ""
    notebook = None
    if not problem:
        try:
            attempt, autograded = _attempt(private, job)
            notebook = nbformat.reads(autograded, as_version=4)
        except Unreadable as error:
            problem = str(error)
    if problem:
        attempt = _not_attempted(package, job, problem)
    status = "unreadable" if problem else "stopped" if attempt.stopped else "graded"
    result: Result = {
        "student": job["student"],
        "status": status,
        "score": sum(verdict.score for verdict in attempt.verdicts),
        "max": sum(verdict.points for verdict in attempt.verdicts),
        **attempt.as_dict(),  # type: ignore[typeddict-item]
        "seconds": round(time.perf_counter() - started, 3),
    }
    page = _feedback(package, result, notebook)
    return {**result, "autograded": autograded, "feedback": page}


def _attempt(private: PrivateCourse, job: Job) -> tuple[Attempt, str]:
    """Run a submission; return its Attempt and the graded notebook's JSON.

    Raises: Unreadable where the submitted file is no notebook.
    """
    cells = cells_of(job["data"])
    seated = seat.seat(private.notebook, private.published, cells)
    seated.notes[:0] = job.get("notes", [])
    return private.grade(seated, job.get("own", {}))


def _not_attempted(package: Package, job: Job, problem: str) -> Attempt:
    """Return the Attempt of a submission that holds nothing to run.

    Args: problem, why.
    """
    verdicts = [
        Verdict(name, worth, "unrun", f"Not run: {problem}")
        for name, worth in points(package).items()
    ]
    notes = list(job.get("notes", []))
    return Attempt(verdicts=verdicts, notes=notes, stopped=problem)


def _feedback(package: Package, result: Result, notebook: NotebookNode | None) -> str:
    """Return the page of feedback, as HTML; `notebook` is None for unreadable work."""
    title = f"{package['slug'][:2]} {package['title']}"
    return render(title, result, notebook, package["source"])


def own_course(package: Package) -> PrivateCourse:
    """Return this process's PrivateCourse for a package, made on first use.

    A process keeps one PrivateCourse: that of another package is closed.
    """
    key = package["key"]
    if key not in _private:
        forget()
        _private[key] = made = PrivateCourse(package)
        # multiprocessing ends its workers without running the functions of atexit.
        Finalize(None, made.close, exitpriority=1)
    return _private[key]


def forget() -> None:
    """Close this process's PrivateCourse, if there is one, and remove its folder."""
    for old in list(_private.values()):
        old.close()
    _private.clear()
