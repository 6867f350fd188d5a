"""Talks to the process that runs one submission, and kills it when a cap is passed."""

import array
import contextlib
import json
import os
import secrets
import selectors
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict

PROGRAM = Path(__file__).with_name("inside.py")
GRACE = 3  # seconds from asking a cell to stop to ending the process
KEPT = 20_000  # characters of a cell's output that are kept
THREADS = ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")


@dataclass(frozen=True)
class Limits:
    """Caps on what one submission may use."""

    cell: float = 30  # seconds of a clock on the wall, for one cell
    time: float = 120  # the same, for the whole submission
    cpu: int = 100  # seconds of processor time, for the whole submission
    memory: int = 3000  # megabytes of address space, for each process
    output: float = 2  # megabytes written to the screen, in the whole submission
    disk: int = 64  # megabytes written to files


class CellError(TypedDict):
    """An exception that ended a cell."""

    name: str  # of its class
    text: str
    where: list[tuple[str, int]]  # (cell id, line) of each frame inside a cell


@dataclass
class Reply:
    """The outcome of running one cell."""

    error: CellError | None
    out: str = ""  # written to stdout, cut to KEPT characters
    err: str = ""  # written to stderr, cut likewise
    shown: bool = False  # whether the cell ended on a value
    warnings: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)  # names it had tampered with


class Stopped(Exception):
    """The process was ended, by us or by itself.

    str(error) completes "the submission ...".
    """

    forged = False


class Forged(Stopped):
    """We killed the submission since it wrote replies that only `inside` may write."""

    forged = True


class Runner:
    """A process with numpy and IPython loaded that forks for each submission."""

    def __init__(self, framework: str | Path, limits: Limits) -> None:
        """Start the process.

        Args: framework, the folder that holds `tinytorch`; limits, of each submission.
        """
        self.limits = limits
        self.folders = sorted({str(framework), *_python_folders()})
        self.orders, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    str(PROGRAM),
                    str(framework),
                    json.dumps(self.folders),
                ],
                stdin=theirs.fileno(),
                env=_environment(),
                cwd="/",
                start_new_session=True,
            )

    def session(self, own: dict[str, str] | None = None) -> "Session":
        """Return a Session for one submission.

        Args: own, {name: source} of modules to import in place of the framework's.
        """
        return Session(self, own or {})

    def close(self) -> None:
        """End the process."""
        self.orders.close()
        self.process.kill()
        self.process.wait()


class Session:
    """One submission's process. A context manager; leaving it ends the process.

    `off` is {restriction: why this machine lacks it}, `held` the caps that hold.
    """

    def __init__(self, runner: Runner, own: dict[str, str]) -> None:
        """Have the runner fork, and wait until the process is shut in.

        Raises: Stopped where it does not start.
        """
        self.limits = runner.limits
        self.deadline = time.monotonic() + self.limits.time
        self.written = 0
        self.pieces: dict[str, list[str]] = {"out": [], "err": []}
        self.lines: list[bytes] = []
        self.partial = b""
        self.control, theirs = socket.socketpair()
        ends = [os.pipe(), os.pipe()]
        start = {**vars(self.limits), "folders": runner.folders}
        handles = array.array("i", [theirs.fileno(), ends[0][1], ends[1][1]])
        right = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, handles)]
        runner.orders.sendmsg([json.dumps(start).encode()], right)
        theirs.close()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.control, selectors.EVENT_READ, "control")
        for name, (reading, writing) in zip(("out", "err"), ends, strict=True):
            os.close(writing)
            self.selector.register(reading, selectors.EVENT_READ, name)
        self.handle: int | None = None
        self.pid: int | None = None
        self.held: list[str] = []
        self.off: dict[str, str] = {}
        self._greet()
        self._send({"own": own})

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, cell_id: str, source: str, check: bool = False) -> Reply:
        """Run a cell and return its Reply.

        Args: check, whether to restore first what checks rely on.
        Raises: Stopped where the submission ended its process, or we had to.
        """
        self.pieces = {"out": [], "err": []}
        nonce = secrets.token_hex(8)
        self._send({"id": cell_id, "source": source, "check": check, "nonce": nonce})
        until = min(time.monotonic() + self.limits.cell, self.deadline)
        line, late = self._line(until), None
        if line is None:
            late = f"took longer than {self.limits.cell:g} s"
            if time.monotonic() >= self.deadline:
                self._end()
                raise Stopped(f"took longer than {self.limits.time:g} s in all")
            self._signal(signal.SIGINT)
            line = self._line(time.monotonic() + GRACE)
            if line is None:
                self._end()
                raise Stopped(f"{late} in cell {cell_id}, and would not be interrupted")
        reply = self._reply(line, nonce)
        self._drain()
        if late:
            reply["error"] = {"name": "TimeoutError", "text": late, "where": []}
        out, err = ("".join(self.pieces[name])[:KEPT] for name in ("out", "err"))
        return Reply(out=out, err=err, **reply)

    def _reply(self, line: bytes, nonce: str) -> dict[str, Any]:
        """Return the reply in a line; raises Forged for what no runner writes."""
        try:
            reply = json.loads(line)
            if reply.pop("nonce") == nonce:
                error = reply["error"]
                known = {"name": "", "text": "", "where": []}
                if error is None or error.keys() == known.keys():
                    Reply(**reply)
                    return reply
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            pass
        self._end()
        raise Forged("gave answers that it was not asked for")

    def close(self) -> None:
        """End the process, and all that it started."""
        self._end()
        for key in list(self.selector.get_map().values()):
            if key.data != "control":
                os.close(key.fd)
        self.selector.close()
        self.control.close()
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None

    def _greet(self) -> None:
        """Wait until the process is shut in; note its number and what holds."""
        heard: dict[str, Any] = {}
        until = time.monotonic() + 60
        while not {"pid", "held"} <= heard.keys():
            line = self._line(until)
            if line is None:
                raise Stopped("could not be started within 60 s")
            heard |= json.loads(line)
        self.held, self.off, self.pid = heard["held"], heard["off"], heard["pid"]
        if hasattr(os, "pidfd_open"):  # Linux: a handle, which no later process gets
            with contextlib.suppress(OSError):
                self.handle = os.pidfd_open(self.pid)

    def _send(self, message: object) -> None:
        try:
            self.control.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            raise Stopped(self._why_gone()) from None

    def _line(self, until: float) -> bytes | None:
        """Return the next line from the process, or None when the time is over."""
        while not self.lines:
            left = until - time.monotonic()
            if left <= 0:
                return None
            for key, _ in self.selector.select(left):
                self._read(key)
        return self.lines.pop(0)

    def _read(self, key: selectors.SelectorKey) -> None:
        """Take in what one of the three connections brought."""
        data = os.read(key.fd, 65536)
        if key.data != "control":
            if not data:
                self.selector.unregister(key.fileobj)
                os.close(key.fd)
                return
            self.written += len(data)
            if sum(map(len, self.pieces[key.data])) < KEPT:
                self.pieces[key.data].append(data.decode(errors="replace"))
            if self.written > self.limits.output * 1_000_000:
                self._end()
                raise Stopped(f"wrote more than {self.limits.output:g} MB of output")
            return
        if not data:
            raise Stopped(self._why_gone())
        *whole, self.partial = (self.partial + data).split(b"\n")
        if len(self.partial) > 1_000_000:
            self._end()
            raise Forged("gave answers that it was not asked for")
        self.lines += whole

    def _drain(self) -> None:
        """Take in the output that is still on its way."""
        for key, _ in self.selector.select(0):
            if key.data != "control":
                self._read(key)

    def _why_gone(self) -> str:
        return "ended its own process (memory or processor time used up, or an exit)"

    def _signal(self, number: int) -> None:
        with contextlib.suppress(OSError):
            if self.handle is not None:
                signal.pidfd_send_signal(self.handle, number)
            elif self.pid:
                os.kill(self.pid, number)

    def _end(self) -> None:
        """Kill the process, and where there are no namespaces its group as well."""
        self._signal(signal.SIGKILL)
        if self.off and self.pid:
            with contextlib.suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)


def _python_folders() -> set[str]:
    """Return the folders that Python needs, the project's own not among them."""
    wanted = {sys.prefix, sys.base_prefix, sys.exec_prefix}
    wanted |= {path for path in sys.path if "site-packages" in path}
    wanted |= {str(Path(path).resolve()) for path in wanted}
    return {path for path in wanted if Path(path).is_dir()}


def _environment() -> dict[str, str]:
    """Return an environment with nothing of the instructor's in it."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    threads = {f"{name}_NUM_THREADS": "1" for name in THREADS}
    more = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", "IPYTHONDIR": "/tmp"}
    return {**kept, **threads, **more}
