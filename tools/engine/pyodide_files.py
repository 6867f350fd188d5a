"""Pyodide's own files: the runtime as published, the standard library compiled."""

import json
import shutil

from tools.engine.bundles import install_packages
from tools.engine.bytecode import NODE, Archive, compile_archives
from tools.engine.toolchain import HERE, NPM, WORK, digest_of, up_to_date

PACKAGE = NPM / "node_modules" / "pyodide"
FILES = WORK / "pyodide"
AS_PUBLISHED = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm")
STDLIB = "python_stdlib.zip"
_KERNEL = HERE / "kernel"


def published_lock():
    """Return Pyodide's own lock file: versions, and its packages with hashes."""
    text = (PACKAGE / "pyodide-lock.json").read_text(encoding="utf-8")
    return json.loads(text)


def version():
    """Return Pyodide's version, as published on npm."""
    text = (PACKAGE / "package.json").read_text(encoding="utf-8")
    return json.loads(text)["version"]


def pyodide_files():
    """Make Pyodide's files and return their folder.

    The archive of the standard library holds the kernel's Python too: one file
    less to fetch, and to unpack, at every start.
    """
    install_packages()
    stamp = WORK / "pyodide.key"
    key = digest_of(HERE / "package-lock.json", NODE, _KERNEL)
    names = (*AS_PUBLISHED, STDLIB)
    if up_to_date(stamp, key) and all((FILES / name).is_file() for name in names):
        return FILES
    stamp.unlink(missing_ok=True)
    FILES.mkdir(parents=True, exist_ok=True)
    for name in AS_PUBLISHED:
        shutil.copyfile(PACKAGE / name, FILES / name)
    kernel = [
        (path.relative_to(_KERNEL).as_posix(), path)
        for path in sorted(_KERNEL.rglob("*.py"))
    ]
    stdlib = Archive(
        PACKAGE / STDLIB, FILES / STDLIB, inside="/lib/python313.zip", add=kernel
    )
    print("engine: byte-compiling the standard library ...", flush=True)
    compile_archives([stdlib])
    stamp.write_text(key, encoding="utf-8")
    return FILES
