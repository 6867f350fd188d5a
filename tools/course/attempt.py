"""Runs a submission, seated in the course's notebook, and decides which checks pass.

A first process runs each check without its hidden tests, which it is never sent; the
student may read its messages. A second process runs the checks that passed, with their
hidden tests. Only whether each check passes is kept of the second run, since its
messages could quote a hidden test.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from tools.chapters.cells import HIDDEN
from tools.course import seat
from tools.course.seat import Seated
from tools.course.shut_in.outside import Session
from tools.course.shut_in.replies import CellError, Reply, Stopped

LONGEST = 600  # characters of a message that a student reads
# Control characters (but for tab and line feed) and lone surrogates, which neither HTML
# nor the gradebook accepts.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
HIDDEN_FAILED = (
    "The tests that you can see passed. A hidden one did not: try your code on cases "
    "that the text names and the visible tests leave out."
)


@dataclass
class Verdict:
    """The result of a check. `state` is passed, failed, hidden, late or unrun.

    hidden: the visible tests passed, and a hidden test failed. late: the check took too
    long, or the submission's process ended during the check. unrun: the process had
    ended before the check, or there was nothing to run.
    """

    id: str
    points: float  # what the check is worth
    state: str
    message: str = ""  # for the student; "" for a check that passed

    @property
    def score(self) -> float:
        """The points given: all of them or none."""
        return self.points if self.state == "passed" else 0.0


@dataclass
class Attempt:
    """The outcome of running a submission: verdicts, errors of cells, remarks."""

    verdicts: list[Verdict] = field(default_factory=list)  # of all checks, in order
    # {id of a cell that is no check: message of the exception that ended the cell}
    errors: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  # remarks that the student may read
    flags: list[str] = field(default_factory=list)  # remarks for the staff alone
    # {cell id: replies}; for a check, of the first run and then of the second run, if
    # the check was in it. Read by release.rehearsal.
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    stopped: str = ""  # why the submission was ended, or ""
    off: dict[str, str] = field(
        default_factory=dict
    )  # {restriction that was not applied: why this machine lacks it}

    def as_dict(self) -> dict[str, Any]:
        """Return the fields of a records.Result that come from an Attempt."""
        verdicts = [{**asdict(each), "score": each.score} for each in self.verdicts]
        kept = {
            name: getattr(self, name)
            for name in ("errors", "notes", "flags", "stopped", "off")
        }
        return {"verdicts": verdicts, **kept}


def attempt(new_session: Callable[[], Session], seated: Seated) -> Attempt:
    """Run a seated notebook, set the outputs of its cells, and return the Attempt.

    A submission whose process must be killed gets no points for the checks that had not
    run; the Attempt says why.

    Args: new_session, returns a Session for this submission; seated, whose notebook is
        changed in place.
    Raises: Stopped where a process does not start.
    """
    result = Attempt(notes=list(seated.notes))
    cells = _cells_to_run(seated)
    with new_session() as session:
        result.off = dict(session.off)
        tampered = _run_visible(session, cells, result)
    verdicts = {verdict.id: verdict for verdict in result.verdicts}
    whole = {
        cell.id
        for cell in cells
        if cell.id in verdicts
        and verdicts[cell.id].state == "passed"
        and HIDDEN.search(cell.source)
    }
    if whole:
        with new_session() as session:
            _judge_whole(session, cells, whole, verdicts, result)
    for cell in cells:
        if cell.id in verdicts and not verdicts[cell.id].score:
            cell.outputs = [_shown("Check", verdicts[cell.id].message)]
    if tampered:
        result.flags.append(
            "read its code: it changed what checks rely on (put back before each "
            f"check): {', '.join(sorted(tampered))[:200]}"
        )
    return result


def _cells_to_run(seated: Seated) -> list[NotebookNode]:
    """Return the code cells, without those that `seat.unused` names."""
    left_out = seat.unused(seated)
    return [
        cell
        for cell in seated.notebook.cells
        if cell.cell_type == "code" and cell.id not in left_out
    ]


def _run_visible(
    session: Session, cells: list[NotebookNode], result: Attempt
) -> set[str]:
    """Run all cells, the checks without their hidden tests.

    The cells' outputs are set, and verdicts, errors and `stopped` put into `result`.

    Returns: the names of functions that checks rely on and the submission replaced.
    """
    tampered: set[str] = set()
    for cell in cells:
        if seat.role(cell) == "check":
            result.verdicts.append(_judge(session, cell, result, tampered))
            cell.outputs = []
        elif not result.stopped:
            cell.outputs = _run(session, cell, result)
    return tampered


def _judge(
    session: Session, cell: NotebookNode, result: Attempt, tampered: set[str]
) -> Verdict:
    """Run a check without its hidden tests; return the Verdict of this first run.

    Names of functions that checks rely on, and that the submission had replaced, are
    added to `tampered`.
    """
    points = float(cell.metadata.nbgrader["points"])
    if result.stopped:
        return Verdict(cell.id, points, "unrun", f"Not run: {result.stopped}.")
    try:
        reply = session.run(cell.id, HIDDEN.sub("", cell.source), check=True)
    except Stopped as stop:
        _stop(result, stop)
        return Verdict(cell.id, points, "late", f"Stopped: {result.stopped}.")
    result.replies[cell.id] = [reply]
    tampered.update(reply.changed)
    if reply.error is None:
        return Verdict(cell.id, points, "passed")
    late = reply.error["name"] == "TimeoutError" and not reply.error["where"]
    return Verdict(
        cell.id, points, "late" if late else "failed", told(reply.error, cell.id)
    )


def _judge_whole(
    session: Session,
    cells: list[NotebookNode],
    whole: set[str],
    verdicts: dict[str, Verdict],
    result: Attempt,
) -> None:
    """Run the cells again in a new process, now the checks with their hidden tests.

    The Verdict of a check that now fails gets the state `hidden`.

    Args: whole, ids of the checks to run; the other checks are left out.
    """
    ended = False
    for cell in cells:
        if cell.id in verdicts and cell.id not in whole:
            continue  # its Verdict stands, and a check that hung would hang again
        passed = False
        if not ended:
            try:
                reply = session.run(cell.id, cell.source, check=cell.id in whole)
                result.replies.setdefault(cell.id, []).append(reply)
                passed = reply.error is None
            except Stopped:
                ended = True
        if cell.id in whole and not passed:
            verdicts[cell.id].state = "hidden"
            verdicts[cell.id].message = HIDDEN_FAILED


def _run(session: Session, cell: NotebookNode, result: Attempt) -> list[NotebookNode]:
    """Run a cell that is no check, and return its outputs.

    An error is put into `result.errors`, and the end of the process into
    `result.stopped`.
    """
    try:
        reply = session.run(cell.id, cell.source)
    except Stopped as stop:
        _stop(result, stop)
        result.errors[cell.id] = f"Stopped: {result.stopped}."
        return [_shown("Stopped", result.errors[cell.id])]
    outputs = [
        new_output("stream", name=name, text=text)
        for name, text in (("stdout", reply.out), ("stderr", reply.err))
        if text
    ]
    if reply.error:
        message = told(reply.error, cell.id)
        result.errors[cell.id] = message
        outputs.append(_shown(reply.error["name"], message))
    return outputs


def _stop(result: Attempt, stop: Stopped) -> None:
    """Put into `result` why the submission was ended."""
    result.stopped = f"the submission {stop}"
    if stop.forged:
        result.flags.append("read its code: it tried to answer in the grader's place")


def told(error: CellError, check_id: str) -> str:
    """Return the message for an error: its text, and the cell and line it came from.

    The line is the inmost one in a cell other than `check_id`, the check's own cell:
    that text is not the student's.
    """
    text = error["text"].strip()
    if error["name"] not in ("AssertionError", "TimeoutError") or not text:
        text = f"{error['name']}: {text}" if text else error["name"]
    places = [place for place in error["where"] if place[0] != check_id]
    known = [p for p in places if not p[0].startswith("<")]
    if known:
        cell_id, line = known[-1]
        return f"{_short(text)}\n(in cell {cell_id}, line {line})"
    return _short(text)


def _short(text: str) -> str:
    """Return a text cut to LONGEST characters, with UNWRITABLE characters replaced."""
    plain = UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return plain if len(plain) <= LONGEST else plain[:LONGEST] + " …"


def _shown(name: str, text: str) -> NotebookNode:
    """Return an error output for the graded notebook, with a name and a text."""
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])
