"""What passes between grading and a submission's process: caps, replies, its end."""

from dataclasses import dataclass, field
from typing import TypedDict

KEPT = 20_000  # characters kept of what a cell writes to stdout, and to stderr


@dataclass(frozen=True)
class Limits:
    """Caps on what one submission may use; `attempt` runs it in one or two Sessions."""

    cell: float = 30  # seconds of elapsed time, for one cell
    time: float = 120  # seconds of elapsed time, for each Session
    cpu: int = 100  # seconds of processor time, for each process
    memory: int = 3000  # megabytes (2**20 bytes) of address space, for each process
    output: float = 2  # megabytes (10**6 bytes) of stdout and stderr, for each Session
    disk: int = 64  # megabytes (2**20 bytes) of files in all, and in each file


class CellError(TypedDict):
    """An exception that ended a cell."""

    name: str  # the name of the exception's class
    text: str  # the exception's message
    where: list[tuple[str, int]]  # (cell id, line) of frames inside cells, inmost last


@dataclass
class Reply:
    """The outcome of running one cell."""

    error: CellError | None  # the exception that ended the cell, or None
    out: str = ""  # written to stdout, cut to KEPT characters
    err: str = ""  # written to stderr, cut to KEPT characters
    shown: bool = False  # whether the cell's last line is an expression with a value
    warnings: list[str] = field(default_factory=list)  # "CategoryName: message"
    # Names that checks rely on, and that earlier cells had replaced; for checks alone.
    changed: list[str] = field(default_factory=list)


class Stopped(Exception):
    """Raised where a submission's process was killed, has ended, or did not start.

    str(error) completes a sentence that begins "the submission ...".
    """

    forged = False


class Forged(Stopped):
    """Raised where a submission was killed since its code wrote replies of its own.

    Only inside.py may write to the connection for replies.
    """

    forged = True
