"""A pool of memory for large arrays, so that training steps reuse their blocks.

An operating system takes large blocks back when they are freed and hands them out page
by page, which can cost as much time as the arithmetic done in them. The pool keeps its
blocks instead. It hands one out again only when nothing refers to it any more: no
array, no view of an array, no graph that waits for its backward pass.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

SMALLEST = 1 << 15  # bytes; for smaller arrays numpy's own memory is as quick
MOST = 1 << 27  # bytes that the pool keeps in all

_blocks: dict[int, list[NDArray[np.uint8]]] = {}  # size in bytes: blocks of that size
_lock = threading.Lock()  # else two threads could find the same block free


def empty(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an array of undefined numbers, as np.empty does, in memory of the pool."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if size < SMALLEST:
        return np.empty(shape, dtype)
    with _lock:
        block = _free(_blocks.get(size, ()))
        if block is None:
            if sum(n * len(blocks) for n, blocks in _blocks.items()) + size > MOST:
                _blocks.clear()  # blocks in use live on with the arrays that use them
            block = np.empty(size, np.uint8)
            _blocks.setdefault(size, []).append(block)
        return block.view(dtype).reshape(shape)  # views refer to the block


def zeros(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an array of zeros as np.zeros does, in memory of the pool."""
    array = empty(shape, dtype)
    array.fill(0)
    return array


def _free(blocks: Iterable[NDArray[np.uint8]]) -> NDArray[np.uint8] | None:
    """Return the first of the blocks that only its list refers to, or None."""
    for block in blocks:
        if sys.getrefcount(block) == _UNUSED:
            return block
    return None


def _references(blocks: Iterable[NDArray[np.uint8]]) -> int:
    """Return the reference count of a block that only its list refers to.

    Measured in a loop like that of `_free`, since how many of its own references the
    interpreter counts differs between versions of Python.
    """
    for block in blocks:
        count = sys.getrefcount(block)
    return count


_UNUSED = _references([np.empty(1, np.uint8)])
