"""Runs uv or pip to install packages into .venv, and shows the progress."""

import ast
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from tools.environment import paths
from tools.environment.advice import Failure, failure
from tools.environment.progress import Progress

# Kinds of failure of uv after which pip is tried: it has settings of its own, and may
# succeed with them.
PIP_MAY_DO = ("certificate", "network", "build", "other")
# {setting of pip: the environment variable by which uv takes the same setting}.
PIP_TO_UV = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}


def find_uv() -> str | None:
    """Return the path of a uv that is installed outside .venv; None if there is none.

    A uv inside .venv does not count: `make_venv` would delete the program that it runs.
    With UV=no, None is returned.
    """
    found = None if os.environ.get("UV") == "no" else shutil.which("uv")
    return None if found and Path(found).parent == paths.PYTHON.parent else found


def uv_settings() -> dict[str, str]:
    """Return pip's settings for index and certificate as {variable of uv: value}.

    Environment variables that are already set are left out, so that they take
    precedence over pip's settings.
    """
    told: dict[str, str] = {}
    sections = ("global", "install", ":env:")  # later ones override earlier ones
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
) -> Failure | None:
    """Install the project with these extras into .venv, with uv if found, else pip.

    Args: extras, names of extras in pyproject.toml; lock, the file descriptor of the
        lock, which the installer inherits, or None.
    Returns: None on success, else the Failure.
    """
    wanted = ["--constraint", "constraints.txt", "--editable", f".[{','.join(extras)}]"]
    uv = find_uv()
    if uv:
        command = [uv, "pip", "install", "--python", str(paths.PYTHON), *wanted]
        code, output = run(command, progress, uv_settings(), lock)
        if code == 0:
            return None
        failed = failure(output, "Installing with uv")
        if failed.kind not in PIP_MAY_DO or not has_pip():
            return failed
        progress.close(f"{failed.message}\nTrying pip instead.")
    command = [str(paths.PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-input", "--progress-bar", "off", *wanted]
    code, output = run(command, progress, {}, lock)
    return failure(output, "Installing with pip") if code else None


def has_pip() -> bool:
    """Return whether .venv has pip; a .venv that a person made with uv may not."""
    asked = subprocess.run(
        [paths.PYTHON, "-m", "pip", "--version"], capture_output=True
    )
    return asked.returncode == 0


def run(
    command: list[str],
    progress: Progress,
    settings: dict[str, str],
    lock: int | None = None,
) -> tuple[int, str]:
    """Run an installer and show its progress; return (exit code, output).

    Args: settings, additional environment variables; lock, a file descriptor for the
        installer to inherit, or None.
    """
    process = subprocess.Popen(
        command,
        cwd=paths.ROOT,
        env={**os.environ, **settings, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        pass_fds=() if lock is None else (lock,),
    )
    try:
        output = _follow(process, progress)
        return process.wait(), output
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        progress.clear()


def _follow(process: subprocess.Popen[str], progress: Progress) -> str:
    """Feed a process's output to the progress display; return the whole output."""
    # The output is read in a thread, so that the time shown goes on while the installer
    # writes nothing.
    lines: queue.Queue[str | None] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process, lines), daemon=True)
    reader.start()
    output: list[str] = []
    while True:
        try:
            line = lines.get(timeout=0.2)
        except queue.Empty:
            progress.tick()
            continue
        if line is None:
            return "".join(output)
        output.append(line)
        progress.line(line)


def _read(process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    """Put each line of a process's output into the queue, and None at its end."""
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put(None)
