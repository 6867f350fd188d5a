"""FRAMEWORK=own: makes modules of tinytorch out of each student's earlier chapters.

A module holds the student's code for each exercise whose check passes, both in the
student's notebook and on the module, and the book's solution for the other exercises.
Where no exercise passes, the student gets the book's module.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

import nbformat

from tinytorch.own.assemble import assemble
from tinytorch.utils.files import write_whole
from tools.chapters.cells import SOLUTION, Chapter, check_id, exercise_id
from tools.course import handin, seat
from tools.course.attempt import attempt
from tools.course.course import Course, CourseError
from tools.course.grade import job as grading
from tools.course.grade import pool, run
from tools.course.grade.autograde import PrivateCourse
from tools.course.handin import Unreadable, cells_of
from tools.course.records import Job, OwnModule, OwnWork, Package
from tools.course.shut_in.replies import Limits, Stopped

# Code that is run before the checks: it defines all names of a module, private names
# too, which `import *` leaves out.
TAKE = "from importlib import import_module as _m\nglobals().update(vars(_m({!r})))"


def modules(
    course: Course,
    before: Iterable[Chapter],
    students: Iterable[str],
    limits: Limits,
    workers: int,
    new_pool: pool.NewPool | None = None,
) -> OwnWork:
    """Return the students' own modules of the chapters before the graded chapter.

    Args: before, the earlier chapters, in order: each chapter is run on the student's
        own modules of the chapters before it; workers, new_pool, as for `pool.results`.
    """
    owned: dict[str, dict[str, str]] = {}
    taken: dict[str, list[str]] = {student: [] for student in students}
    for chapter in before:
        try:
            package = grading.pack(course, chapter, limits)
        except CourseError:  # never released here, so nobody handed it in
            continue
        for made in _made(course, package, taken, owned, workers, new_pool):
            if made["mine"]:
                place = owned.setdefault(made["student"], {})
                place[package["module"]] = made["source"]
                taken[made["student"]].append(
                    f"{chapter.number} ({len(made['mine'])} of {made['of']})"
                )
    return OwnWork(owned, {name: _remark(of) for name, of in taken.items()})


def _remark(chapters: list[str]) -> str:
    """Return the remark that says on which of the student's chapters the work ran.

    Args: chapters, as "01 (3 of 4)": how many of a chapter's exercises are their own.
    """
    if chapters:
        return f"run on the student's own chapters {', '.join(chapters)}"
    return "run on the reference, there being no work on earlier chapters that passes"


def _made(
    course: Course,
    package: Package,
    students: Iterable[str],
    owned: dict[str, dict[str, str]],
    workers: int,
    new_pool: pool.NewPool | None,
) -> list[OwnModule]:
    """Return the module of a chapter for each student who handed the chapter in.

    Modules that an earlier run made of the same submission are read from results/own/.
    Students for whom the grader failed are left out.

    Args: owned, {student: {module: source}} of the chapters before.
    """
    slug = package["slug"]
    there = [s for s in students if handin.candidates(course.submitted / s, slug)]
    folder = course.root / "results" / "own" / slug
    folder.mkdir(parents=True, exist_ok=True)
    kept: list[OwnModule] = []
    jobs = run.jobs_of(course, package, there, OwnWork(owned, {}))
    fresh = _fresh(jobs, folder, kept)
    for job, result in pool.results(package, fresh, workers, build, new_pool):
        made = cast(OwnModule, result)
        if made.get("status") != "failed":
            made["digest"] = job["digest"]
            write_whole(folder / f"{job['student']}.json", json.dumps(made))
            kept.append(made)
    return kept


def _fresh(jobs: Iterable[Job], folder: Path, kept: list[OwnModule]) -> Iterator[Job]:
    """Yield the jobs whose module must be made; append the other modules to `kept`.

    Args: folder, with the modules of earlier runs, one JSON file for each student.
    """
    for job in jobs:
        path = folder / f"{job['student']}.json"
        old = json.loads(path.read_text("utf-8")) if path.exists() else {}
        if old.get("digest") == job["digest"]:
            kept.append(cast(OwnModule, old))
        else:
            yield job


def build(package: Package, job: Job) -> OwnModule:
    """Return a student's module of a chapter; runs in a worker process.

    No exercise is the student's where the submission cannot be read.

    Args: package, completed by `job.ready`; job, with `own`.
    """
    private = grading.own_course(package)
    exercises = [  # without the exercises that are not exported to a module
        cell.id
        for cell in private.notebook.cells
        if seat.role(cell) == "exercise" and cell.metadata.tinytorch.export
    ]
    made = OwnModule(student=job["student"], source="", mine=[], of=len(exercises))
    try:
        cells = cells_of(job["data"]) if "data" in job else []
        seated = seat.seat(private.notebook, private.published, cells)
    except Unreadable:
        return made
    theirs = {cell.id: cell.source for cell in seated.notebook.cells}
    result = attempt(lambda: private.runner.session(job["own"]), seated)
    passed = {v.id for v in result.verdicts if v.state == "passed"}
    changed = [name for name in exercises if name in seated.theirs]

    def tried(names: set[str]) -> tuple[str, set[str]]:
        """Return the module with the student's code for the exercises `names`.

        Also the names of those exercises whose checks fail on the module.
        """
        if not names:
            return "", set()
        source = _assembled(package, {name: theirs[name] for name in names})
        return source, _broken(package, private, job["own"], source, names)

    mine = {name for name in changed if check_id(name) in passed}
    source, broken = tried(mine)
    while broken:
        mine -= broken
        source, broken = tried(mine)
    # A check may have failed in the notebook because another exercise was unsolved:
    # on the module, which has the book's solution for that one, the check may pass.
    for name in changed:
        if name not in mine:
            more, broken = tried(mine | {name})
            if not broken:
                mine, source = mine | {name}, more
    return {**made, "source": source, "mine": sorted(mine)}


def _assembled(package: Package, mine: Mapping[str, str]) -> str:
    """Return the source of a chapter's module with a student's code for some exercises.

    The other cells hold the book's text. `module_source.put_together` is not used:
    it leaves an exercise out by the names that the exercise uses; here `_broken` runs
    the exercise's check.

    Args: mine, {cell id: text} of the student's exercises.
    """
    texts = []
    for cell in nbformat.reads(package["source"], as_version=4).cells:
        if cell.metadata.get("tinytorch", {}).get("export"):
            solved = SOLUTION.sub(r"\2", cell.source)
            texts.append((cell.id, mine.get(cell.id, solved)))
    return assemble(texts, f"A student's own {package['module']}.")


def _broken(
    package: Package,
    private: PrivateCourse,
    own: Mapping[str, str],
    source: str,
    mine: set[str],
) -> set[str]:
    """Return which of the exercises `mine` have a check that fails on the module.

    Such an exercise uses a name from another cell of the student's notebook. All of
    `mine` are returned where the module cannot be imported, or its process ends.

    Args: own, {module: source} of the student's earlier chapters; source, the module's.
    """
    everything = set(mine)
    with private.runner.session({**own, package["module"]: source}) as session:
        try:
            for cell in private.notebook.cells:
                given = (
                    seat.role(cell) == "setup" and not cell.metadata.tinytorch.export
                )
                if given:
                    session.run(cell.id, cell.source)
            if session.run("module", TAKE.format(package["module"])).error:
                return everything
            failed = set()
            for cell in private.notebook.cells:
                name = exercise_id(cell.id)
                if seat.role(cell) == "check" and name in mine:
                    reply = session.run(cell.id, cell.source, check=True)
                    failed |= {name} if reply.error else set()
            return failed
        except Stopped:
            return everything
