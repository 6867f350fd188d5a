"""Rewrites archives of Python modules with bytecode, made by the Pyodide that loads it.

Without bytecode the kernel's worker would compile each module that it imports, in
WebAssembly, at every start: most of the wait. Bytecode fits one version of Python only,
so the very same Pyodide compiles, under Node.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.engine.bundles import install_packages
from tools.engine.toolchain import HERE, NPM, node_command, run

SITE_PACKAGES = "/lib/python3.13/site-packages"
NODE = HERE / "node"


@dataclass
class Archive:
    """One zip archive to rewrite, and how.

    Args:
        source: the archive to read.
        target: the archive to write.
        inside: the folder of its modules at run time, which tracebacks show.
        keep: whether the modules' source stays, beside the bytecode.
        docstrings: whether the bytecode keeps its docstrings.
        drop: regular expressions of members to leave out.
        add: further members, pairs of a name in the archive and a file.
    """

    source: Path
    target: Path
    inside: str = SITE_PACKAGES
    keep: bool = False
    docstrings: bool = True
    drop: list[str] = field(default_factory=list)
    add: list[tuple[str, Path]] = field(default_factory=list)

    def job(self) -> dict[str, Any]:
        """Return the task for node/compile_zip.py, which documents its keys."""
        return {
            "source": _from_root(self.source),
            "target": _from_root(self.target),
            "inside": self.inside,
            "keep": self.keep,
            "docstrings": self.docstrings,
            "drop": self.drop,
            "add": [[name, _from_root(path)] for name, path in self.add],
        }


def compile_archives(archives: Iterable[Archive]) -> None:
    """Rewrite archives, all in one run of Pyodide.

    Raises: EngineError when Node or Pyodide fails.
    """
    install_packages()
    archives = list(archives)
    for archive in archives:
        archive.target.parent.mkdir(parents=True, exist_ok=True)
    job = json.dumps([archive.job() for archive in archives])
    script = NODE / "compile_zip.py"
    run([*node_command(), NODE / "run_python.mjs", NPM, script, job], NPM)


def _from_root(path: Path) -> str:
    """Return an absolute path without drive; node/run_python.mjs mounts the root."""
    path = Path(path).resolve()
    return "/" + path.relative_to(path.anchor).as_posix()
