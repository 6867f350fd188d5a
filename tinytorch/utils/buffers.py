"""A pool of memory blocks for large arrays, which training steps reuse.

An operating system takes a large block back when it is freed, and maps a new one page
by page, which can take as long as the arithmetic on the array. The pool keeps its
blocks instead. A block is used again only when nothing else refers to it: no array, no
view of an array, no graph that waits for its backward pass.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

SMALLEST = 1 << 15  # bytes; smaller arrays are left to numpy, which is as quick
MOST = 1 << 27  # bytes; if a new block would make the pool larger, it is emptied first

_blocks: dict[int, list[NDArray[np.uint8]]] = {}  # {bytes: blocks of that size}
_lock = threading.Lock()  # so that two threads never take the same free block


def empty(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an array of undefined numbers, as np.empty does, in memory of the pool.

    An array of fewer than SMALLEST bytes has memory of its own.
    """
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if size < SMALLEST:
        return np.empty(shape, dtype)
    with _lock:
        block = _free(_blocks.get(size, ()))
        if block is None:
            if sum(n * len(blocks) for n, blocks in _blocks.items()) + size > MOST:
                _blocks.clear()  # blocks in use live as long as their arrays
            block = np.empty(size, np.uint8)
            _blocks.setdefault(size, []).append(block)
        return block.view(dtype).reshape(shape)  # this view refers to the block


def zeros(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an array of zeros, as np.zeros does, in memory as `empty` takes it."""
    array = empty(shape, dtype)
    array.fill(0)
    return array


def _free(blocks: Iterable[NDArray[np.uint8]]) -> NDArray[np.uint8] | None:
    """Return the first block to which only its list refers; None if all are in use."""
    for block in blocks:
        if sys.getrefcount(block) == _UNUSED:
            return block
    return None


def _references(blocks: Iterable[NDArray[np.uint8]]) -> int:
    """Return the reference count that `_free` sees for an unused block.

    It is measured in the same kind of loop, since versions of Python differ in how many
    of the interpreter's own references they count.

    Args: blocks, one block or more, to which only `blocks` refers.
    """
    for block in blocks:
        count = sys.getrefcount(block)
    return count


_UNUSED = _references([np.empty(1, np.uint8)])
