"""Makes the wheel of tinytorch that the kernel in the browser loads."""

import hashlib
import re
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

from tools import ROOT
from tools.engine import manifest
from tools.engine.bytecode import NODE, Archive, compile_archives
from tools.engine.toolchain import WORK, EngineError, digest_of, sha256

MADE = WORK / "tinytorch"
_DATE = (1980, 1, 1, 0, 0, 0)  # date of all members, so that wheels are reproducible
_WHEEL = """\
Wheel-Version: 1.0
Generator: tinytorch
Root-Is-Purelib: true
Tag: py3-none-any
"""


def write_tinytorch_wheel(
    engine: Path, bytecode_only: bool, extra_packages: Iterable[Path] = ()
) -> Path | None:
    """Put tinytorch's wheel into a site's copy of the engine; return the wheel's path.

    The wheel is entered in the copy's lock file and engine.json. The same source files
    give the same bytes.

    Args:
        engine: the site's copy of the folder _build/engine.
        bytecode_only: whether to leave out source and docstrings, as for a course's
            site; otherwise the wheel holds source and bytecode.
        extra_packages: folders of further Python packages for the same wheel.

    Returns: None for an engine without Pyodide.
    Raises: EngineError when a package has no files, tinytorch names no version, or Node
        or Pyodide fails.
    """
    if not (engine / manifest.LOCK).is_file():
        return None
    files: dict[str, Path] = {}
    for package in (ROOT / "tinytorch", *extra_packages):
        files |= _files(package)
    number = _version()
    wheel = engine / "pyodide" / f"tinytorch-{number}-py3-none-any.whl"
    made = _made(files, number, bytecode_only)
    for old in wheel.parent.glob("tinytorch-*.whl"):
        old.unlink()
    shutil.copyfile(made, wheel)
    _enter(engine, wheel, number, sorted({name.partition("/")[0] for name in files}))
    return wheel


def _enter(engine: Path, wheel: Path, number: str, imports: list[str]) -> None:
    """List the wheel in the engine's lock file and engine.json.

    Args: number, the wheel's version; imports, names of its top-level packages.
    """
    lock = manifest.read_lock(engine)
    others = [e for name, e in lock["packages"].items() if name != "tinytorch"]
    depends = [entry["name"] for entry in others if entry["name"] == "numpy"]
    entry = manifest.package("tinytorch", number, wheel, imports, depends)
    manifest.write_lock(engine, lock["info"], [*others, entry])
    manifest.renew_files(engine)


def _files(package: Path) -> dict[str, Path]:
    """Return a package's files as {name in the wheel: path}; no bytecode files.

    Raises: EngineError where there are none.
    """
    found = {
        f"{package.name}/{path.relative_to(package).as_posix()}": path
        for path in sorted(package.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    if not found:
        raise EngineError(f"{package} holds no modules; make package writes them")
    return found


def _version() -> str:
    """Return __version__ of the repository's tinytorch, read from its source text.

    An import could find another tinytorch, which is installed. Raises EngineError where
    the text has no __version__.
    """
    text = (ROOT / "tinytorch" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.M)
    if found is None:
        raise EngineError("tinytorch/__init__.py names no __version__")
    return found[1]


def _made(files: dict[str, Path], number: str, bytecode_only: bool) -> Path:
    """Return the path of a wheel of these files, made now or by an earlier run.

    Args: files, {name in the wheel: path}; number, the wheel's version.
    """
    kind = "bytecode" if bytecode_only else "source"
    digest = hashlib.sha256(digest_of(NODE, Path(__file__)).encode())
    for name, path in sorted(files.items()):
        digest.update(f"{name} {sha256(path)}\n".encode())
    target = MADE / f"{kind}-{number}-{digest.hexdigest()[:16]}.whl"
    if target.is_file():
        return target
    plain = target.with_suffix(".zip")
    plain.parent.mkdir(parents=True, exist_ok=True)
    for old in plain.parent.glob(f"{kind}-*"):
        old.unlink()
    _write_plain(plain, files, number)
    whole = not bytecode_only
    compile_archives([Archive(plain, target, keep=whole, docstrings=whole)])
    plain.unlink()
    return target


def _write_plain(target: Path, files: dict[str, Path], number: str) -> None:
    """Write a wheel without bytecode, which Pyodide then compiles."""
    info = f"tinytorch-{number}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: tinytorch\nVersion: {number}\n"
    with zipfile.ZipFile(target, "w") as archive:
        for name, path in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _DATE), path.read_bytes())
        # RECORD's list of files is written when node/compile_zip.py adds the bytecode.
        for name, text in (("METADATA", metadata), ("WHEEL", _WHEEL), ("RECORD", "")):
            archive.writestr(zipfile.ZipInfo(f"{info}/{name}", _DATE), text)
