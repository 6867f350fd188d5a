"""Grades one submission: a plain function of plain values, to be run anywhere.

`pack` makes what all submissions of a chapter share, `grade` grades one of them. Both
hold texts and no paths, so that a worker needs neither the course's folder nor its
database.
"""

import hashlib
import json
import time
from multiprocessing.util import Finalize

import nbformat

from tools.course import earlier_chapters, seat
from tools.course.attempt import Attempt, Verdict
from tools.course.course import CourseError
from tools.course.grade.autograde import Private, empty_database
from tools.course.handin import Unreadable, cells_of
from tools.course.results.feedback import render

VERSION = 1  # to be raised when the same submission would be graded otherwise
_private = {}  # this process's own course, by the package's key


def pack(course, book_chapter, limits):
    """Return the package of a chapter, a dict; raises CourseError before its release.

    Args: limits, a session.Limits.
    """
    slug = book_chapter.slug
    try:
        source = course.source(slug).read_text(encoding="utf-8")
        release = nbformat.read(course.release(slug), as_version=4)
    except FileNotFoundError:
        raise CourseError(
            f"{slug} has not been released in {course.root}; run "
            f"make release CH={book_chapter.number} COURSE={course.root} first"
        ) from None
    package = {
        "version": VERSION,
        "slug": slug,
        "title": book_chapter.title,
        "module": f"tinytorch.{book_chapter.module}",
        "source": source,
        "published": {cell.id: cell.source for cell in release.cells},
        "framework": earlier_chapters.pack(book_chapter.number),
        "limits": dict(vars(limits)),
    }
    return {**package, "key": digest(package)}


def ready(package):
    """Return the package with the gradebook that its workers begin with."""
    if "database" in package:
        return package
    database = empty_database(package["slug"], package["source"])
    return {**package, "database": database}


def points(package):
    """Return what each check is worth, {id: points}, in order."""
    notebook = nbformat.reads(package["source"], as_version=4)
    return {
        cell.id: float(cell.metadata.nbgrader["points"])
        for cell in notebook.cells
        if seat.role(cell) == "check"
    }


def digest(value):
    """Return a hash of a value that JSON can hold."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def grade(package, job):
    """Grade one submission; return its result. It raises nothing for any submission.

    Args: job, a dict: `student`; `data`, the file's bytes, or `problem`, why there are
        none; `notes`, remarks so far; `own`, modules of the student's own.
    Returns: a dict: student, status (graded, stopped or unreadable), score, max,
        verdicts, errors, notes, off (caps this machine lacks), seconds, and two files,
        `autograded` (the notebook) and `feedback` (HTML).
    """
    started = time.perf_counter()
    private, autograded = own_course(package), ""
    problem = job.get("problem", "")
    result = None
    if not problem:
        try:
            cells = cells_of(job["data"])
        except Unreadable as error:
            problem = str(error)
        else:
            seated = seat.seat(private.notebook, private.published, cells)
            seated.notes[:0] = job.get("notes", [])
            result, autograded = private.grade(seated, job.get("own", {}))
            notebook = nbformat.reads(autograded, as_version=4)
    if result is None:
        result = Attempt(notes=list(job.get("notes", [])), stopped=problem)
        result.verdicts = [
            Verdict(name, worth, "unrun", f"Not run: {problem}")
            for name, worth in points(package).items()
        ]
        notebook = None
    status = "unreadable" if problem else "stopped" if result.stopped else "graded"
    found = {
        "student": job["student"],
        "status": status,
        "score": sum(verdict.score for verdict in result.verdicts),
        "max": sum(verdict.points for verdict in result.verdicts),
        **result.as_dict(),
        "seconds": round(time.perf_counter() - started, 3),
    }
    title = f"{package['slug'][:2]} {package['title']}"
    page = render(title, found, notebook, hidden=package["source"])
    return {**found, "autograded": autograded, "feedback": page}


def own_course(package):
    """Return this process's private course for a package, made on first use."""
    if package["key"] not in _private:
        forget()
        _private[package["key"]] = made = Private(package)
        Finalize(None, made.close, exitpriority=1)  # a worker runs no atexit
    return _private[package["key"]]


def forget():
    """Close this process's private course, if it has one, and remove its folder."""
    for old in list(_private.values()):
        old.close()
    _private.clear()
