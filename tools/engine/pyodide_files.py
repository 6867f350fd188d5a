"""Makes the folder of Pyodide's files: its runtime, and a compiled standard library."""

import json
import shutil
from pathlib import Path

from tools.engine.bundles import install_packages
from tools.engine.bytecode import NODE, Archive, compile_archives
from tools.engine.manifest import Lock
from tools.engine.toolchain import HERE, NPM, WORK, Stamp, digest_of

PACKAGE = NPM / "node_modules" / "pyodide"
FILES = WORK / "pyodide"
AS_PUBLISHED = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm")  # copied unchanged
STDLIB = "python_stdlib.zip"
_KERNEL = HERE / "kernel"


def published_lock() -> Lock:
    """Return the lock file of Pyodide's release: its versions, packages and hashes.

    Raises: FileNotFoundError where Pyodide's npm package is not installed.
    """
    text = (PACKAGE / "pyodide-lock.json").read_text(encoding="utf-8")
    lock: Lock = json.loads(text)
    return lock


def version() -> str:
    """Return the version of Pyodide's npm package.

    Raises: FileNotFoundError where the package is not installed.
    """
    text = (PACKAGE / "package.json").read_text(encoding="utf-8")
    return str(json.loads(text)["version"])


def pyodide_files() -> Path:
    """Make Pyodide's files (AS_PUBLISHED, STDLIB); return the folder that holds them.

    The archive of the standard library also holds the kernel's Python modules, so that
    the browser need not download and unpack another file at every start.

    Raises: EngineError when npm, Node or Pyodide fails.
    """
    install_packages()
    key = digest_of(HERE / "package-lock.json", NODE, _KERNEL)
    stamp = Stamp(WORK / "pyodide.key", key)
    names = (*AS_PUBLISHED, STDLIB)
    if stamp.is_current and all((FILES / name).is_file() for name in names):
        return FILES
    stamp.remove()
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
    stamp.write()
    return FILES
