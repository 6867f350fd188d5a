"""Grades what was handed in: CH=03 COURSE=folder (STUDENT=, FRAMEWORK=own, DASK=).

Each submission runs in a process of its own, shut in, by the course's own checks;
the grades go into nbgrader's gradebook and into three CSV files.
"""

import contextlib
import os

from tools.course.course import (
    CourseError,
    chapters_of,
    course_of,
    every_chapter,
    quiet_nbgrader,
    require_nbgrader,
)


def main():
    """Grade the chapters that CH= names; return a message where it cannot be."""
    try:
        require_nbgrader()
        quiet_nbgrader()
        return grade(os.environ)
    except CourseError as error:
        return f"grade: {error}"
    except KeyboardInterrupt:
        return "\ngrade: stopped; what was graded is kept, the same command goes on"


def grade(environment):
    """Grade, write the tables, and say who should be looked at."""
    from tools.course.grade import run
    from tools.course.grade.limits import limits_of
    from tools.course.results import tables

    course, chapters = course_of(environment), chapters_of(environment)
    limits, workers = limits_of(environment), run.workers_of(environment)
    framework = environment.get("FRAMEWORK", "reference")
    if framework not in ("reference", "own"):
        raise CourseError(f"FRAMEWORK={framework}: it is `reference` or `own`")
    off = {}
    with _pool(environment, workers) as (new_pool, workers):
        for each in chapters:
            off |= _chapter(environment, course, each, limits, workers, new_pool)
    for stray in course.strays():
        print(f"  {stray}")
    for what, why in sorted(off.items()):
        print(f"Not shut off here: the {what} ({why}).")
    if off:
        print(
            "If you do not trust what you run, grade on Linux as a user who may make "
            "namespaces (the guide for instructors says more)."
        )
    people = {name: {} for name in course.everybody()} | tables.roster(course)
    paths = tables.write(course, people)
    print(f"Grades: {paths[0]}, and the same for Canvas and Moodle beside it.")
    return 0


def _pool(environment, workers):
    """Return a context that gives what makes pools (None: processes) and how many."""
    if not (address := environment.get("DASK", "")):
        return contextlib.nullcontext((None, workers))
    from tools.course.grade import dask_pool

    return dask_pool.opened(address, workers)


def _chapter(environment, course, book_chapter, limits, workers, new_pool):
    """Grade one chapter; return what could not be shut off, {what: why}."""
    from tools.course.grade import job, own_chapters, run
    from tools.course.results import tables

    package = job.pack(course, book_chapter, limits)
    students = run.select(course, book_chapter.slug, environment.get("STUDENT", ""))
    modules = (None, None)
    if environment.get("FRAMEWORK") == "own":
        before = [c for c in every_chapter() if c.number < book_chapter.number]
        modules = own_chapters.modules(
            course, before, students, limits, workers, new_pool
        )
    graded = run.grade(course, package, students, workers, modules, new_pool=new_pool)
    off = {}
    for student, result in sorted(graded.items()):
        off |= result["off"]
        if result["status"] != "graded":
            what = tables.WORDS[result["status"]]
            print(f"  {student}: {what}: {result['stopped']}")
    return off
