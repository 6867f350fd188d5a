"""Adds bytecode to zip archives of Python modules, compiled by Pyodide under Node.

Without bytecode the kernel's worker would compile each module that it imports, in
WebAssembly, at every start, which would be most of the wait. Bytecode fits one version
of Python only, so the Pyodide that the browser loads makes it.
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
    """A zip archive to rewrite with bytecode, and options for doing so.

    Args:
        source: the archive to read.
        target: the archive to write.
        inside: the folder that holds the modules at run time, shown in tracebacks.
        keep: whether the modules' source stays, beside the bytecode.
        docstrings: whether the bytecode keeps its docstrings.
        drop: regular expressions; members whose name one of them matches are left out.
        add: further members, as pairs of a name in the archive and a file's path.
    """

    source: Path
    target: Path
    inside: str = SITE_PACKAGES
    keep: bool = False
    docstrings: bool = True
    drop: list[str] = field(default_factory=list)
    add: list[tuple[str, Path]] = field(default_factory=list)

    def job(self) -> dict[str, Any]:
        """Return the archive as a dict for JSON; see Task in node/compile_zip.py."""
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
    """Rewrite archives with bytecode, all in one run of Pyodide.

    Raises: EngineError when npm, Node or Pyodide fails.
    """
    install_packages()
    archives = list(archives)
    for archive in archives:
        archive.target.parent.mkdir(parents=True, exist_ok=True)
    job = json.dumps([archive.job() for archive in archives])
    script = NODE / "compile_zip.py"
    run([*node_command(), NODE / "run_python.mjs", NPM, script, job], NPM)


def _from_root(path: Path) -> str:
    """Return an absolute path with slashes and without a Windows drive.

    Below /host, where node/run_python.mjs mounts the file system's root, it is found.
    """
    path = Path(path).resolve()
    return "/" + path.relative_to(path.anchor).as_posix()
