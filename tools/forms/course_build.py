"""The two kinds of build, with solutions (public) and without (for a course).

A course's site publishes no solution. Its cells still run: where a student has not
solved an exercise, they take the solution from a package of bytecode, which is
written here as source and compiled with the engine's wheel.
"""

import os
from pathlib import Path

from tinytorch.utils.solutions import PACKAGE, module_name
from tools.chapters import parser


def with_solutions() -> bool:
    """Whether the build publishes solutions; SOLUTIONS=no makes a course build."""
    return os.environ.get("SOLUTIONS", "yes") != "no"


def write(folder: Path | str) -> Path:
    """Write the package of solutions under `folder`; return its path.

    It has a module for each exercise of the book, which holds the solved cell.
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
