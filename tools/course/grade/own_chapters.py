"""FRAMEWORK=own: a student's earlier chapters, made into modules of the package.

An exercise of theirs is taken where its check passes, in their notebook and in the
module; the reference fills in the others. A module that cannot be had at all is the
reference's.
"""

import json

import nbformat

from tinytorch.own.assemble import assemble
from tools.chapters.cells import SOLUTION, check_id, exercise_id
from tools.course import handin, seat
from tools.course.attempt import attempt
from tools.course.course import CourseError
from tools.course.grade import job, pool, run
from tools.course.handin import Unreadable, cells_of
from tools.course.results.writer import put
from tools.course.shut_in.outside import Stopped

TAKE = "from importlib import import_module as _m\nglobals().update(vars(_m({!r})))"


def modules(course, before, students, limits, workers, new_pool=None):
    """Return ({student: {module: source}}, {student: remark}) for FRAMEWORK=own.

    What was made for the same work before is used again.

    Args: before, the chapters before the one that is graded, in order; new_pool, as
        in `pool`.
    """
    owned, told = {}, {student: [] for student in students}
    for book_chapter in before:
        try:
            package = job.pack(course, book_chapter, limits)
        except CourseError:  # never released here, so nobody handed it in
            continue
        root = course.root / "submitted"
        there = [s for s in told if handin.candidates(root / s, book_chapter.slug)]
        folder = course.root / "results" / "own" / book_chapter.slug
        folder.mkdir(parents=True, exist_ok=True)
        kept = []
        fresh = _fresh(run.jobs_of(course, package, there, owned), folder, kept)
        for each, made in pool.results(
            package, fresh, workers, function=build, new_pool=new_pool
        ):
            if made.get("status") != "failed":
                made["digest"] = each["digest"]
                put(folder / f"{each['student']}.json", json.dumps(made))
                kept.append(made)
        for made in kept:
            if made["mine"]:
                place = owned.setdefault(made["student"], {})
                place[package["module"]] = made["source"]
                told[made["student"]].append(
                    f"{book_chapter.number} ({len(made['mine'])} of {made['of']})"
                )
    remarks = {
        student: f"run on the student's own chapters {', '.join(numbers)}"
        if numbers
        else "run on the reference, there being no work on earlier chapters that passes"
        for student, numbers in told.items()
    }
    return owned, remarks


def _fresh(jobs, folder, kept):
    """Yield the jobs that are new; append to `kept` what was made of the others."""
    for each in jobs:
        path = folder / f"{each['student']}.json"
        old = json.loads(path.read_text("utf-8")) if path.exists() else {}
        if old.get("digest") == each["digest"]:
            kept.append(old)
        else:
            yield each


def build(package, task):
    """Make a student's module of a chapter; a plain function, as `job.grade` is.

    Returns: a dict: student, source, mine (the exercises that are theirs), of.
    """
    private = job.own_course(package)
    exercises = [  # those that are only practised are in no module
        cell.id
        for cell in private.notebook.cells
        if seat.role(cell) == "exercise" and cell.metadata.tinytorch.export
    ]
    made = {"student": task["student"], "source": "", "mine": [], "of": len(exercises)}
    try:
        cells = cells_of(task["data"]) if "data" in task else []
        seated = seat.seat(private.notebook, private.published, cells)
    except Unreadable:
        return made
    theirs = {cell.id: cell.source for cell in seated.notebook.cells}
    result = attempt(lambda: private.runner.session(task["own"]), seated)
    passed = {v.id for v in result.verdicts if v.state == "passed"}
    changed = [name for name in exercises if name in seated.theirs]

    def check(names):
        source = _assembled(package, {name: theirs[name] for name in names})
        return source, _broken(package, private, task["own"], source, names)

    mine = {name for name in changed if check_id(name) in passed}
    source, broken = check(mine) if mine else ("", set())
    while broken:
        mine -= broken
        source, broken = check(mine) if mine else ("", set())
    for name in changed:  # its check may have failed for want of another exercise
        if name not in mine:
            more, broken = check(mine | {name})
            if not broken:
                mine, source = mine | {name}, more
    return {**made, "source": source, "mine": sorted(mine)}


def _assembled(package, mine):
    """Return the module of a chapter with these exercises in place of the reference."""
    texts = []
    for cell in nbformat.reads(package["source"], as_version=4).cells:
        if cell.metadata.get("tinytorch", {}).get("export"):
            solved = SOLUTION.sub(r"\2", cell.source)
            texts.append((cell.id, mine.get(cell.id, solved)))
    return assemble(texts, f"A student's own {package['module']}.")


def _broken(package, private, own, source, mine):
    """Return the exercises whose checks fail on the module; all, where it ends itself.

    A function that used a name from another cell of the notebook is found here.
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
