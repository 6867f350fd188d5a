"""Reads and writes the two lists in an engine's folder: the lock file and engine.json.

The lock file tells Pyodide which packages there are; engine.json lists all files.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from tools.engine.toolchain import sha256

# Paths in the engine's folder:
LOCK = "pyodide/pyodide-lock.json"
MANIFEST = "engine.json"


class Package(TypedDict):
    """A wheel's entry in Pyodide's lock file."""

    name: str
    version: str
    file_name: str
    install_dir: str
    sha256: str  # in hexadecimal
    package_type: str
    imports: list[str]  # top-level modules in the wheel
    depends: list[str]  # names of other packages
    unvendored_tests: bool


class Lock(TypedDict):
    """Pyodide's lock file: its versions, and packages by name."""

    info: dict[str, str]
    packages: dict[str, Package]


class File(TypedDict):
    """A file's entry in engine.json."""

    bytes: int
    sha256: str  # in hexadecimal


class Missing(TypedDict):
    """A file that could not be made, and the reason."""

    file: str  # path in the engine's folder
    why: str


class Manifest(TypedDict):
    """The contents of engine.json."""

    browser: bool  # whether Python can start in the browser
    numpy: bool  # whether numpy's wheel is in the folder
    missing: list[Missing]
    pyodide: NotRequired[str]  # its version, where Pyodide is in the folder
    python: NotRequired[str]  # the version of that Pyodide's Python
    files: dict[str, File]  # {path in the engine's folder: entry}, without engine.json


def package(
    name: str,
    version: str,
    wheel: Path,
    imports: Iterable[str],
    depends: Iterable[str] = (),
) -> Package:
    """Return a wheel's entry for Pyodide's lock file.

    Args: wheel, its path; imports, the top-level modules in the wheel; depends, names
        of the packages that it needs.
    """
    return {
        "name": name,
        "version": version,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": sha256(wheel),
        "package_type": "package",
        "imports": list(imports),
        "depends": list(depends),
        "unvendored_tests": False,
    }


def write_lock(folder: Path, info: dict[str, str], packages: Iterable[Package]) -> None:
    """Write the lock file of an engine's folder, with these packages only.

    The lock file of Pyodide's release lists hundreds of packages that the site lacks.

    Args: folder, the engine's; info, from the lock file of Pyodide's release.
    """
    listed = {entry["name"]: entry for entry in packages}
    _write(folder / LOCK, {"info": info, "packages": listed})


def read_lock(folder: Path) -> Lock:
    """Return the lock file of an engine's folder.

    Raises: FileNotFoundError where there is none.
    """
    lock: Lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))
    return lock


def write_manifest(folder: Path, **facts: Any) -> None:
    """Write engine.json: these facts, and each file's size and SHA-256.

    Args: facts, the fields of Manifest but `files`.
    """
    _write(folder / MANIFEST, {**facts, "files": _files(folder)})


def read_manifest(folder: Path) -> Manifest | None:
    """Return the content of a folder's engine.json, or None where there is none."""
    path = folder / MANIFEST
    if not path.is_file():
        return None
    manifest: Manifest = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def renew_files(folder: Path) -> None:
    """Write the list of files in engine.json anew, after files were added or replaced.

    Raises: FileNotFoundError where the folder has no engine.json.
    """
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest.pop("files", None)
    write_manifest(folder, **manifest)


def is_whole(folder: Path) -> bool:
    """Return whether all files that engine.json lists exist and have the listed size.

    False where the folder has no engine.json.
    """
    manifest = read_manifest(folder)
    return manifest is not None and all(
        (folder / name).is_file() and (folder / name).stat().st_size == file["bytes"]
        for name, file in manifest["files"].items()
    )


def _files(folder: Path) -> dict[str, File]:
    """Return the entries of all files below a folder but engine.json, by path."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": sha256(path),
        }
        for path in paths
        if path != folder / MANIFEST
    }


def _write(path: Path, value: object) -> None:
    """Write a value as JSON with sorted keys, so that the same value gives one text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, indent=1, sort_keys=True) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
