"""Makes a chapter that you solved in a notebook a part of your own TinyTorch.

    python -m tinytorch.own 01_tensor.ipynb   run its checks, and use its code
    python -m tinytorch.own --status          say whose modules are in use
    python -m tinytorch.own --undo [NAME]     use the book's modules again, or just NAME

From then on `import tinytorch` takes that chapter's module from your notebook. Your
modules are files in the folder that the environment variable TINYTORCH_OWN names, by
default ~/.tinytorch/own. With TINYTORCH_OWN=no they are ignored.
"""

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tinytorch.own.failure_report import failure_report
from tinytorch.own.module_source import (
    described,
    exercise_id,
    fingerprint,
    put_together,
)
from tinytorch.own.notebook import Notebook, NotebookError, failures, read
from tinytorch.utils.files import write_whole

PACKAGE = Path(__file__).parent.parent
CELL = re.compile(r"^ *# cell (\S+)$", re.M)  # a comment that `assemble` writes


def folder() -> Path:
    """Return the path of the folder of own modules, which may not exist yet."""
    named = os.environ.get("TINYTORCH_OWN", "")
    if named in ("", "no"):  # "no" ignores the modules, which lie in the default folder
        return Path.home() / ".tinytorch" / "own"
    return Path(named)


def adopt(path: str | Path, partly: bool = False) -> str:
    """Write a chapter's own module from its notebook; later imports use that module.

    Args: path, of the notebook; partly, whether to take the exercises whose checks
        pass, and the book's code for the others, if not every cell passes.
    Returns: the message for the reader that says what was done.
    Raises: NotebookError if the notebook cannot be used, a cell fails without
        `partly`, or the module cannot be imported; OSError if the module cannot be
        written. After any of them the own module is as it was.
    """
    notebook = read(path)
    _require_all_cells(notebook, path)
    failed = failures(notebook)
    if failed and not partly:
        raise NotebookError(failure_report(notebook, failed, _in_use()))
    source, taken, total = _build_module(notebook, failed)
    target = folder() / f"{notebook.module}.py"
    before = target.read_bytes() if target.exists() else None
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, source.encode("utf-8"))
    problem = _import_error(notebook.module)
    if problem:
        if before is None:
            target.unlink()
        else:
            write_whole(target, before)
        raise NotebookError(
            f"the module made of {notebook.name} cannot be imported, so nothing was "
            f"changed: {problem}"
        )
    name = f"tinytorch.{notebook.module}"
    share = f"{taken} of {total} exercises" if taken < total else "all its exercises"
    return f"{name} is now your own {notebook.name}: {share}. It lies in {target}"


def status() -> str:
    """Return the message that lists the own modules and says if they are in use."""
    here = folder()
    files = sorted(here.glob("*.py"))
    if not files:
        return f"Every module is the book's. (Your own would lie in {here}.)"
    ignored = os.environ.get("TINYTORCH_OWN") == "no"
    head = "TINYTORCH_OWN=no: these are ignored" if ignored else "Your own modules"
    return "\n".join(
        [f"{head}, in {here}:", *(f"  {_status_line(path)}" for path in files)]
    )


def undo(name: str | None = None) -> str:
    """Remove own modules, so that later imports use the book's modules again.

    Their files are moved into the folder `undone` beside them.

    Args: name, of one module, as a reader may write it: "tensor", "core.tensor" or
        "1"; None for all own modules.
    Returns: the message for the reader that says what was done.
    Raises: NotebookError if there is no own module of that name, or none at all.
    """
    files = sorted(folder().glob("*.py"))
    wanted = [path for path in files if name is None or _is_named(path, name)]
    if not wanted:
        known = ", ".join(path.stem for path in files) or "none"
        which = f"no own module {name!r}" if name else "no own module"
        raise NotebookError(f"there is {which} in {folder()}. There: {known}.")
    done = []
    for path in wanted:
        place = path.parent / "undone" / path.name
        place.parent.mkdir(exist_ok=True)
        number = 1  # a file that an earlier undo moved there is kept: core.tensor.2.py
        while place.exists():
            number += 1
            place = place.with_name(f"{path.stem}.{number}.py")
        shutil.move(path, place)
        done.append(f"tinytorch.{path.stem} is the book's again. Yours lies in {place}")
    return "\n".join(done)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code, 0 or 1 after an error.

    Args: arguments, the command line's words after the program; None for sys.argv[1:].
    """
    parser = argparse.ArgumentParser(
        prog="python -m tinytorch.own",
        description=__doc__.splitlines()[0],
    )
    parser.add_argument("notebook", nargs="?", help="a chapter's notebook, .ipynb")
    parser.add_argument(
        "--partly",
        action="store_true",
        help="take the exercises whose checks pass, the others from the book",
    )
    parser.add_argument("--status", action="store_true", help="say whose is in use")
    parser.add_argument(
        "--undo", nargs="?", const="", metavar="NAME", help="go back to the book's"
    )
    asked = parser.parse_args(arguments)
    try:
        if asked.undo is not None:
            print(undo(asked.undo or None))
        elif asked.notebook and not asked.status:
            print(adopt(asked.notebook, asked.partly))
        elif asked.status:
            print(status())
        else:
            parser.print_help()
    except (NotebookError, OSError) as error:
        print(f"tinytorch.own: {error}", file=sys.stderr)
        return 1
    return 0


def _require_all_cells(notebook: Notebook, path: str | Path) -> None:
    """Raise NotebookError if the notebook lacks an exported cell of its chapter.

    Cells are compared only if the notebook is of the installed version of the chapter.
    It is an error, too, if the installed book has no such chapter.

    Args: path, of the notebook, for the message.
    """
    published = _book_source(notebook.module)
    expected = set(CELL.findall(published or ""))
    missing = sorted(expected - {cell.id for cell in notebook.cells})
    if published is None:
        raise NotebookError(
            f"{path}: is {notebook.name}, which this TinyTorch does not have. Is your "
            "installation older than the notebook?"
        )
    # A notebook of another version of the chapter may rightly have other cells.
    if missing and notebook.mark == fingerprint(published):
        raise NotebookError(
            f"{path}: lacks {', '.join(missing)}. Bring the cells back from a fresh "
            "copy of the notebook, with cut and paste of whole cells."
        )


def _book_source(module: str) -> str | None:
    """Return the text of the book's module, such as "core.tensor".

    Returns: "" if only bytecode is installed, as by a course that hides solutions;
        None if there is no module of that name.
    """
    path = PACKAGE.joinpath(*module.split(".")).with_suffix(".py")
    if path.exists():
        return path.read_text(encoding="utf-8")
    return "" if path.with_suffix(".pyc").exists() else None


def _build_module(notebook: Notebook, failed: dict[str, str]) -> tuple[str, int, int]:
    """Return the text of the reader's module, and how many exercises it takes.

    For each exercise left out, a line that says why is printed if its code uses names
    that the module does not have.

    Args: failed, {cell id: error message} of the cells that fail. An exercise is left
        out if its cell or its check is among them; on import `overlay` then takes the
        names that it defines from the book's module.
    Returns: the text; the number of the reader's exercises in it; the number of the
        chapter's exercises that are exported.
    Raises: NotebookError if no exercise is left; SyntaxError if a cell that goes into
        the module is not Python.
    """
    unsolved = {exercise_id(name) for name in failed}
    exercises = [c for c in notebook.cells if c.role == "exercise" and c.exported]
    tools = [c.text for c in notebook.cells if c.role == "setup" and not c.exported]
    while True:  # leaving out a cell can take away a name that another cell uses
        cells = [c for c in notebook.cells if c.exported and c.id not in unsolved]
        yours = {c.id: c.text for c in exercises if c.id not in unsolved}
        if not yours:
            raise NotebookError(f"no exercise of {notebook.name} passes its check yet.")
        texts = [(cell.id, cell.text) for cell in cells]
        source, left_out = put_together(
            notebook.name, notebook.mark, texts, yours, tools
        )
        if not left_out:
            return source, len(yours), len(exercises)
        for name, names in left_out.items():
            print(
                f"{name} uses {', '.join(names)}, which does not go into the module; "
                "the book's is taken instead."
            )
        unsolved |= left_out.keys()


def _in_use() -> list[Path]:
    """Return the files of the own modules that `import tinytorch` takes now."""
    ignored = os.environ.get("TINYTORCH_OWN") == "no"
    return [] if ignored else sorted(folder().glob("*.py"))


def _import_error(module: str) -> str:
    """Import an own module in a new Python process; return its error, "" if it loads.

    Args: module, such as "core.tensor".
    Returns: the line of the traceback that names the error.
    """
    code = f"import tinytorch.{module}"
    environment = os.environ | {"TINYTORCH_OWN": str(folder())}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    if done.returncode == 0:
        return ""
    # A traceback names its error in a line such as "NameError: ..."
    lines = [
        line for line in done.stderr.splitlines() if re.match(r"\w+(Error|:)", line)
    ]
    return (lines or [done.stderr.strip()])[0]


def _status_line(path: Path) -> str:
    """Return the line of `status` about one own module.

    The line has the module's name, title and number of cells, and says if the file is
    not Python or was made from another version of the chapter.
    """
    source = path.read_text(encoding="utf-8", errors="replace")
    try:
        title = (ast.get_docstring(ast.parse(source)) or path.stem).splitlines()[0]
    except (SyntaxError, ValueError) as error:
        return f"{path.stem}: cannot be imported, for it is not Python: {error}"
    mark, yours = described(source)
    published = _book_source(path.stem)
    count = f"{len(yours)} cell{'' if len(yours) == 1 else 's'}"
    words = f"{path.stem}: {title.removesuffix('.')}, {count}"
    if published and mark != fingerprint(published):
        return f"{words}; made from another version of the chapter than the one here"
    return words


def _is_named(path: Path, name: str) -> bool:
    """Whether `name`, as the reader wrote it, means the own module in a file."""
    title = path.read_text(encoding="utf-8", errors="replace")[:40]
    name = name.removeprefix("tinytorch.").removesuffix(".py")
    names = (path.stem, path.stem.rpartition(".")[2])
    return name in names or f"chapter {name.zfill(2)}," in title
