"""Turns the output of an installer that failed into a message that says what to do."""

import errno
import re
import shutil
import sys
from typing import NamedTuple

from tools.environment import paths

# {kind of failure: the pattern that shows it in an installer's output}. The first kind
# whose pattern is found counts. "conflict" comes before "network" because pip compares
# versions only after it has reached the index, even if it had to retry before.
SIGNS = {
    "disk": r"No space left on device|Disk quota exceeded|\[Errno (28|122)\]"
    r"|os error (28|122)\b|not enough space on the disk",
    "denied": r"Permission denied|Read-only file system|\[Errno (13|30)\]"
    r"|os error (13|30)\b|Access is denied",
    "conflict": r"ResolutionImpossible|No solution found when resolving",
    "certificate": r"CERTIFICATE_VERIFY_FAILED|invalid peer certificate",
    "missing": r"\(from versions: (?!none)",
    "network": r"NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ProxyError"
    r"|SSLError|Max retries exceeded|Temporary failure in name resolution"
    r"|Connection reset|Name or service not known|Network is unreachable|Read timed out"
    r"|connection broken|getaddrinfo failed|nodename nor servname"
    r"|error sending request|client error \(Connect\)|dns error|timed out"
    r"|HTTP error 5\d\d|HTTP status server error",
    "none": r"No matching distribution found",
    "build": r"subprocess-exited-with-error|Failed to build|build backend",
}
# The beginning of a line of pip's or uv's output that belongs to an error message.
ERROR_LINE = re.compile(
    r"(ERROR|Error|error|cause|hint|Caused by)\b|[×✗]|╰─▶|(And )?[Bb]ecause "
    r"|The user requested |\S+ \S+ depends on "
)
# Kinds of failure that happen before any package of .venv is changed, so that .venv is
# as good as it was.
HARMLESS = ("conflict", "certificate", "missing", "network", "none")
SCARCE = 20_000_000  # bytes; with less space left, a full disk is the likely cause


class Failure(NamedTuple):
    """A failed installation."""

    kind: str  # a key of SIGNS, or "other"
    message: str  # what happened and what to do, for the user


def failure(output: str, doing: str) -> Failure:
    """Return the Failure of a step named `doing`, given the installer's output."""
    return Failure(kind_of(output), explain(output, doing, free_bytes()))


def kind_of(output: str) -> str:
    """Return the kind of failure that an installer's output shows.

    It is a key of SIGNS, or "other" if no pattern is found.
    """
    for kind, sign in SIGNS.items():
        if re.search(sign, output):
            return kind
    return "other"


def error_lines(output: str, most: int = 8, width: int = 300) -> str:
    """Return the last error lines of an installer's output, indented.

    If no line begins like an error message, return the last lines of the output. At
    most `most` lines are returned, each cut to `width` characters.
    """
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    marked = [line for line in lines if ERROR_LINE.match(line)]
    told = list(dict.fromkeys(marked))[-most:] or lines[-most:]
    return "\n".join(
        f"  {line if len(line) <= width else line[:width] + ' ...'}" for line in told
    )


def free_bytes() -> int | None:
    """Return the free bytes on the disk with .venv; None if the system gives none."""
    try:
        return shutil.disk_usage(paths.ROOT).free
    except OSError:
        return None


def explain(output: str, doing: str, free: int | None = None) -> str:
    """Return the message for a failed step: the installer's error lines, and advice.

    `doing` names the step; `free` is the disk's free space in bytes, None if unknown.
    """
    kind = kind_of(output)
    if kind == "other" and free is not None and free < SCARCE:
        kind = "disk"
    python = ".".join(map(str, sys.version_info[:3]))
    quoted = error_lines(output) or "  nothing"
    advice = ADVICE[kind].format(python=python)
    return f"{doing} failed. It said:\n{quoted}\n{advice}"


ADVICE = {  # {kind of failure: what to do}; {python} becomes the running version
    "disk": "The disk is full. Make room (.venv takes up to 1 GB), and run this again.",
    "denied": "A file or folder may not be written; the line above names it. See "
    "whose it is, and whether the disk is mounted read-only.",
    "conflict": "No set of versions fits all of pyproject.toml, constraints.txt "
    "and this Python {python}. The network is not at fault. If you changed "
    "neither file, this is a mistake of the project's: please report it with the "
    "lines above.",
    "certificate": "The package index's certificate is not trusted here, often "
    "since a proxy puts in its own. Name the file that holds the proxy's "
    "certificate (pip config set global.cert FILE), and run this again.",
    "missing": "The package index was reached, but has no version that "
    "constraints.txt asks for and that fits Python {python}. Another Python may "
    "do: make PYTHON=python3.12 ... Otherwise please report the lines above.",
    "network": "The package index could not be reached. Connect (behind a proxy, "
    "set HTTPS_PROXY), and run this again: what was fetched is kept.",
    "none": "The index offered no version at all: it could not be reached, or pip "
    "is set to one that lacks this package (pip config list).",
    "build": "A package had to be built here and could not be; usually there is "
    "no ready-made one for this machine and Python {python}. Another Python may "
    "do: make PYTHON=python3.12 ...",
    "other": "Mend what the lines above name, and run this again.",
}


def on_oserror(error: OSError) -> str:
    """Return the message for an OSError that was raised while .venv was set up."""
    where = error.filename or paths.VENV
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"The disk is full: {where} could not be written. Make room (.venv takes "
            "up to 1 GB), and run this again."
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return (
            f"{where} may not be written ({error.strerror}), and TinyTorch makes .venv "
            "in its own folder. Copy the folder to where you may write, or run with "
            "VENV=no in a Python that has the packages."
        )
    return f"Setting up .venv failed at {where}: {error.strerror or error}."
