"""Applies the restrictions of `sandbox` in order, leaving out what this machine lacks.

`probe` finds out, before the first submission, which restrictions the machine lacks. As
sandbox.py does, this file uses the standard library only, since inside.py imports it.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Container, Iterable

import sandbox

RIGHTS = "rights of root"  # the name, in `off`, of the change from root to another user
READ_LATER = [os.__file__]  # files that a process must still be able to read


def probe(folders: Iterable[str]) -> dict[str, str]:
    """Return the restrictions that this machine lacks, as {restriction: why}.

    Child processes are sandboxed by way of trial, each without the restrictions that
    failed before, until one succeeds.

    Args: folders, that Python needs.
    Raises: OSError where a restriction fails that was left out.
    """
    off: dict[str, str] = {}
    while more := _trial(folders, off):
        if more.keys() <= off.keys():
            raise OSError(f"this machine cannot shut a process in: {more}")
        off |= more
    return off


def _trial(folders: Iterable[str], off: Container[str]) -> dict[str, str]:
    """Sandbox a child process by way of trial; return {restriction that failed: why}.

    Args: off, names of restrictions to leave out.
    """
    reading, writing = os.pipe()
    if os.fork() == 0:
        try:
            failed, scratch = leave(off)
            if not failed and (child := os.fork()):
                os.waitpid(child, 0)
                remove(scratch)
            elif not failed:
                failed = arrive(folders, 1, off)
            os.write(writing, json.dumps(failed).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        texts = told.read().replace("}{", "}\n{").splitlines()
    return {what: why for text in texts for what, why in json.loads(text).items()}


def leave(off: Container[str]) -> tuple[dict[str, str], str | None]:
    """Apply the restrictions that come before the fork: the network.

    Args: off, names of restrictions to leave out.
    Returns: {restriction that failed: why}, and the path of a new temporary folder for
        the submission to work in; None where the process will get a root of its own.
    """
    if "network" not in off:
        try:
            sandbox.leave_network(_as_root(off))
        except OSError as error:
            return {"network": str(error), "files": str(error)}, None
    if "files" not in off:
        return {}, None
    scratch = tempfile.mkdtemp()
    os.chmod(scratch, 0o777)  # noqa: PTH101, S103 - root will be somebody else there
    return {}, scratch


def arrive(folders: Iterable[str], disk: int, off: Container[str]) -> dict[str, str]:
    """Apply the restrictions that come after the fork: files, and rights.

    Args: folders, that Python needs; disk, megabytes that may be written; off, names of
        restrictions to leave out.
    Returns: {restriction that failed: why}.
    """
    root = _as_root(off)
    try:
        if "files" not in off:
            sandbox.leave_files(folders, disk)
    except OSError as error:
        return {"files": str(error)}
    try:
        sandbox.give_up_privileges(root)
    except OSError as error:
        return {RIGHTS: str(error)} if root else {"files": str(error)}
    if root and not all(map(_readable, READ_LATER)):
        return {RIGHTS: "Python's own files are closed to other users"}
    return {}


def _as_root(off: Container[str]) -> bool:
    """Return whether this process is root, and shall become another user."""
    return os.getuid() == 0 and RIGHTS not in off


def remove(scratch: str | None) -> None:
    """Remove the temporary folder that `leave` made; None for no folder."""
    if scratch:
        shutil.rmtree(scratch, ignore_errors=True)


def _readable(path: str) -> bool:
    """Return whether this process may read a file."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return bool(file.read(1))
    except OSError:
        return False
