"""Fingerprints of arrays, by which backward notices edits made since forward."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from numpy import ndarray

if TYPE_CHECKING:
    from numpy.typing import NDArray


def fingerprints(values: Iterable[Any]) -> bytes:
    """Return bytes that change when an array among the values is edited.

    An array of up to 4,096 bytes contributes all its bytes, a larger one a sample of
    its numbers: an edit of only other numbers goes unnoticed. Values that are not
    arrays contribute nothing.
    """
    prints = b""
    for value in values:
        if isinstance(value, ndarray):
            prints += (value if value.nbytes <= 4096 else sample(value)).tobytes()
    return prints


def sample(array: NDArray[Any]) -> NDArray[Any]:
    """Return a view of an array's numbers at up to four positions on each axis."""
    return array[places(array.shape)]


@functools.lru_cache  # each training step asks for the same shapes
def places(shape: tuple[int, ...]) -> tuple[slice, ...]:
    """Return the index that `sample` uses for this shape: a slice for each axis."""
    return tuple(slice(None, None, size // 4 + 1) for size in shape)
