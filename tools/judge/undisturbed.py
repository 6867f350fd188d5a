"""Runs cells of a chapter in this process without a trace in the package.

Chapter 05 changes the package's Tensor in place. What a test or the analyzer runs of a
chapter must not be what later code of the same process computes with.
"""

import contextlib
import sys

from tinytorch.core import autograd  # noqa: F401 (what it changes is no trace of ours)
from tinytorch.graph import recording


@contextlib.contextmanager
def undisturbed():
    """Put the package's modules and classes back as they were, at the end."""
    before = _state()
    primitives = dict(recording.PRIMITIVES)
    try:
        yield
    finally:
        for owner, names in _state().items():
            _restore(owner, names, before.get(owner))
        recording.PRIMITIVES = primitives


def _state():
    """The names in each module of the package, and in each class defined there."""
    owners = [
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


def _restore(owner, names, before):
    if before is None:  # imported meanwhile; as it is now, it came from the package
        return
    for name in names.keys() - before.keys():
        delattr(owner, name)
    for name, value in before.items():
        if names.get(name) is not value:
            setattr(owner, name, value)
