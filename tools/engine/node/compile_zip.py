"""Rewrites zip archives with bytecode for their Python modules; runs in Pyodide.

run_python.mjs, beside this file, sets the global ``job``: a JSON list of Tasks. It also
mounts the machine's file system below /host.
"""

import ast
import base64
import hashlib
import importlib._bootstrap_external as external
import importlib.util
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

DATE = (1980, 1, 1, 0, 0, 0)  # the date of every member


class Task(TypedDict):
    """An archive to rewrite; made by Archive.job in tools/engine/bytecode.py.

    All paths are absolute paths of the machine, to be looked up below /host.
    """

    source: str  # path of the zip file to read
    target: str  # path of the zip file to write
    inside: str  # folder that holds the modules at run time, shown in tracebacks
    keep: bool  # keep the source, with bytecode in __pycache__; else bytecode alone
    docstrings: bool  # keep docstrings in the bytecode; asserts stay in any case
    drop: list[str]  # regular expressions; matching members are left out
    add: list[tuple[str, str]]  # further members: name in the archive, path of a file


def bytecode(text: bytes, filename: str, docstrings: bool) -> bytes:
    """Return the content of a .pyc file that Python never compares with its source.

    Docstrings are removed from the syntax tree, since compiling with optimize=2 would
    also remove asserts.

    Args: text, a module's source; filename, the name that tracebacks show; docstrings,
        whether to keep them.
    """
    tree = ast.parse(text, filename)
    if not docstrings:
        drop_docstrings(tree)
    code = compile(tree, filename, "exec", dont_inherit=True, optimize=0)
    digest = importlib.util.source_hash(text)
    # There is no public function for this: py_compile reads and writes files.
    pyc = external._code_to_hash_pyc(code, digest, False)  # type: ignore[attr-defined]
    return bytes(pyc)


def drop_docstrings(tree: ast.Module) -> None:
    """Remove all docstrings from a module's syntax tree, in place."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None:
            statement = node.body.pop(0)
            if not node.body and not isinstance(node, ast.Module):
                node.body.append(ast.copy_location(ast.Pass(), statement))


def place(name: str, keep: bool) -> str:
    """Return the name of a module's bytecode file in the archive.

    Args: name, of the module's source file; keep, whether the source stays.
    """
    if not keep:
        return name + "c"
    folder, _, file = name.rpartition("/")
    tag = importlib.util.cache_from_source(file).rpartition("/")[2]
    return f"{folder}/__pycache__/{tag}" if folder else f"__pycache__/{tag}"


def members(task: Task) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each member of the new archive, before compiling."""
    drop = [re.compile(pattern) for pattern in task["drop"]]
    with zipfile.ZipFile("/host" + task["source"]) as archive:
        for name in archive.namelist():
            if not name.endswith("/") and not any(p.search(name) for p in drop):
                yield name, archive.read(name)
    for name, file in task["add"]:
        yield name, Path("/host" + file).read_bytes()


def rewrite(task: Task) -> None:
    """Write the target archive of a task.

    Members are sorted and all have DATE, so that the same input gives the same bytes.
    """
    files: dict[str, bytes] = {}
    for name, data in members(task):
        if not name.endswith(".py"):
            files[name] = data
            continue
        if task["keep"]:
            files[name] = data
        filename = f"{task['inside']}/{name}"
        pyc = bytecode(data, filename, task["docstrings"])
        files[place(name, task["keep"])] = pyc
    renew_record(files)
    with zipfile.ZipFile("/host" + task["target"], "w") as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, DATE)
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[name], zipfile.ZIP_DEFLATED, 9)


def renew_record(files: dict[str, bytes]) -> None:
    """Replace a wheel's RECORD by a list of these files, {name: content}, with hashes.

    Nothing happens for an archive without a RECORD.
    """
    for name in list(files):
        if not name.endswith(".dist-info/RECORD"):
            continue
        lines = []
        for other in sorted(files):
            if other == name:
                lines.append(f"{name},,")
                continue
            digest = hashlib.sha256(files[other]).digest()
            hashed = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            lines.append(f"{other},sha256={hashed},{len(files[other])}")
        files[name] = ("\n".join(lines) + "\n").encode()


for task in json.loads(job):  # type: ignore[name-defined]  # noqa: F821
    rewrite(task)
