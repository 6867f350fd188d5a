"""Makes .venv and keeps it fit: which packages a verb needs, and how they come in.

Standard library only, since it runs before any package is there. What is known of
.venv stands in .venv/installed: which Python made it, from which pins, with which
extras, and whether the last installation came to its end.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import errno
import hashlib
import importlib.util
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
INPUTS = ("pyproject.toml", "constraints.txt")

# Which of pyproject.toml's extras a verb needs. `python -m tools` lists the verbs in
# this order.
EXTRAS: dict[str, tuple[str, ...]] = {
    "serve": ("book",),
    "book": ("book",),
    "test": ("book", "course", "test"),
    "package": ("book",),
    "notebooks": ("book",),
    "analyze": ("book",),
    "bench": ("book",),
    "milestones": ("book",),
    "release": ("course",),
    "grade": ("course",),
    "repair": ("course",),
    "submissions": ("course",),
    "bench-grade": ("course",),
    "engine": ("book",),
    "startup": ("book", "test"),
    "clean": (),
}

# What installers write when something went wrong, by kind; the first kind that fits
# decides. "Conflict" stands before "network": where pip compared versions, it had
# reached the index, whatever it had to retry before.
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
ERROR_LINE = re.compile(
    r"(ERROR|Error|error|cause|hint|Caused by)\b|[×✗]|╰─▶|(And )?[Bb]ecause "
    r"|The user requested |\S+ \S+ depends on "
)
# These come before anything is put into .venv, so what stood there still stands.
HARMLESS = ("conflict", "certificate", "missing", "network", "none")
# With these, pip may succeed where uv did not: it has other settings.
PIP_MAY_DO = ("certificate", "network", "build", "other")
SCARCE = 20_000_000  # bytes; with less room left, the disk is the likely cause
PIP_TO_UV = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}


@dataclasses.dataclass(frozen=True)
class State:
    """What .venv/installed says: the Python, the pins' hash, the extras, the end."""

    python: str
    inputs: str
    extras: tuple[str, ...]
    finished: bool


def set_up(verb: str) -> str | None:
    """Make .venv fit for the verb; return a sentence if that cannot be."""
    try:
        if fits(read_state(), EXTRAS[verb]):
            return None
        with one_at_a_time() as lock:
            return bring_up(verb, lock)
    except KeyboardInterrupt:
        return (
            "\nStopped before .venv was complete. Run this again: it starts anew, "
            "with what was fetched so far where the installer kept it."
        )
    except OSError as error:
        return on_oserror(error)


def bring_up(verb: str, lock: int | None) -> str | None:
    """Create or extend .venv for the verb; return a sentence if that cannot be."""
    before = read_state()
    if fits(before, EXTRAS[verb]) or (before is None and inside_venv()):
        return None  # another run has made it meanwhile, or it was made by hand
    fresh = not PYTHON.exists() or (
        before is not None and (not before.finished or before.python != this_python())
    )
    known = () if fresh or before is None else before.extras
    extras = tuple(sorted({*EXTRAS[verb], *known}))
    print(f"Setting up .venv with what {verb} needs ({', '.join(extras)}) ...")
    sys.stdout.flush()
    progress = Progress(sys.stdout, sys.stdout.isatty())
    if fresh:
        problem = make_venv(State(this_python(), inputs(), extras, False), progress)
        if problem:
            return problem
    write_state(State(this_python(), inputs(), extras, False))
    kind, problem = install(extras, progress, lock)
    if not problem:
        write_state(State(this_python(), inputs(), extras, True))
        progress.close(".venv is ready.")
    elif kind in HARMLESS and not fresh:
        if before is None:
            (VENV / "installed").unlink()
        else:
            write_state(before)
    return problem


def fits(state: State | None, extras: tuple[str, ...]) -> bool:
    """Say whether a .venv in this state has the extras, whole and up to date."""
    return (
        state is not None
        and state.finished
        and PYTHON.exists()
        and state.python == this_python()
        and state.inputs == inputs()
        and set(extras) <= set(state.extras)
    )


def read_state() -> State | None:
    """Return what .venv/installed says; None if there is none that can be read."""
    try:
        told = json.loads((VENV / "installed").read_text(encoding="utf-8"))
        return State(**{**told, "extras": tuple(told["extras"])})
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, KeyError):
        return None


def write_state(state: State) -> None:
    """Write .venv/installed, in one step, so that no kill leaves half of it."""
    beside = VENV / "installed.new"
    beside.write_text(json.dumps(dataclasses.asdict(state)), encoding="utf-8")
    beside.replace(VENV / "installed")


def this_python() -> str:
    """Name the running Python by what its packages must fit: version, ABI, platform."""
    return f"{sys.version_info[0]}.{sys.version_info[1]} " + str(
        sysconfig.get_config_var("EXT_SUFFIX")
    )


def inputs() -> str:
    """Return a hash of the files that decide which packages are in .venv."""
    digest = hashlib.sha256()
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def inside_venv() -> bool:
    """Say whether the running Python is .venv's own."""
    return Path(sys.prefix).resolve() == VENV.resolve()


@contextlib.contextmanager
def one_at_a_time() -> Iterator[int | None]:
    """Hold a lock while .venv changes; yield its descriptor, None where none is had.

    The installer inherits the descriptor: one that outlives a killed parent keeps the
    lock until it ends. A lock on a file that is there anyway leaves nothing behind.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield None
        return
    with (ROOT / INPUTS[0]).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another run is setting up .venv; waiting for it ...", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:  # some network drives know no locks
            yield None
            return
        yield file.fileno()


def make_venv(unfinished: State, progress: Progress) -> str | None:
    """Put an empty .venv in place of what is there; return a sentence on failure."""
    uv = find_uv()
    if importlib.util.find_spec("ensurepip"):
        command = [base_python(), "-m", "venv", str(VENV)]
    elif uv:
        command = [uv, "venv", "--seed", "--allow-existing", "--python"]
        command += [base_python(), str(VENV)]
    else:
        version = ".".join(map(str, sys.version_info[:2]))
        return (
            "This Python has no ensurepip, and there is no uv, so .venv cannot be "
            f"made. On Debian and Ubuntu: sudo apt install python{version}-venv. "
            "Then run this again."
        )
    remove(VENV)
    VENV.mkdir()
    write_state(unfinished)  # from here on, a .venv that was left half made is known
    progress.now("making an empty .venv")
    code, output = run(command, progress, uv_settings() if uv in command else {})
    return explain(output, "Making .venv", room()) if code else None


def remove(path: Path) -> None:
    """Delete a folder with all that is in it, or a file or link of that name."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def base_python() -> str:
    """Return the Python that .venv is made from: never .venv's own."""
    return getattr(sys, "_base_executable", None) or sys.executable


def find_uv() -> str | None:
    """Return uv's path where it is installed outside .venv; UV=no says not to."""
    found = None if os.environ.get("UV") == "no" else shutil.which("uv")
    return None if found and Path(found).parent == PYTHON.parent else found


def uv_settings() -> dict[str, str]:
    """Return what pip is told of the index and certificate, as variables for uv."""
    told: dict[str, str] = {}
    sections = ("global", "install", ":env:")  # each overrides those before it
    pip = [sys.executable, "-m", "pip", "config", "list"]
    result = subprocess.run(pip, capture_output=True, text=True, encoding="utf-8")
    lines = result.stdout.splitlines() if result.returncode == 0 else []
    for section in sections:
        for line in lines:
            found = re.fullmatch(rf"{section}\.([\w-]+)=('.*'|\".*\")", line)
            if found:
                told[found[1]] = ast.literal_eval(found[2])
    return {
        variable: told[setting]
        for setting, variable in PIP_TO_UV.items()
        if setting in told and variable not in os.environ
    }


def install(
    extras: tuple[str, ...], progress: Progress, lock: int | None
) -> tuple[str, str | None]:
    """Put the extras' packages into .venv.

    Returns the kind of failure ("" for none) and the sentence that tells of it.
    """
    what = ["--constraint", "constraints.txt", "--editable", f".[{','.join(extras)}]"]
    uv = find_uv()
    if uv:
        command = [uv, "pip", "install", "--python", str(PYTHON), *what]
        code, output = run(command, progress, uv_settings(), lock)
        if code == 0:
            return "", None
        kind = kind_of(output)
        problem = explain(output, "Installing with uv", room())
        if kind not in PIP_MAY_DO or not has_pip():
            return kind, problem
        progress.close(f"{problem}\nTrying pip instead.")
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-input", "--progress-bar", "off", *what]
    code, output = run(command, progress, {}, lock)
    if code == 0:
        return "", None
    return kind_of(output), explain(output, "Installing with pip", room())


def has_pip() -> bool:
    """Say whether .venv has pip; one that a person made with uv may not."""
    asked = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True)
    return asked.returncode == 0


def run(
    command: list[str],
    progress: Progress,
    settings: dict[str, str],
    lock: int | None = None,
) -> tuple[int, str]:
    """Run an installer, showing where it is; return its exit code and its output."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **settings, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        pass_fds=() if lock is None else (lock,),
    )
    lines: queue.Queue[str | None] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process, lines), daemon=True)
    reader.start()
    output = []
    try:
        while True:
            try:
                line = lines.get(timeout=0.2)
            except queue.Empty:
                progress.tick()
                continue
            if line is None:
                break
            output.append(line)
            progress.line(line)
        return process.wait(), "".join(output)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        progress.clear()


def _read(process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put(None)


class Progress:
    """Shows where an installer is: one moving line, or a plain line at intervals."""

    def __init__(
        self,
        stream: TextIO,
        terminal: bool,
        clock: Callable[[], float] = time.monotonic,
        interval: float = 10.0,
    ) -> None:
        self.stream, self.terminal, self.clock = stream, terminal, clock
        self.interval = interval
        self.begun = self.told = clock()
        self.doing = "starting"
        self.found = 0

    def line(self, line: str) -> None:
        """Take a line of the installer's output."""
        if re.match(r"(Collecting|Processing|Requirement already satisfied:) ", line):
            self.found += 1
        doing = step(line)
        if doing:
            self.now(doing)

    def now(self, doing: str) -> None:
        """Take what is being done, as a short phrase."""
        self.doing = doing
        self.tick()

    def tick(self) -> None:
        """Show where things stand, if it is time to."""
        now = self.clock()
        found = f"{self.found} packages found; " if self.found else ""
        text = f"{int(now - self.begun):4d} s  {found}{self.doing}"
        if self.terminal:
            width = shutil.get_terminal_size().columns - 1
            self.stream.write(f"\r{text[:width]:<{width}}")
            self.stream.flush()
        elif now - self.told >= self.interval:
            self.told = now
            self.stream.write(f"{text}\n")
            self.stream.flush()

    def clear(self) -> None:
        """Take the moving line away, so that what follows has the line to itself."""
        if self.terminal:
            width = shutil.get_terminal_size().columns - 1
            self.stream.write(f"\r{'':<{width}}\r")
            self.stream.flush()

    def close(self, text: str) -> None:
        """Write a last line."""
        self.clear()
        self.stream.write(f"{text}\n")
        self.stream.flush()


def step(line: str) -> str | None:
    """Return what a line of pip's or uv's output says is being done, if it does."""
    found = re.match(r"\s*Downloading (\S+?)(?:-\d\S*)? \((.+)\)", line)
    if found:
        return f"fetching {found[1]} ({found[2]})"
    found = re.match(r"Collecting ([^\s<>=!~;\[]+)", line)
    if found:
        return f"looking at {found[1]}"
    found = re.match(r"Processing (\S+)", line)
    if found:
        return f"looking at {Path(found[1]).name.split('-')[0]}"
    found = re.match(r"Installing collected packages: (.*)", line)
    if found:
        return f"putting {found[1].count(',') + 1} packages in place, about a minute"
    found = re.match(r"(Resolved|Prepared|Installed) (\d+) packages?\b", line)
    return f"{found[1].lower()} {found[2]} packages" if found else None


def kind_of(output: str) -> str:
    """Name the kind of failure that an installer's output tells of, or "other"."""
    for kind, sign in SIGNS.items():
        if re.search(sign, output):
            return kind
    return "other"


def said(output: str, most: int = 8, width: int = 300) -> str:
    """Return the lines with which an installer says what went wrong, the last few.

    Where no line is marked as an error, its last lines are.
    """
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    marked = [line for line in lines if ERROR_LINE.match(line)]
    told = list(dict.fromkeys(marked))[-most:] or lines[-most:]
    return "\n".join(
        f"  {line if len(line) <= width else line[:width] + ' ...'}" for line in told
    )


def room() -> int | None:
    """Return how many bytes are free where .venv is; None if that cannot be told."""
    try:
        return shutil.disk_usage(ROOT).free
    except OSError:
        return None


def explain(output: str, doing: str, free: int | None = None) -> str:
    """Turn an installer's output into what it said and what to do about it.

    doing names the step that failed, free how many bytes the disk has left.
    """
    kind = kind_of(output)
    if kind == "other" and free is not None and free < SCARCE:
        kind = "disk"
    python = ".".join(map(str, sys.version_info[:3]))
    advice = {
        "disk": "The disk is full. Make room (.venv takes up to 1 GB), and run this "
        "again.",
        "denied": "A file or folder may not be written; the line above names it. See "
        "whose it is, and whether the disk is mounted read-only.",
        "conflict": f"No set of versions fits all of pyproject.toml, constraints.txt "
        f"and this Python {python}. The network is not at fault. If you changed "
        "neither file, this is a mistake of the project's: please report it with the "
        "lines above.",
        "certificate": "The package index's certificate is not trusted here, often "
        "since a proxy puts in its own. Name the file that holds the proxy's "
        "certificate (pip config set global.cert FILE), and run this again.",
        "missing": f"The package index was reached, but has no version that "
        f"constraints.txt asks for and that fits Python {python}. Another Python may "
        "do: make PYTHON=python3.12 ... Otherwise please report the lines above.",
        "network": "The package index could not be reached. Connect (behind a proxy, "
        "set HTTPS_PROXY), and run this again: what was fetched is kept.",
        "none": "The index offered no version at all: it could not be reached, or pip "
        "is set to one that lacks this package (pip config list).",
        "build": "A package had to be built here and could not be; usually there is "
        f"no ready-made one for this machine and Python {python}. Another Python may "
        "do: make PYTHON=python3.12 ...",
        "other": "Mend what the lines above name, and run this again.",
    }[kind]
    return f"{doing} failed. It said:\n{said(output) or '  nothing'}\n{advice}"


def on_oserror(error: OSError) -> str:
    """Turn an error of the file system, met while .venv was made, into a sentence."""
    where = error.filename or VENV
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
