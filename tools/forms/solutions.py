"""The reference of a course build: each exercise's solution as a module of its own."""

from pathlib import Path

from tinytorch.utils.solutions import PACKAGE, module_name
from tools.chapters import parser


def write(folder):
    """Write the package tinytorch_reference under `folder`; return its path."""
    package = Path(folder, PACKAGE)
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    for path in parser.paths():
        for cell in parser.read(path).exercises:
            name = module_name(cell.id).rpartition(".")[2]
            target = package / f"{name}.py"
            target.write_text(cell.solved + "\n", encoding="utf-8", newline="\n")
    return package
