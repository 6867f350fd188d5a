"""Rewrites zip archives with their modules byte-compiled (runs in Pyodide).

``job`` is JSON: a list of {source, target, inside, keep, docstrings, drop, add}.
``source`` and ``target`` are zip files; ``inside`` is the folder the archive's
modules will be found in, for their tracebacks; ``keep`` true keeps the source
files, with the bytecode in __pycache__, and false leaves only the bytecode;
``docstrings`` false takes those out of it (asserts stay, as optimize=2 would not);
``drop`` is a list of regular expressions of members to leave out; ``add`` is a
list of further archives' members, [name, file] each.
"""

import ast
import base64
import hashlib
import importlib._bootstrap_external as external
import importlib.util
import json
import re
import zipfile
from pathlib import Path

DATE = (1980, 1, 1, 0, 0, 0)


def bytecode(text, filename, docstrings):
    """Return the content of a .pyc file that is never compared with its source."""
    tree = ast.parse(text, filename)
    if not docstrings:
        drop_docstrings(tree)
    code = compile(tree, filename, "exec", dont_inherit=True, optimize=0)
    return external._code_to_hash_pyc(code, importlib.util.source_hash(text), False)


def drop_docstrings(tree):
    """Take the docstrings out of a module's tree."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None:
            statement = node.body.pop(0)
            if not node.body and not isinstance(node, ast.Module):
                node.body.append(ast.copy_location(ast.Pass(), statement))


def place(name, keep):
    """Return where in the archive the bytecode of a module goes."""
    if not keep:
        return name + "c"
    folder, _, file = name.rpartition("/")
    tag = importlib.util.cache_from_source(file).rpartition("/")[2]
    return f"{folder}/__pycache__/{tag}" if folder else f"__pycache__/{tag}"


def members(task):
    """Yield name and content of the files the new archive is made of."""
    drop = [re.compile(pattern) for pattern in task["drop"]]
    with zipfile.ZipFile("/host" + task["source"]) as archive:
        for name in archive.namelist():
            if not name.endswith("/") and not any(p.search(name) for p in drop):
                yield name, archive.read(name)
    for name, file in task["add"]:
        yield name, Path("/host" + file).read_bytes()


def rewrite(task):
    """Write one archive."""
    files = {}
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


def renew_record(files):
    """Brings a wheel's list of its files up to date."""
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


for task in json.loads(job):  # noqa: F821 - put here by run_python.mjs
    rewrite(task)
