"""Puts the engine together in _build/engine."""

import os
import shutil

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
from tools.engine.toolchain import (
    HERE,
    OUTPUT,
    WORK,
    EngineError,
    digest_of,
    up_to_date,
)


def build(wheels=None):
    """Build what can be built, into _build/engine; return its engine.json.

    ``wheels`` is a folder to take numpy's wheel from (the setting WHEELS when left
    out). What is not there is listed in the result under "missing", as
    {"file": name, "why": reason}. A second build with the same inputs does nothing.
    """
    wheels = wheels or os.environ.get("WHEELS") or None
    missing = []

    def attempt(names, make, *arguments):
        try:
            return make(*arguments)
        except EngineError as error:
            missing.extend({"file": name, "why": str(error)} for name in names)

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
    return manifest.read_manifest(OUTPUT)


def _assemble(bundles, files, numpy, missing):
    """Copy the parts together, and put the folder in place at once."""
    stamp = WORK / "engine.key"
    parts = [part for part in (bundles, files, numpy and numpy[0]) if part]
    own = (HERE / "build.py", HERE / "manifest.py")
    key = f"{digest_of(*own, *parts)} {missing}"
    if up_to_date(stamp, key) and manifest.is_whole(OUTPUT):
        return
    fresh = WORK / "next"
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "pyodide").mkdir(parents=True)
    facts = {"browser": bool(bundles and files), "numpy": bool(numpy)}
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
    manifest.write_manifest(fresh, missing=missing, **facts)
    _put_in_place(fresh)
    stamp.write_text(key, encoding="utf-8")


def _put_in_place(fresh):
    old = WORK / "old"
    shutil.rmtree(old, ignore_errors=True)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    if OUTPUT.exists():
        OUTPUT.rename(old)
    fresh.rename(OUTPUT)
    shutil.rmtree(old, ignore_errors=True)
