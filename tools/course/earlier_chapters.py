"""The package as a submission may import it: the chapters before, and no others."""

import compileall
from pathlib import Path

from tools import ROOT
from tools.course.course import every_chapter


def pack(number):
    """Return tinytorch without chapter `number` and those after it, {path: text}."""
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


def unpack(files, folder):
    """Write packed files into a folder, compiled; return the folder.

    Anyone may read it: as root, we run submissions as a user who owns nothing.
    """
    for name, text in files.items():
        target = Path(folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    compileall.compile_dir(folder, quiet=1)
    for path in [Path(folder), *Path(folder).rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return Path(folder)
