"""TinyTorch: a small PyTorch in numpy, the one that readers of the book build.

Names are looked up on first use, and the first one switches gradients on, so that
`import tinytorch.core.tensor` brings chapter 01 and nothing that later chapters add.
"""

import os

from tinytorch.core.exports import NAMES
from tinytorch.lazy import hand_on

__version__ = "0.1.0"

# {name: module that has it}: every public name of the chapters, and two packages.
_HOMES = {
    name: f"tinytorch.core.{module}"
    for module, names in NAMES.items()
    for name in names
}
_HOMES |= {"nn": "tinytorch.nn:", "optim": "tinytorch.optim:"}

__all__ = ["__version__", *_HOMES]


def _use_own() -> None:
    """Install the import hook for the reader's own modules, if there are any."""
    # No pathlib: its import would take longer than all the rest of this one.
    home = os.path.expanduser("~/.tinytorch/own")  # noqa: PTH111
    folder = os.environ.get("TINYTORCH_OWN") or home
    if folder == "no" or not os.path.isdir(folder):  # noqa: PTH112
        return
    if any(name.endswith(".py") for name in os.listdir(folder)):  # noqa: PTH208
        from tinytorch.own import overlay

        overlay.install(overlay.from_folder(folder))


_use_own()

__getattr__, __dir__ = hand_on(globals(), _HOMES)
