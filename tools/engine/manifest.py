"""What an engine's folder holds: Pyodide's lock file and engine.json."""

import json

from tools.engine.toolchain import sha256

LOCK = "pyodide/pyodide-lock.json"
MANIFEST = "engine.json"


def package(name, version, wheel, imports, depends=()):
    """Return a wheel's entry in Pyodide's lock file."""
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


def write_lock(folder, info, packages):
    """Write the lock file: Pyodide's own ``info``, and our packages only."""
    packages = {entry["name"]: entry for entry in packages}
    _write(folder / LOCK, {"info": info, "packages": packages})


def read_lock(folder):
    """Return the lock file of an engine's folder."""
    return json.loads((folder / LOCK).read_text(encoding="utf-8"))


def write_manifest(folder, **facts):
    """Write engine.json: the facts given, and every file with size and hash."""
    _write(folder / MANIFEST, {**facts, "files": _files(folder)})


def read_manifest(folder):
    """Return engine.json of a folder, or None where there is none."""
    path = folder / MANIFEST
    if not path.is_file():
        return None
    return json.loads(path.read_text(encoding="utf-8"))


def renew_files(folder):
    """Bring the list of files in engine.json up to date."""
    facts = read_manifest(folder)
    facts.pop("files", None)
    write_manifest(folder, **facts)


def is_whole(folder):
    """Whether all that engine.json lists is there, at the size it says."""
    facts = read_manifest(folder)
    return facts is not None and all(
        (folder / name).is_file() and (folder / name).stat().st_size == file["bytes"]
        for name, file in facts["files"].items()
    )


def _files(folder):
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": sha256(path),
        }
        for path in paths
        if path != folder / MANIFEST
    }


def _write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, indent=1, sort_keys=True) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
