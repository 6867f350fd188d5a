"""Takes the steps of `sandbox` in their order, having tried which of them can be had.

Standard library only, as `sandbox` is, and for the same reason.
"""

import json
import os
import shutil
import tempfile

import sandbox

RIGHTS = "rights of root"
READ_LATER = [os.__file__]  # files that a process must still be able to read


def probe(folders):
    """Return what cannot be shut off on this machine, as {what: why}."""
    off = {}
    while more := _trial(folders, off):  # each trial leaves out what failed before
        if more.keys() <= off.keys():
            raise OSError(f"this machine cannot shut a process in: {more}")
        off |= more
    return off


def _trial(folders, off):
    """Shut a child in, but for what is in `off`; return what failed, {what: why}."""
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


def leave(off):
    """Take the steps before the fork; return (what failed, a scratch folder)."""
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


def arrive(folders, disk, off):
    """Take the steps after the fork; return what failed."""
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


def _as_root(off):
    """Whether this is root, and can become somebody else."""
    return os.getuid() == 0 and RIGHTS not in off


def remove(scratch):
    """Remove a scratch folder, if there was one."""
    if scratch:
        shutil.rmtree(scratch, ignore_errors=True)


def _readable(path):
    """Whether this process may read a file."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return bool(file.read(1))
    except OSError:
        return False
