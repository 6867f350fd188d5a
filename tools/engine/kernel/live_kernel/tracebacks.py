"""Formats errors for the reader: with the cell's lines, without the kernel's own."""

import traceback
from typing import Any

_OWN = __file__.removesuffix("tracebacks.py").removesuffix("tracebacks.pyc")
_RED, _PLAIN = "\x1b[31m", "\x1b[0m"


def describe(error: BaseException) -> dict[str, Any]:
    """Return an exception's ename, evalue and traceback, as Jupyter's messages do.

    The traceback is a list of lines; the exception's name in its last line is red.
    """
    summary = traceback.TracebackException.from_exception(error, compact=True)
    _drop_own_frames(summary, set())
    lines = "".join(summary.format()).rstrip("\n").split("\n")
    name = type(error).__name__
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if line.startswith(name) or line.split(":")[0].endswith("." + name):
            head, colon, tail = line.partition(":")
            lines[number] = f"{_RED}{head}{_PLAIN}{colon}{tail}"
            break
    return {"ename": name, "evalue": _text(error), "traceback": lines}


def _text(error: BaseException) -> str:
    """Return an exception's message, even where its __str__ raises."""
    try:
        return str(error)
    except Exception:
        return "<its message could not be made>"


def _drop_own_frames(
    summary: traceback.TracebackException | None, seen: set[int]
) -> None:
    """Remove the kernel's frames from an exception and from all it is chained to.

    ``seen`` holds ids of those done, since a chain of exceptions may be a circle.
    """
    if summary is None or id(summary) in seen:
        return
    seen.add(id(summary))
    if summary.stack is not None:
        kept = [frame for frame in summary.stack if not _is_own(frame.filename)]
        summary.stack = traceback.StackSummary.from_list(kept)
    _drop_own_frames(summary.__cause__, seen)
    _drop_own_frames(summary.__context__, seen)
    for part in getattr(summary, "exceptions", None) or ():
        _drop_own_frames(part, seen)


def _is_own(filename: str) -> bool:
    return filename.startswith(_OWN)
