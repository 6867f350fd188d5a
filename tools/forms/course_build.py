"""Tells the two builds of the site apart: the public one, and one for a course.

A course's site does not show the solutions. Its cells still run: for an exercise that a
student has not solved, the page runs the solution from a package of bytecode. Here the
source of that package is written; tools/engine/wheel.py compiles it.
"""

import os
from pathlib import Path

from tinytorch.utils.solutions import PACKAGE, module_name
from tools.chapters import parser


def with_solutions() -> bool:
    """Whether the build publishes solutions; SOLUTIONS=no makes a course build."""
    return os.environ.get("SOLUTIONS", "yes") != "no"


def write(folder: Path | str) -> Path:
    """Write the source of the package of solutions under `folder`; return its path.

    The package has a module for each exercise of the book, with the solved cell's text.
    """
    package = Path(folder, PACKAGE)
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    for path in parser.paths():
        for cell in parser.read(path).exercises:
            name = module_name(cell.id).rpartition(".")[2]
            target = package / f"{name}.py"
            target.write_text(cell.solved + "\n", encoding="utf-8", newline="\n")
    return package
