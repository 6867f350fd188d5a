"""Runs a seated notebook and judges its checks, in two processes.

The first is never told a hidden test: it runs the part of each check that students
see, and what it says may be passed on. The second runs the checks whole, and nothing
that it says leaves here but which of them passed.
"""

import re
from dataclasses import asdict, dataclass, field

from nbformat.v4 import new_output

from tools.chapters.cells import HIDDEN
from tools.course import seat
from tools.course.shut_in.outside import Stopped

LONGEST = 600  # characters of a message that a student reads
UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
SHORTEST = 6  # a hidden line shorter than this gives nothing away
HIDDEN_FAILED = (
    "The tests that you can see passed. A hidden one did not: try your code on cases "
    "that the text names and the visible tests leave out."
)


@dataclass
class Verdict:
    """What a check decided. `state` is passed, failed, hidden, late or unrun."""

    id: str
    points: float  # what it is worth
    state: str
    message: str = ""

    @property
    def score(self):
        """The points it gives."""
        return self.points if self.state == "passed" else 0.0


@dataclass
class Attempt:
    """What came of a submission: its verdicts, errors of its cells, remarks."""

    verdicts: list = field(default_factory=list)
    errors: dict = field(default_factory=dict)  # {id of a cell: what went wrong in it}
    notes: list = field(default_factory=list)  # remarks that the student may read
    flags: list = field(default_factory=list)  # remarks for the course's staff alone
    replies: dict = field(default_factory=dict)  # {id of a check: replies}, as run
    stopped: str = ""
    off: dict = field(default_factory=dict)  # {cap: why this machine lacks it}

    def as_dict(self):
        """Return what is kept of it, ready for JSON."""
        verdicts = [{**asdict(each), "score": each.score} for each in self.verdicts]
        kept = {
            name: getattr(self, name)
            for name in ("errors", "notes", "flags", "stopped", "off")
        }
        return {"verdicts": verdicts, **kept}


def attempt(new_session, seated):
    """Run a seated notebook; fill its outputs; return the Attempt.

    No submission makes this raise: one that must be ended gets no points for the
    checks that had not run, and the Attempt says why.

    Args: new_session, makes a Session.
    """
    result, tampered = Attempt(notes=list(seated.notes)), set()
    left_out = seat.unused(seated)
    cells = [
        cell
        for cell in seated.notebook.cells
        if cell.cell_type == "code" and cell.id not in left_out
    ]
    with new_session() as session:
        result.off = dict(session.off)
        for cell in cells:
            if seat.role(cell) == "check":
                verdict = _judge(session, cell, result, tampered)
                result.verdicts.append(verdict)
                cell.outputs = []
            elif not result.stopped:
                cell.outputs = _run(session, cell, result)
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


def hidden_lines(notebook):
    """Return the lines that stand in hidden tests and nowhere else in the notebook."""
    hidden, seen = set(), set()
    for cell in notebook.cells:
        if seat.role(cell) == "check":
            for match in HIDDEN.finditer(cell.source):
                hidden |= _lines(match[2])
        seen |= _lines(HIDDEN.sub("", cell.source))
    return {line for line in hidden - seen if len(line) >= SHORTEST}


def _judge(session, cell, result, tampered):
    """Run the part of a check that students see; return the Verdict so far."""
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


def _judge_whole(session, cells, whole, verdicts, result):
    """Run the checks whose ids are in `whole` with their hidden tests."""
    ended = False
    for cell in cells:
        if cell.id in verdicts and cell.id not in whole:
            continue  # decided, and what hangs need not hang twice
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


def _run(session, cell, result):
    """Run a cell that is no check; return its outputs."""
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


def _stop(result, stop):
    result.stopped = f"the submission {stop}"
    if stop.forged:
        result.flags.append("read its code: it tried to answer in the grader's place")


def told(error, check_id):
    """Say an error in words: its text, and the last place in a student's cell."""
    text = error["text"].strip()
    if error["name"] not in ("AssertionError", "TimeoutError") or not text:
        text = f"{error['name']}: {text}" if text else error["name"]
    places = [place for place in error["where"] if place[0] != check_id]
    known = [p for p in places if not p[0].startswith("<")]
    if known:
        cell_id, line = known[-1]
        return f"{_short(text)}\n(in cell {cell_id}, line {line})"
    return _short(text)


def _short(text):
    """Return a text as it can be written anywhere, and not too long."""
    plain = UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return plain if len(plain) <= LONGEST else plain[:LONGEST] + " …"


def _shown(name, text):
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


def _lines(text):
    return {" ".join(line.split()) for line in text.splitlines()}
