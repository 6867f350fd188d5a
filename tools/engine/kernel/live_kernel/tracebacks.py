"""Formats exceptions for the reader: with the cell's lines, without the kernel's."""

import traceback
from typing import Any

# The kernel's own folder, by which its frames are known.
_OWN = __file__.removesuffix("tracebacks.py").removesuffix("tracebacks.pyc")
_RED, _PLAIN = "\x1b[31m", "\x1b[0m"  # terminal codes, which the page shows as colours


def describe(error: BaseException) -> dict[str, Any]:
    """Return the fields ename, evalue and traceback of a Jupyter error message.

    The traceback is a list of lines; the exception's name in one of the last is red.
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
    """Return an exception's message, or a notice where its __str__ raises."""
    try:
        return str(error)
    except Exception:
        return "<its message could not be made>"


def _drop_own_frames(
    summary: traceback.TracebackException | None, seen: set[int]
) -> None:
    """Remove the kernel's frames from an exception and all exceptions chained to it.

    ``seen`` holds the ids of the summaries done, since a chain may be a circle.
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
    """Return whether a frame's file is one of the kernel's."""
    return filename.startswith(_OWN)
