"""Archives of Python modules, byte-compiled by the Pyodide that will load them.

At every start of the kernel its worker would compile, in WebAssembly, each module
it imports: most of the wait. Bytecode fits one version of Python only, so the very
same Pyodide compiles, under Node.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from tools.engine.bundles import install_packages
from tools.engine.toolchain import HERE, NPM, node_command, run

SITE_PACKAGES = "/lib/python3.13/site-packages"
NODE = HERE / "node"


@dataclass
class Archive:
    """One zip archive to be rewritten.

    ``inside`` is the folder its modules are found in at run time; ``keep`` leaves
    their source beside the bytecode, ``docstrings`` false takes those out of
    it; ``drop`` are patterns of members to leave out; ``add`` are further members, as
    pairs of name and path.
    """

    source: Path
    target: Path
    inside: str = SITE_PACKAGES
    keep: bool = False
    docstrings: bool = True
    drop: list = field(default_factory=list)
    add: list = field(default_factory=list)

    def job(self):
        """Return what node/compile_zip.py takes."""
        return {
            "source": _from_root(self.source),
            "target": _from_root(self.target),
            "inside": self.inside,
            "keep": self.keep,
            "docstrings": self.docstrings,
            "drop": self.drop,
            "add": [[name, _from_root(path)] for name, path in self.add],
        }


def compile_archives(archives):
    """Rewrite archives, in one run; EngineError when Node or Pyodide fail."""
    install_packages()
    for archive in archives:
        archive.target.parent.mkdir(parents=True, exist_ok=True)
    job = json.dumps([archive.job() for archive in archives])
    script = NODE / "compile_zip.py"
    run([*node_command(), NODE / "run_python.mjs", NPM, script, job], NPM)


def _from_root(path):
    path = Path(path).resolve()
    return "/" + path.relative_to(path.anchor).as_posix()
