"""Numpy for Pyodide: found or fetched, checked by hash, trimmed and compiled."""

import hashlib
import re
import shutil
import urllib.error
import urllib.request
from pathlib import Path

from tools.engine.bytecode import NODE, Archive, compile_archives
from tools.engine.pyodide_files import published_lock, version
from tools.engine.toolchain import WORK, EngineError, digest_of, sha256, up_to_date

FETCHED = WORK / "wheels"
ADDRESS = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{name}"
TIMEOUT = 20  # seconds
_BUILD = re.compile(
    r"numpy-(?P<version>[^-]+)-cp313-cp313-(pyodide|pyemscripten)_2025_0_wasm32\.whl"
)
# Parts that no page runs: tests, stubs for type checkers, the Fortran compiler's
# front end, headers and libraries to compile against.
_UNUSED = [
    r"\.pyi$",
    r"\.pxd$",
    r"/py\.typed$",
    r"/tests/",
    r"\.[ach]$",
    r"^numpy/f2py/",
    r"^numpy/_pyinstaller/",
    r"^numpy/_core/(include|lib)/",
    r"^numpy/random/(lib|_examples)/",
]


def numpy_wheel(folder=None):
    """Return (path, version) of numpy's wheel, ready to be served.

    ``folder`` is a folder of wheels to take it from; without one, the wheel of an
    earlier run is taken, and else it is fetched from Pyodide's release. Raises
    EngineError with the reason when there is none.
    """
    source, number = find_wheel(folder)
    stamp = WORK / "numpy.key"
    key = f"{source.name} {sha256(source)} {digest_of(NODE, Path(__file__))}"
    target = WORK / "numpy" / source.name
    if not (up_to_date(stamp, key) and target.is_file()):
        stamp.unlink(missing_ok=True)
        shutil.rmtree(target.parent, ignore_errors=True)
        compile_archives([Archive(source, target, drop=_UNUSED)])
        stamp.write_text(key, encoding="utf-8")
    return target, number


def published_wheel():
    """Return (path, version) of numpy's wheel as it was found or fetched."""
    return find_wheel(None)


def find_wheel(folder):
    """Return (path, version) of numpy's wheel from a folder, or of the one kept."""
    entry = published_lock()["packages"]["numpy"]
    name, pinned, number = entry["file_name"], entry["sha256"], entry["version"]
    if folder:
        return _chosen(Path(folder).expanduser(), name, pinned)
    kept = FETCHED / name
    if kept.is_file() and sha256(kept) == pinned:
        return kept, number
    for other in _builds(FETCHED):
        return other, _BUILD.fullmatch(other.name)["version"]
    return _fetched(name, pinned), number


def _chosen(folder, name, pinned):
    """Numpy's wheel from a folder: the pinned one, or another build for it."""
    if not folder.is_dir():
        raise EngineError(f"WHEELS={folder} is not a folder")
    builds = _builds(folder)
    exact = [path for path in builds if sha256(path) == pinned]
    if not builds:
        raise EngineError(
            f"WHEELS={folder} holds no numpy for Pyodide (expected {name} or another "
            "build for cp313 and 2025_0)"
        )
    path = (exact or builds)[0]
    number = _BUILD.fullmatch(path.name)["version"]
    kept = FETCHED / path.name
    if not (kept.is_file() and sha256(kept) == sha256(path)):
        shutil.rmtree(FETCHED, ignore_errors=True)
        FETCHED.mkdir(parents=True)
        shutil.copyfile(path, kept)
        if not exact:
            print(
                f"engine: {path.name} is not the file Pyodide pins ({name}): "
                f"numpy {number}, sha256 {sha256(path)}",
                flush=True,
            )
    return kept, number


def _builds(folder):
    """Builds of numpy for this Pyodide in a folder, the latest name first."""
    found = folder.glob("numpy-*.whl")
    return sorted((p for p in found if _BUILD.fullmatch(p.name)), reverse=True)


def _fetched(name, pinned):
    """Fetch numpy's wheel from Pyodide's release; EngineError when that fails."""
    address = ADDRESS.format(version=version(), name=name)
    print(f"engine: fetching {name} ...", flush=True)
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT) as answer:
            data = answer.read()
    except (OSError, urllib.error.URLError) as error:
        why = getattr(error, "reason", None) or error
        raise EngineError(
            f"{address} was not reached ({why}); WHEELS=DIR takes it from a folder"
        ) from None
    found = hashlib.sha256(data).hexdigest()
    if found != pinned:
        raise EngineError(f"{address} has sha256 {found}; expected {pinned}")
    FETCHED.mkdir(parents=True, exist_ok=True)
    path = FETCHED / name
    path.write_bytes(data)
    return path
