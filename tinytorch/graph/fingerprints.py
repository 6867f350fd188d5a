"""Fingerprints of arrays, to notice edits between forward and backward."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from numpy import ndarray

if TYPE_CHECKING:
    from numpy.typing import NDArray


def fingerprints(values: Iterable[Any]) -> bytes:
    """Return bytes that change when an array among the values is edited.

    Of an array of up to 4 kB these are all its bytes, of a larger one some numbers:
    an edit of a few others goes unnoticed.
    """
    prints = b""
    for value in values:
        if isinstance(value, ndarray):
            prints += (value if value.nbytes <= 4096 else sample(value)).tobytes()
    return prints


def sample(array: NDArray[Any]) -> NDArray[Any]:
    """Return a view of a few numbers from all over an array, whatever its layout."""
    return array[places(array.shape)]


@functools.lru_cache  # the same shapes come in every step
def places(shape: tuple[int, ...]) -> tuple[slice, ...]:
    """Return an index of at most four positions on each axis."""
    return tuple(slice(None, None, size // 4 + 1) for size in shape)
