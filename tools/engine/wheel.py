"""The package tinytorch as a wheel that the page's kernel loads."""

import hashlib
import re
import shutil
import zipfile
from pathlib import Path

from tools.engine import manifest
from tools.engine.bytecode import NODE, Archive, compile_archives
from tools.engine.toolchain import ROOT, WORK, EngineError, digest_of, sha256

MADE = WORK / "tinytorch"
_DATE = (1980, 1, 1, 0, 0, 0)
_WHEEL = """\
Wheel-Version: 1.0
Generator: tinytorch
Root-Is-Purelib: true
Tag: py3-none-any
"""


def write_tinytorch_wheel(site_engine_dir, bytecode_only, extra_packages=()):
    """Put tinytorch's wheel into an engine's folder; return its path.

    ``site_engine_dir`` is a copy of _build/engine; its lock file and engine.json are
    brought up to date. With ``bytecode_only`` (a course build) the wheel holds
    bytecode without docstrings and no source; otherwise source and bytecode. The
    same tree gives the same bytes. ``extra_packages`` are folders of further
    packages for the same wheel. Returns None for an engine without Pyodide; raises
    EngineError when a package is empty or Node is absent.
    """
    folder = Path(site_engine_dir)
    if not (folder / manifest.LOCK).is_file():
        return None
    files = {}
    for package in (ROOT / "tinytorch", *map(Path, extra_packages)):
        files |= _files(package)
    number = _version()
    wheel = folder / "pyodide" / f"tinytorch-{number}-py3-none-any.whl"
    names = sorted({name.partition("/")[0] for name in files})
    made = _made(files, number, bytecode_only)
    for old in wheel.parent.glob("tinytorch-*.whl"):
        old.unlink()
    shutil.copyfile(made, wheel)
    lock = manifest.read_lock(folder)
    others = [e for name, e in lock["packages"].items() if name != "tinytorch"]
    depends = [entry["name"] for entry in others if entry["name"] == "numpy"]
    entry = manifest.package("tinytorch", number, wheel, names, depends)
    manifest.write_lock(folder, lock["info"], [*others, entry])
    manifest.renew_files(folder)
    return wheel


def _files(package):
    """Return the files of a package: {name in the wheel: path}."""
    found = {
        f"{package.name}/{path.relative_to(package).as_posix()}": path
        for path in sorted(package.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    if not found:
        raise EngineError(f"{package} holds no modules; make package writes them")
    return found


def _version():
    text = (ROOT / "tinytorch" / "__init__.py").read_text(encoding="utf-8")
    return re.search(r'^__version__ = "(.+)"$', text, re.M)[1]


def _made(files, number, bytecode_only):
    """Return the wheel, made anew when its inputs changed."""
    kind = "bytecode" if bytecode_only else "source"
    digest = hashlib.sha256(digest_of(NODE, Path(__file__)).encode())
    for name, path in sorted(files.items()):
        digest.update(f"{name} {sha256(path)}\n".encode())
    key = digest.hexdigest()[:16]
    target = MADE / f"{kind}-{number}-{key}.whl"
    if target.is_file():
        return target
    plain = target.with_suffix(".zip")
    plain.parent.mkdir(parents=True, exist_ok=True)
    for old in plain.parent.glob(f"{kind}-*"):
        old.unlink()
    info = f"tinytorch-{number}.dist-info"
    with zipfile.ZipFile(plain, "w") as archive:
        for name, path in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _DATE), path.read_bytes())
        metadata = f"Metadata-Version: 2.1\nName: tinytorch\nVersion: {number}\n"
        for name, text in (("METADATA", metadata), ("WHEEL", _WHEEL), ("RECORD", "")):
            archive.writestr(zipfile.ZipInfo(f"{info}/{name}", _DATE), text)
    whole = not bytecode_only
    compile_archives([Archive(plain, target, keep=whole, docstrings=whole)])
    plain.unlink()
    return target
