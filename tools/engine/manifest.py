"""The two lists of an engine's folder: Pyodide's lock file, and engine.json."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from tools.engine.toolchain import sha256

LOCK = "pyodide/pyodide-lock.json"
MANIFEST = "engine.json"


class Package(TypedDict):
    """A wheel's entry in Pyodide's lock file."""

    name: str
    version: str
    file_name: str
    install_dir: str
    sha256: str
    package_type: str
    imports: list[str]
    depends: list[str]
    unvendored_tests: bool


class Lock(TypedDict):
    """Pyodide's lock file: its versions, and packages by name."""

    info: dict[str, str]
    packages: dict[str, Package]


class File(TypedDict):
    """A file's entry in engine.json."""

    bytes: int
    sha256: str


class Missing(TypedDict):
    """A file that could not be made, and the reason."""

    file: str
    why: str


class Manifest(TypedDict):
    """The contents of engine.json."""

    browser: bool  # whether Python can start in the browser
    numpy: bool
    missing: list[Missing]
    pyodide: NotRequired[str]  # version, where Pyodide is there
    python: NotRequired[str]
    files: dict[str, File]


def package(
    name: str,
    version: str,
    wheel: Path,
    imports: Iterable[str],
    depends: Iterable[str] = (),
) -> Package:
    """Return a wheel's entry for Pyodide's lock file.

    `imports` are the top-level modules it holds, `depends` names of other packages.
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
    """Write the lock file: Pyodide's own `info`, and only these packages.

    The lock file that Pyodide publishes lists hundreds that the site does not hold.
    """
    listed = {entry["name"]: entry for entry in packages}
    _write(folder / LOCK, {"info": info, "packages": listed})


def read_lock(folder: Path) -> Lock:
    """Read the lock file of an engine's folder."""
    lock: Lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))
    return lock


def write_manifest(folder: Path, **facts: Any) -> None:
    """Write engine.json: these facts, and every file with its size and SHA-256."""
    _write(folder / MANIFEST, {**facts, "files": _files(folder)})


def read_manifest(folder: Path) -> Manifest | None:
    """Read engine.json of a folder; None where there is none."""
    path = folder / MANIFEST
    if not path.is_file():
        return None
    manifest: Manifest = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def renew_files(folder: Path) -> None:
    """Update the list of files in engine.json, after files were added or replaced.

    Raises: FileNotFoundError where the folder has no engine.json.
    """
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest.pop("files", None)
    write_manifest(folder, **manifest)


def is_whole(folder: Path) -> bool:
    """Return whether each file that engine.json lists is there, with the right size."""
    manifest = read_manifest(folder)
    return manifest is not None and all(
        (folder / name).is_file() and (folder / name).stat().st_size == file["bytes"]
        for name, file in manifest["files"].items()
    )


def _files(folder: Path) -> dict[str, File]:
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
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, indent=1, sort_keys=True) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
