"""Starts a sandboxed process for each submission, sends it cells, reads its replies.

The process runs inside.py. It is killed when the submission exceeds a cap.
"""

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
from pathlib import Path
from typing import Any

from tools.course.shut_in.replies import KEPT, Forged, Limits, Reply, Stopped

PROGRAM = Path(__file__).with_name("inside.py")
GRACE = 3  # seconds between interrupting a cell and killing the process
# Libraries below numpy; their NAME_NUM_THREADS is set to 1.
THREADS = ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")


class Runner:
    """A process that has loaded numpy and IPython and forks for each submission."""

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

        Args: own, {full name: source} of modules to import in place of the framework's.
        Raises: Stopped where the submission's process does not start.
        """
        return Session(self, own or {})

    def close(self) -> None:
        """Kill the process."""
        self.orders.close()
        self.process.kill()
        self.process.wait()


class Session:
    """Context manager for the sandboxed process of one submission; kills it at the end.

    `off` is {restriction that was not applied: why this machine lacks it}; `held` lists
    the names of the resource caps that hold.
    """

    def __init__(self, runner: Runner, own: dict[str, str]) -> None:
        """Have the runner fork, and wait until the new process is sandboxed.

        Args: own, {full name: source} of modules to import in place of the framework's.
        Raises: Stopped where the process ends, or is not ready within 60 s.
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

        A cell that takes too long, and can be interrupted, has the error TimeoutError.

        Args: check, whether to restore first the functions that checks rely on.
        Raises: Stopped where the process ended itself, could not be interrupted, or
            passed the cap on time or output. Forged, a Stopped, for a false reply.
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
        """Return the fields of a Reply from a line that the process sent.

        Raises: Forged, after killing the process, for a line that inside.py would not
            have written.
        """
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
        """Kill the process and close the connections to it."""
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
        """Wait until the process is sandboxed; set `pid`, `handle`, `held` and `off`.

        Raises: Stopped where the process ends, or is not ready within 60 s.
        """
        heard: dict[str, Any] = {}
        until = time.monotonic() + 60
        while not {"pid", "held"} <= heard.keys():
            line = self._line(until)
            if line is None:
                raise Stopped("could not be started within 60 s")
            heard |= json.loads(line)
        self.held, self.off, self.pid = heard["held"], heard["off"], heard["pid"]
        # On Linux, signals go by a handle: a later process may get the same pid.
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self.handle = os.pidfd_open(self.pid)

    def _send(self, message: object) -> None:
        """Send a message to the process as one line of JSON.

        Raises: Stopped where the process has ended.
        """
        try:
            self.control.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            raise Stopped(self._why_gone()) from None

    def _line(self, until: float) -> bytes | None:
        """Return the next line that the process sent, or None if none comes in time.

        Args: until, the last moment to wait for, on the clock `time.monotonic`.
        Raises: Stopped and Forged, as `_read` does.
        """
        while not self.lines:
            left = until - time.monotonic()
            if left <= 0:
                return None
            for key, _ in self.selector.select(left):
                self._read(key)
        return self.lines.pop(0)

    def _read(self, key: selectors.SelectorKey) -> None:
        """Read from the connection, or from stdout or stderr, of the process.

        Raises: Stopped where the process has ended, or has written too much output.
            Forged for a line too long for a reply.
        """
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
        """Read the output that stdout and stderr hold already, without waiting."""
        for key, _ in self.selector.select(0):
            if key.data != "control":
                self._read(key)

    def _why_gone(self) -> str:
        """Return the message of a Stopped for a process that has ended by itself."""
        return "ended its own process (memory or processor time used up, or an exit)"

    def _signal(self, number: int) -> None:
        """Send the process a signal; nothing happens where it has ended."""
        with contextlib.suppress(OSError):
            if self.handle is not None:
                signal.pidfd_send_signal(self.handle, number)
            elif self.pid:
                os.kill(self.pid, number)

    def _end(self) -> None:
        """Kill the process and what it started.

        With all namespaces the kernel kills the latter; where a restriction is off, the
        process group is killed as well.
        """
        self._signal(signal.SIGKILL)
        if self.off and self.pid:
            with contextlib.suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)


def _python_folders() -> set[str]:
    """Return the folders that Python needs to run and to import installed packages.

    The project's own folder is not among them.
    """
    wanted = {sys.prefix, sys.base_prefix, sys.exec_prefix}
    wanted |= {path for path in sys.path if "site-packages" in path}
    wanted |= {str(Path(path).resolve()) for path in wanted}
    return {path for path in wanted if Path(path).is_dir()}


def _environment() -> dict[str, str]:
    """Return the environment variables for the process.

    Of the instructor's variables only PATH and LANG are kept.
    """
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    threads = {f"{name}_NUM_THREADS": "1" for name in THREADS}
    more = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", "IPYTHONDIR": "/tmp"}
    return {**kept, **threads, **more}
