"""Makes a chapter that you solved in a notebook a part of your own TinyTorch.

    python -m tinytorch.own 01_tensor.ipynb   run its checks, and use its code
    python -m tinytorch.own --status          say whose modules are in use
    python -m tinytorch.own --undo [NAME]     go back to the book's, for all or for one

From then on `import tinytorch` takes that chapter's module from your notebook. The
files lie in the folder that TINYTORCH_OWN names, or in .tinytorch/own of your home
folder. TINYTORCH_OWN=no ignores them.
"""

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tinytorch.own.cells import described, fingerprint, put_together
from tinytorch.own.notebook import NotebookError, failures, read
from tinytorch.utils.files import write_whole

PACKAGE = Path(__file__).parent.parent
SIGNED = re.compile(r"^ *Defined in chapter \d+, cell (\S+)\.$", re.M)


def folder():
    """Return the folder of own modules, whether it is there or not."""
    named = os.environ.get("TINYTORCH_OWN", "")
    if named in ("", "no"):
        return Path.home() / ".tinytorch" / "own"
    return Path(named)


def adopt(path, partly=False):
    """Make the module of a chapter's notebook the one that is imported; say so.

    Args: partly, whether to take the exercises whose checks pass where others do not.
    Raises: NotebookError where the notebook cannot be used; nothing is changed then.
    """
    notebook = read(path)
    _refuse_missing(notebook, path)
    failed = failures(notebook)
    if failed and not partly:
        raise NotebookError(_told(notebook, failed))
    source, taken, total = _module(notebook, failed)
    target = folder() / f"{notebook.module}.py"
    before = target.read_bytes() if target.exists() else None
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, source.encode("utf-8"))
    problem = _import_problem(notebook.module)
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


def status():
    """Return what is in use, in sentences, a line each."""
    here = folder()
    files = sorted(here.glob("*.py"))
    if not files:
        return f"Every module is the book's. (Your own would lie in {here}.)"
    ignored = os.environ.get("TINYTORCH_OWN") == "no"
    head = "TINYTORCH_OWN=no: these are ignored" if ignored else "Your own modules"
    return "\n".join([f"{head}, in {here}:", *(f"  {_state(path)}" for path in files)])


def undo(name=None):
    """Go back to the book's module of this name, or to all; return what was done.

    The files are moved into a folder `undone` beside the others. Raises NotebookError
    where there is no own module of that name.
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
        number = 1
        while place.exists():
            number += 1
            place = place.with_name(f"{path.stem}.{number}.py")
        shutil.move(path, place)
        done.append(f"tinytorch.{path.stem} is the book's again. Yours lies in {place}")
    return "\n".join(done)


def main(arguments=None):
    """Do what the command line says; return the exit code."""
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


def _refuse_missing(notebook, path):
    reference = _reference(notebook.module)
    expected = set(SIGNED.findall(reference or ""))
    missing = sorted(expected - {cell.id for cell in notebook.cells})
    if reference is None:
        raise NotebookError(
            f"{path}: is {notebook.name}, which this TinyTorch does not have. Is your "
            "installation older than the notebook?"
        )
    if missing and notebook.mark == fingerprint(reference):
        raise NotebookError(
            f"{path}: lacks {', '.join(missing)}. Bring the cells back from a fresh "
            "copy of the notebook, with cut and paste of whole cells."
        )


def _reference(module):
    """Return the text of the book's module; empty if only bytecode is there."""
    path = PACKAGE.joinpath(*module.split(".")).with_suffix(".py")
    if path.exists():
        return path.read_text(encoding="utf-8")
    return "" if path.with_suffix(".pyc").exists() else None


def _module(notebook, failed):
    """Return the module's text, how many exercises are in it, and how many could be."""
    unsolved = {name.removesuffix("-check") for name in failed}
    exercises = [c for c in notebook.cells if c.role == "exercise" and c.exported]
    tools = [c.text for c in notebook.cells if c.role == "setup" and not c.exported]
    while True:
        cells = [c for c in notebook.cells if c.exported and c.id not in unsolved]
        yours = {c.id: c.text for c in exercises if c.id not in unsolved}
        if not yours:
            raise NotebookError(f"no exercise of {notebook.name} passes its check yet.")
        texts = [(cell.id, cell.text) for cell in cells]
        args = (notebook.name, notebook.mark, texts, yours, tools)
        source, left_out = put_together(*args)
        if not left_out:
            return source, len(yours), len(exercises)
        for name, names in left_out.items():
            print(
                f"{name} uses {', '.join(names)}, which does not go into the module; "
                "the book's is taken instead."
            )
        unsolved |= left_out.keys()


def _told(notebook, failed):
    """Say which checks failed, and whether own modules of before are the cause."""
    lines = [f"{notebook.name}: not every cell passes, so nothing was changed:"]
    lines += [f"  {name}: {' '.join(why.split())}" for name, why in failed.items()]
    unknown = [name for name, why in failed.items() if why.startswith("NameError")]
    if unknown:
        lines.append(
            "Cells that you added are not run: they would not go into the module. Move "
            "what they define into the exercise that needs it."
        )
    guilty = _guilty(notebook, failed)
    if guilty:
        lines.append(
            f"With the book's module in place of your own {' and '.join(guilty)} more "
            f"cells pass: python -m tinytorch.own --undo {guilty[0]}"
        )
    lines.append("Solve the rest, or take what passes: add --partly.")
    return "\n".join(lines)


def _guilty(notebook, failed):
    """The own modules without which fewer cells fail: one if one is enough."""
    if os.environ.get("TINYTORCH_OWN") == "no":
        return []
    files = sorted(folder().glob("*.py"))
    if not files or len(failures(notebook, "no")) >= len(failed):
        return []
    for path in files:
        with tempfile.TemporaryDirectory() as others:
            for other in files:
                if other != path:
                    shutil.copy(other, others)
            if len(failures(notebook, others)) < len(failed):
                return [path.stem]
    return [path.stem for path in files]


def _import_problem(module):
    code = f"import tinytorch.{module}"
    environment = os.environ | {"TINYTORCH_OWN": str(folder())}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    lines = [
        line for line in done.stderr.splitlines() if re.match(r"\w+(Error|:)", line)
    ]
    return (lines or [done.stderr.strip()])[0] if done.returncode else ""


def _state(path):
    """One own module in a line: what it is, and what is wrong with it."""
    source = path.read_text(encoding="utf-8", errors="replace")
    try:
        title = (ast.get_docstring(ast.parse(source)) or path.stem).splitlines()[0]
    except (SyntaxError, ValueError) as error:
        return f"{path.stem}: cannot be imported, for it is not Python: {error}"
    mark, yours = described(source)
    reference = _reference(path.stem)
    words = f"{path.stem}: {title.removesuffix('.')}, {_count(yours, 'cell')}"
    if reference and mark != fingerprint(reference):
        return f"{words}; made from another version of the chapter than the one here"
    return words


def _count(items, noun):
    return f"{len(items)} {noun}{'' if len(items) == 1 else 's'}"


def _is_named(path, name):
    title = path.read_text(encoding="utf-8", errors="replace")[:40]
    name = name.removeprefix("tinytorch.").removesuffix(".py")
    names = (path.stem, path.stem.rpartition(".")[2])
    return name in names or f"chapter {name.zfill(2)}," in title
