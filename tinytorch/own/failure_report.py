"""The message about cells that failed, and the search for own modules that cause it."""

import shutil
import tempfile
from pathlib import Path

from tinytorch.own.notebook import Notebook, failures


def failure_report(notebook: Notebook, failed: dict[str, str], own: list[Path]) -> str:
    """Return the message that says which cells failed, and which own modules cause it.

    Args: failed, {cell id: error message} of the cells that failed; own, the files of
        the own modules that were in use.
    """
    lines = [f"{notebook.name}: not every cell passes, so nothing was changed:"]
    lines += [f"  {name}: {' '.join(why.split())}" for name, why in failed.items()]
    if any(why.startswith("NameError") for why in failed.values()):
        lines.append(
            "Cells that you added are not run: they would not go into the module. Move "
            "what they define into the exercise that needs it."
        )
    guilty = _modules_to_blame(notebook, failed, own)
    if guilty:
        lines.append(
            f"With the book's module in place of your own {' and '.join(guilty)} more "
            f"cells pass: python -m tinytorch.own --undo {guilty[0]}"
        )
    lines.append("Solve the rest, or take what passes: add --partly.")
    return "\n".join(lines)


def _modules_to_blame(
    notebook: Notebook, failed: dict[str, str], own: list[Path]
) -> list[str]:
    """Return the names of the own modules that make cells of a notebook fail.

    Args: failed, {cell id: error message} of the cells that failed on all own modules.
    Returns: one name, such as "core.tensor", if fewer cells fail without that module;
        all names if fewer cells fail only without all own modules; none if own modules
        are not in use, or as many cells fail without them.
    """
    if not own or len(failures(notebook, "no")) >= len(failed):
        return []
    for path in own:
        with tempfile.TemporaryDirectory() as others:
            for other in own:
                if other != path:
                    shutil.copy(other, others)
            if len(failures(notebook, others)) < len(failed):
                return [path.stem]
    return [path.stem for path in own]
