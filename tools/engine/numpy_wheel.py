"""Finds or downloads numpy's wheel for Pyodide, removes unused files, compiles it."""

import hashlib
import re
import shutil
import urllib.request
from pathlib import Path

from tinytorch.utils.files import write_whole
from tools.engine.bytecode import NODE, Archive, compile_archives
from tools.engine.pyodide_files import published_lock, version
from tools.engine.toolchain import WORK, EngineError, Stamp, digest_of, sha256

FETCHED = WORK / "wheels"
ADDRESS = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{name}"
TIMEOUT = 20  # seconds that the server may be silent during the download
_BUILD = re.compile(
    r"numpy-(?P<version>[^-]+)-cp313-cp313-(pyodide|pyemscripten)_2025_0_wasm32\.whl"
)
# Members of the wheel that no page runs: tests, stubs for type checkers, the front end
# of the Fortran compiler, headers and libraries to compile against.
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


def numpy_wheel(folder: str | Path | None = None) -> tuple[Path, str]:
    """Return the path and version of numpy's wheel, trimmed and compiled for the site.

    Args: folder, where to look for the wheel; None for the wheel of an earlier run, or
        else Pyodide's release.
    Raises: EngineError with the reason when there is no wheel, or when Node or Pyodide
        fails to compile it.
    """
    source, number = find_wheel(folder)
    key = f"{source.name} {sha256(source)} {digest_of(NODE, Path(__file__))}"
    stamp = Stamp(WORK / "numpy.key", key)
    target = WORK / "numpy" / source.name
    if not (stamp.is_current and target.is_file()):
        stamp.remove()
        shutil.rmtree(target.parent, ignore_errors=True)
        compile_archives([Archive(source, target, drop=_UNUSED)])
        stamp.write()
    return target, number


def find_wheel(folder: str | Path | None = None) -> tuple[Path, str]:
    """Return the path and version of numpy's wheel as published.

    Args: folder, where to look for the wheel; None for the wheel of an earlier run, or
        else Pyodide's release.
    Raises: EngineError with the reason when there is no wheel.
    """
    entry = published_lock()["packages"]["numpy"]
    name, pinned, number = entry["file_name"], entry["sha256"], entry["version"]
    if folder:
        return _from_folder(Path(folder).expanduser(), name, pinned)
    kept = FETCHED / name
    if kept.is_file() and sha256(kept) == pinned:
        return kept, number
    for other in _builds(FETCHED):  # kept by an earlier run with WHEELS=DIR
        return other, _version_of(other)
    return _fetched(name, pinned), number


def _from_folder(folder: Path, name: str, pinned: str) -> tuple[Path, str]:
    """Copy a folder's numpy wheel to FETCHED; return the copy's path and its version.

    The wheel with the hash that Pyodide pins is preferred. Another build of numpy for
    the same Python and ABI is taken too, and named on the terminal.

    Args: name, pinned, the file name and SHA-256 (hex) in Pyodide's lock file.
    Raises: EngineError where there is no such folder, or no wheel in it.
    """
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
    number = _version_of(path)
    kept = FETCHED / path.name
    if not (kept.is_file() and sha256(kept) == sha256(path)):
        shutil.rmtree(FETCHED, ignore_errors=True)
        FETCHED.mkdir(parents=True)
        write_whole(kept, path.read_bytes())
        if not exact:
            print(
                f"engine: {path.name} is not the file Pyodide pins ({name}): "
                f"numpy {number}, sha256 {sha256(path)}",
                flush=True,
            )
    return kept, number


def _builds(folder: Path) -> list[Path]:
    """Return the paths of a folder's numpy wheels for this Pyodide, last name first."""
    found = folder.glob("numpy-*.whl")
    return sorted((p for p in found if _BUILD.fullmatch(p.name)), reverse=True)


def _version_of(wheel: Path) -> str:
    """Return numpy's version from the file name of a wheel that `_builds` found."""
    found = _BUILD.fullmatch(wheel.name)
    assert found, f"{wheel.name} does not come from _builds"
    return found["version"]


def _fetched(name: str, pinned: str) -> Path:
    """Download numpy's wheel from Pyodide's release to FETCHED; return its path.

    Raises: EngineError where the download fails, or has another SHA-256 than `pinned`.
    """
    address = ADDRESS.format(version=version(), name=name)
    print(f"engine: fetching {name} ...", flush=True)
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT) as answer:
            data = answer.read()
    except OSError as error:  # URLError is a subclass
        why = getattr(error, "reason", None) or error
        raise EngineError(
            f"{address} was not reached ({why}); WHEELS=DIR takes it from a folder"
        ) from None
    found = hashlib.sha256(data).hexdigest()
    if found != pinned:
        raise EngineError(f"{address} has sha256 {found}; expected {pinned}")
    FETCHED.mkdir(parents=True, exist_ok=True)
    path = FETCHED / name
    write_whole(path, data)
    return path
