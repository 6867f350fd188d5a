"""Builds the engine, which runs Python in the browser, in the folder _build/engine."""

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from tools.engine import manifest
from tools.engine.bundles import NAMES, bundle, install_packages
from tools.engine.numpy_wheel import numpy_wheel
from tools.engine.pyodide_files import (
    AS_PUBLISHED,
    STDLIB,
    published_lock,
    pyodide_files,
)
from tools.engine.pyodide_files import version as pyodide_version
from tools.engine.toolchain import HERE, OUTPUT, WORK, EngineError, Stamp, digest_of

P = ParamSpec("P")
T = TypeVar("T")


def build(wheels: str | None = None) -> manifest.Manifest:
    """Build as much of the engine as can be built; return the content of engine.json.

    The files that could not be made are listed under "missing", with the reason. A
    second build from the same inputs does nothing.

    Args: wheels, a folder to take numpy's wheel from; by default the setting WHEELS, or
        else an earlier run or Pyodide's release.
    """
    wheels = wheels or os.environ.get("WHEELS") or None
    missing: list[manifest.Missing] = []

    def attempt(
        names: Iterable[str], make: Callable[P, T], *args: P.args, **options: P.kwargs
    ) -> T | None:
        """Return make(...); on an EngineError list `names` as missing, return None."""
        try:
            return make(*args, **options)
        except EngineError as error:
            missing.extend({"file": name, "why": str(error)} for name in names)
            return None

    pyodide = [f"pyodide/{name}" for name in (*AS_PUBLISHED, STDLIB)]
    bundles = files = numpy = None
    attempt([*NAMES, *pyodide], install_packages)
    if not missing:
        bundles = attempt(NAMES, bundle)
        files = attempt(pyodide, pyodide_files)
    if files:
        wheel = published_lock()["packages"]["numpy"]["file_name"]
        numpy = attempt([f"pyodide/{wheel}"], numpy_wheel, wheels)
    _assemble(bundles, files, numpy, missing)
    built = manifest.read_manifest(OUTPUT)
    assert built is not None, "it was written just now"
    return built


def _assemble(
    bundles: Path | None,
    files: Path | None,
    numpy: tuple[Path, str] | None,
    missing: list[manifest.Missing],
) -> None:
    """Copy the parts, and engine.json, into a new folder that replaces OUTPUT.

    Does nothing where OUTPUT was made of the same parts.

    Args: bundles, files, folders; numpy, a wheel's path and version; each None where it
        could not be made.
    """
    parts = [part for part in (bundles, files, numpy and numpy[0]) if part]
    own = (HERE / "build.py", HERE / "manifest.py")
    stamp = Stamp(WORK / "engine.key", f"{digest_of(*own, *parts)} {missing}")
    if stamp.is_current and manifest.is_whole(OUTPUT):
        return
    fresh = WORK / "next"
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "pyodide").mkdir(parents=True)
    facts: dict[str, Any] = {
        "browser": bool(bundles and files),
        "numpy": bool(numpy),
        "missing": missing,
    }
    if bundles:
        shutil.copytree(bundles, fresh, dirs_exist_ok=True)
    if files:
        shutil.copytree(files, fresh / "pyodide", dirs_exist_ok=True)
        info = published_lock()["info"]
        packages = []
        if numpy:
            wheel, number = numpy
            shutil.copyfile(wheel, fresh / "pyodide" / wheel.name)
            packages = [manifest.package("numpy", number, wheel, ["numpy"])]
        manifest.write_lock(fresh, info, packages)
        facts |= {"pyodide": pyodide_version(), "python": info["python"]}
    manifest.write_manifest(fresh, **facts)
    _replace_output(fresh)
    stamp.write()


def _replace_output(fresh: Path) -> None:
    """Move a folder to OUTPUT by renaming, so that OUTPUT never is half written."""
    old = WORK / "old"
    shutil.rmtree(old, ignore_errors=True)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    if OUTPUT.exists():
        OUTPUT.rename(old)
    fresh.rename(OUTPUT)
    shutil.rmtree(old, ignore_errors=True)
