"""Runs `make grade`: reads the settings, grades, writes the tables, prints a report."""

import contextlib
from collections.abc import Mapping

from tools.chapters.cells import Chapter
from tools.course import handin
from tools.course.course import (
    Course,
    CourseError,
    chapters_of,
    course_of,
    every_chapter,
)
from tools.course.grade import dask_pool, job, own_chapters, run
from tools.course.grade.limits import limits_of
from tools.course.grade.pool import NewPool
from tools.course.records import Roster
from tools.course.results import tables
from tools.course.shut_in.replies import Limits


def grade(environment: Mapping[str, str]) -> int:
    """Grade the chapters that the settings name, write the tables, and print a report.

    Returns: 0, the exit status.
    Raises: CourseError for a setting that is missing or wrong, for a chapter that was
        not released or not handed in, and where Dask cannot be used.
    """
    course, chapters = course_of(environment), chapters_of(environment)
    limits, workers = limits_of(environment), run.workers_of(environment)
    framework = environment.get("FRAMEWORK", "reference")
    if framework not in ("reference", "own"):
        raise CourseError(f"FRAMEWORK={framework}: it is `reference` or `own`")
    off: dict[str, str] = {}
    with _pool(environment, workers) as (new_pool, workers):
        for chapter in chapters:
            off |= _chapter(environment, course, chapter, limits, workers, new_pool)
    for stray in course.strays():
        print(f"  {stray}")
    for cap, why in sorted(off.items()):
        print(f"Not shut off here: the {cap} ({why}).")
    if off:
        print(
            "If you do not trust what you run, grade on Linux as a user who may make "
            "namespaces (the guide for instructors says more)."
        )
    students: Roster = {name: {} for name in course.everybody()}
    paths = tables.write(course, students | tables.roster(course))
    print(f"Grades: {paths[0]}, and the same for Canvas and Moodle beside it.")
    return 0


def _pool(
    environment: Mapping[str, str], workers: int
) -> contextlib.AbstractContextManager[tuple[NewPool | None, int]]:
    """Return a context manager for the workers that the setting DASK= asks for.

    It gives a `new_pool` for `pool.results`, None without DASK=; and how many workers
    there are.

    Args: workers, how many processes to use on this machine.
    """
    if not (address := environment.get("DASK", "")):
        return contextlib.nullcontext((None, workers))
    return dask_pool.opened(address, workers)


def _chapter(
    environment: Mapping[str, str],
    course: Course,
    chapter: Chapter,
    limits: Limits,
    workers: int,
    new_pool: NewPool | None,
) -> dict[str, str]:
    """Grade one chapter, and print a line for each submission not graded in full.

    Returns: {restriction that was not applied: why this machine lacks it}.
    """
    package = job.pack(course, chapter, limits)
    students = handin.select(course, chapter.slug, environment.get("STUDENT", ""))
    own = None
    if environment.get("FRAMEWORK") == "own":
        before = [c for c in every_chapter() if c.number < chapter.number]
        own = own_chapters.modules(course, before, students, limits, workers, new_pool)
    graded = run.grade(course, package, students, workers, own, new_pool=new_pool)
    off: dict[str, str] = {}
    for student, summary in sorted(graded.items()):
        off |= summary["off"]
        if summary["status"] != "graded":
            words = tables.WORDS[summary["status"]]
            print(f"  {student}: {words}: {summary['stopped']}")
    return off
