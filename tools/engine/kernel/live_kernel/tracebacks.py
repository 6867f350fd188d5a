"""Errors as a reader wants them: the cell's lines, none of the kernel's."""

import traceback

_OWN = __file__.removesuffix("tracebacks.py").removesuffix("tracebacks.pyc")
_RED, _PLAIN = "\x1b[31m", "\x1b[0m"


def describe(error):
    """Returns ename, evalue and traceback (a list of lines) of an exception."""
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


def _text(error):
    try:
        return str(error)
    except Exception:
        return "<its message could not be made>"


def _drop_own_frames(summary, seen):
    """Takes the kernel's frames out of an exception and all it is chained to."""
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


def _is_own(filename):
    return filename.startswith(_OWN)
