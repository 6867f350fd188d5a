"""Grades a chapter's own solutions, and its unsolved stubs, before the release."""

import tempfile
from collections.abc import Mapping

from nbformat import NotebookNode

from tools.chapters.cells import Chapter
from tools.course import attempt, earlier_chapters, seat
from tools.course.course import CourseError
from tools.course.shut_in.outside import Runner
from tools.course.shut_in.replies import Limits


def rehearse(chapter: Chapter, source_notebook: NotebookNode) -> None:
    """Raise CourseError unless a chapter's checks grade rightly.

    Every check must fail on the unsolved stubs, and pass on the solutions. There it
    must not write to stderr, warn or end on a value: nbgrader gives no points for the
    first two, and takes a number at the end for part of the points.

    Args: chapter, with the course's hidden tests; source_notebook, the chapter's
        instructor's notebook.
    Raises: CourseError, which names the cell.
    """
    published = {cell.id: cell.published for cell in chapter.code}
    solved = {cell.id: cell.solved for cell in chapter.code}
    with tempfile.TemporaryDirectory() as folder:
        framework = earlier_chapters.unpack(
            earlier_chapters.pack(chapter.number), folder
        )
        runner = Runner(framework, Limits())
        try:
            full = _attempt(runner, source_notebook, published, solved)
            none = _attempt(runner, source_notebook, published, published)
        finally:
            runner.close()
    for verdict in full.verdicts:
        problem = _problem(verdict, full)
        if problem:
            raise CourseError(f"{chapter.path}: cell {verdict.id!r}: {problem}")
    for verdict in none.verdicts:
        if verdict.state == "passed":
            raise CourseError(
                f"{chapter.path}: cell {verdict.id!r}: the check passes on the "
                "bare stub, so it would give its points for nothing; test what the "
                "solution does"
            )


def _attempt(
    runner: Runner,
    source_notebook: NotebookNode,
    published: Mapping[str, str],
    texts: Mapping[str, str],
) -> attempt.Attempt:
    """Grade a submission made of these texts, and return its Attempt.

    Args: published, the release's {cell id: text}; texts, the submission's.
    """
    cells = [
        NotebookNode(id=name, cell_type="code", source=text, metadata=NotebookNode())
        for name, text in texts.items()
    ]
    seated = seat.seat(source_notebook, published, cells)
    return attempt.attempt(runner.session, seated)


def _problem(verdict: attempt.Verdict, full: attempt.Attempt) -> str | None:
    """Return a sentence on what is wrong with a check that ran on the solutions.

    None for a check without fault.
    """
    if verdict.state == "hidden":
        reply = full.replies[verdict.id][-1]
        told = attempt.told(reply.error, "") if reply.error else ""
        return f"a hidden test fails on the solution: {told}"
    if verdict.state != "passed":
        where = ", ".join(f"{name}: {text}" for name, text in full.errors.items())
        return f"the check fails on the solution: {verdict.message} {where}".strip()
    for reply in full.replies[verdict.id]:
        if reply.err:
            return (
                f"the check writes to stderr: {reply.err.strip()[:200]!r}; nbgrader "
                "gives no points then"
            )
        if reply.warnings:
            return (
                f"the check warns: {reply.warnings[0]!r}; nbgrader gives no points "
                "for what a warning writes to stderr"
            )
        if reply.shown:
            return (
                "the check ends on a value; nbgrader takes a number there for part "
                "of the points; end the cell on the call of its test function"
            )
    return None
