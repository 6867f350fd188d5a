"""Creates .venv, and installs into it the packages that a verb needs.

The file .venv/installed (a State as JSON) records the Python that made .venv, a
checksum of the files with the pinned versions, the extras installed, and whether the
last installation was completed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import importlib.util
import json
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from tools.environment import installers, paths
from tools.environment.advice import HARMLESS, explain, free_bytes, on_oserror
from tools.environment.needs import EXTRAS
from tools.environment.progress import Progress


@dataclasses.dataclass(frozen=True)
class State:
    """The contents of .venv/installed."""

    python: str  # what this_python() returned
    inputs: str  # what inputs() returned: a checksum of pyproject.toml and the pins
    extras: tuple[str, ...]  # extras of pyproject.toml whose packages are installed
    finished: bool  # set to False before an installation, to True after its success


def set_up(verb: str) -> str | None:
    """Make sure that .venv has the packages that the verb needs.

    Returns: None on success, else the error message.
    """
    try:
        if fits(read_state(), EXTRAS[verb]):
            return None
        with one_at_a_time() as lock:
            return create_or_extend(verb, lock)
    except KeyboardInterrupt:
        return (
            "\nStopped before .venv was complete. Run this again: it starts anew, "
            "with what was fetched so far where the installer kept it."
        )
    except OSError as error:
        return on_oserror(error)


def create_or_extend(verb: str, lock: int | None) -> str | None:
    """Create .venv, or install more packages into it, for the verb.

    Args: lock, the file descriptor that one_at_a_time() yielded.
    Returns: None on success, else the error message.
    """
    before = read_state()
    if fits(before, EXTRAS[verb]) or (before is None and inside_venv()):
        return None  # another run has just made .venv, or the user made it by hand
    fresh = not paths.PYTHON.exists() or (
        before is not None and (not before.finished or before.python != this_python())
    )
    known = () if fresh or before is None else before.extras
    extras = tuple(sorted({*EXTRAS[verb], *known}))
    print(f"Setting up .venv with what {verb} needs ({', '.join(extras)}) ...")
    sys.stdout.flush()
    progress = Progress(sys.stdout, sys.stdout.isatty())
    unfinished = State(this_python(), inputs(), extras, False)
    if fresh:
        problem = make_venv(unfinished, progress)
        if problem:
            return problem
    write_state(unfinished)
    failed = installers.install(extras, progress, lock)
    if failed is None:
        write_state(dataclasses.replace(unfinished, finished=True))
        progress.close(".venv is ready.")
        return None
    if failed.kind in HARMLESS and not fresh:
        if before is None:
            (paths.VENV / "installed").unlink()
        else:
            write_state(before)
    return failed.message


def fits(state: State | None, extras: tuple[str, ...]) -> bool:
    """Return whether a .venv in this state is complete, current, and has the extras."""
    return (
        state is not None
        and state.finished
        and paths.PYTHON.exists()
        and state.python == this_python()
        and state.inputs == inputs()
        and set(extras) <= set(state.extras)
    )


def read_state() -> State | None:
    """Return the State in .venv/installed; None if the file is absent or damaged."""
    try:
        told = json.loads((paths.VENV / "installed").read_text(encoding="utf-8"))
        return State(**{**told, "extras": tuple(told["extras"])})
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, KeyError):
        return None


def write_state(state: State) -> None:
    """Write .venv/installed, in a way that a kill cannot leave half of the file."""
    beside = paths.VENV / "installed.new"
    beside.write_text(json.dumps(dataclasses.asdict(state)), encoding="utf-8")
    beside.replace(paths.VENV / "installed")


def this_python() -> str:
    """Return the running Python's version, ABI and platform; packages must fit it."""
    return f"{sys.version_info[0]}.{sys.version_info[1]} " + str(
        sysconfig.get_config_var("EXT_SUFFIX")
    )


def inputs() -> str:
    """Return the SHA-256 (hexadecimal) of the files that determine .venv's packages."""
    digest = hashlib.sha256()
    for name in paths.INPUTS:
        digest.update((paths.ROOT / name).read_bytes())
    return digest.hexdigest()


def inside_venv() -> bool:
    """Return whether the running Python is the one of .venv."""
    return Path(sys.prefix).resolve() == paths.VENV.resolve()


@contextlib.contextmanager
def one_at_a_time() -> Iterator[int | None]:
    """Context manager: hold a lock, so that no other run changes .venv meanwhile.

    Yields the lock's file descriptor, or None if the system has no such locks. The
    installer inherits the descriptor, so that an installer whose parent was killed
    keeps the lock until it ends. The locked file is pyproject.toml, since it exists
    anyway and no lock file is left behind.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield None
        return
    with (paths.ROOT / paths.INPUTS[0]).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another run is setting up .venv; waiting for it ...", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:  # some network drives have no locks
            yield None
            return
        yield file.fileno()


def make_venv(unfinished: State, progress: Progress) -> str | None:
    """Delete .venv if it exists, and create an empty one.

    Args: unfinished, the State to write into the new .venv.
    Returns: None on success, else the error message.
    """
    uv = installers.find_uv()
    settings: dict[str, str] = {}
    if importlib.util.find_spec("ensurepip"):
        command = [base_python(), "-m", "venv", str(paths.VENV)]
    elif uv:
        command = [uv, "venv", "--seed", "--allow-existing", "--python"]
        command += [base_python(), str(paths.VENV)]
        settings = installers.uv_settings()
    else:
        version = ".".join(map(str, sys.version_info[:2]))
        return (
            "This Python has no ensurepip, and there is no uv, so .venv cannot be "
            f"made. On Debian and Ubuntu: sudo apt install python{version}-venv. "
            "Then run this again."
        )
    remove(paths.VENV)
    paths.VENV.mkdir()
    # Written first, so that a .venv left half made by a kill is known as unfinished.
    write_state(unfinished)
    progress.now("making an empty .venv")
    code, output = installers.run(command, progress, settings)
    return explain(output, "Making .venv", free_bytes()) if code else None


def remove(path: Path) -> None:
    """Delete the folder (with its contents), file or link at `path`, if any."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def base_python() -> str:
    """Return the path of the Python to make .venv with, never .venv's own Python."""
    return getattr(sys, "_base_executable", None) or sys.executable
