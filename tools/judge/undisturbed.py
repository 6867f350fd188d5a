"""A context manager in which chapters' cells run without lasting changes to tinytorch.

The cells of chapter 05 change the package's Tensor class in place. After a test or the
analyzer has run a chapter's cells, later code in the same process must not use their
functions. Nothing else is restored: not files, output, or numpy's random state.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

# Importing autograd changes the package. It is imported here, so that the first state
# that undisturbed() saves has those changes already.
from tinytorch.core import autograd  # noqa: F401
from tinytorch.graph import recording

Owner = ModuleType | type  # a module or class, whose attributes are saved and restored


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Context manager: restore the package's modules and classes on exit."""
    before = _state()
    primitives = dict(recording.PRIMITIVES)
    try:
        yield
    finally:
        for owner, names in _state().items():
            _restore(owner, names, before.get(owner))
        recording.PRIMITIVES = primitives


def _state() -> dict[Owner, dict[str, Any]]:
    """Return {module or class: its attributes} of tinytorch's core, utils and graph."""
    owners: list[Owner] = [
        module
        for name, module in sys.modules.items()
        if name.startswith(("tinytorch.core.", "tinytorch.utils.", "tinytorch.graph."))
    ]
    owners += [
        value
        for module in list(owners)
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    ]
    return {owner: dict(vars(owner)) for owner in owners}


def _restore(
    owner: Owner, names: dict[str, Any], before: dict[str, Any] | None
) -> None:
    """Set a module's or class's attributes back from `names` to those in `before`.

    `before` is None for a module or class that was imported since: it stays as it is.
    """
    if before is None:
        return
    for name in names.keys() - before.keys():
        delattr(owner, name)
    for name, value in before.items():
        if names.get(name) is not value:
            setattr(owner, name, value)
