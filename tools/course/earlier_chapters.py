"""Copies tinytorch for a submission, without modules of its own and later chapters."""

import compileall
from collections.abc import Mapping
from pathlib import Path

from tools import ROOT
from tools.course.course import every_chapter


def pack(number: str) -> dict[str, str]:
    """Return tinytorch without the modules of chapter `number` and later ones.

    A submission that could import these modules would find the solutions in them.

    Returns: {path from the root of the repository: text of the file}.
    """
    later = {
        f"tinytorch/{each.module.replace('.', '/')}.py"
        for each in every_chapter()
        if each.number >= number and each.module
    }
    files = sorted((ROOT / "tinytorch").rglob("*.py"))
    packed = {path.relative_to(ROOT).as_posix(): path for path in files}
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in packed.items()
        if name not in later
    }


def unpack(files: Mapping[str, str], folder: str | Path) -> Path:
    """Write the files of `pack` into a folder, compile them, and return the folder.

    All users may read the files: where root grades, a submission runs as another user.
    """
    for name, text in files.items():
        target = Path(folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    compileall.compile_dir(folder, quiet=1)
    for path in [Path(folder), *Path(folder).rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return Path(folder)
