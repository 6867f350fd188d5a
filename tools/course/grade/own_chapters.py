"""FRAMEWORK=own: makes a student's earlier chapters into modules of the package.

An exercise is the student's own where its check passes, in their notebook and in the
module; the book's solution fills in the others. A student of whose chapter no exercise
passes has the book's module.
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
from tools.course.shut_in.outside import Limits, Stopped

# Run before the checks: all names of the module, also those that `import *` leaves out.
TAKE = "from importlib import import_module as _m\nglobals().update(vars(_m({!r})))"


def modules(
    course: Course,
    before: Iterable[Chapter],
    students: Iterable[str],
    limits: Limits,
    workers: int,
    new_pool: pool.NewPool | None = None,
) -> OwnWork:
    """Return the students' own modules of the chapters before the graded one.

    Args: before, these chapters, in order: each runs on the student's own of those
        before it; workers, new_pool, as for `pool.results`.
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
    """Return the module of a chapter for each student who handed it in.

    Modules made in an earlier run of the same work are read from results/own/.
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
    """Yield the jobs that are new; append to `kept` what was made of the others."""
    for job in jobs:
        path = folder / f"{job['student']}.json"
        old = json.loads(path.read_text("utf-8")) if path.exists() else {}
        if old.get("digest") == job["digest"]:
            kept.append(cast(OwnModule, old))
        else:
            yield job


def build(package: Package, job: Job) -> OwnModule:
    """Make a student's module of a chapter; a plain function, as `job.grade` is."""
    private = grading.own_course(package)
    exercises = [  # those that are only practised are in no module
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
        """Return a module with these exercises, and those whose checks fail on it."""
        if not names:
            return "", set()
        source = _assembled(package, {name: theirs[name] for name in names})
        return source, _broken(package, private, job["own"], source, names)

    mine = {name for name in changed if check_id(name) in passed}
    source, broken = tried(mine)
    while broken:
        mine -= broken
        source, broken = tried(mine)
    for name in changed:  # its check may have failed for want of another exercise
        if name not in mine:
            more, broken = tried(mine | {name})
            if not broken:
                mine, source = mine | {name}, more
    return {**made, "source": source, "mine": sorted(mine)}


def _assembled(package: Package, mine: Mapping[str, str]) -> str:
    """Return a chapter's module, of these exercises and the book's other cells.

    Not `put_together` of tinytorch/own/module_source.py: that leaves an exercise out by
    the names it uses, this by its check, which `_broken` runs.
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
    """Return which of these exercises' checks fail on the module.

    These are exercises that use a name from another cell of the notebook. All of them
    are returned where the module cannot be imported, or ends its process.
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
