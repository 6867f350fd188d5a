"""Runs a chapter's cells in this process, and restores the package afterwards.

Chapter 05 changes the package's Tensor in place. When a test or the analyzer has run a
chapter's cells, later code of the same process must not compute with their functions.
It isolates nothing else: files, output and numpy's random state are not restored.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

# Imported first, so that the changes it makes on import belong to the state before.
from tinytorch.core import autograd  # noqa: F401
from tinytorch.graph import recording

Owner = ModuleType | type  # of attributes


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Context manager: restores the package's modules and classes on exit."""
    before = _state()
    primitives = dict(recording.PRIMITIVES)
    try:
        yield
    finally:
        for owner, names in _state().items():
            _restore(owner, names, before.get(owner))
        recording.PRIMITIVES = primitives


def _state() -> dict[Owner, dict[str, Any]]:
    """Return the attributes of each module of the package, and of each class there."""
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
    """Give a module or class the attributes `before` again, instead of `names`."""
    if before is None:  # imported meanwhile; as it is now, it came from the package
        return
    for name in names.keys() - before.keys():
        delattr(owner, name)
    for name, value in before.items():
        if names.get(name) is not value:
            setattr(owner, name, value)
