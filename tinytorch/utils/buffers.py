"""Large arrays in memory that is used again, not asked for anew in each step.

A system takes large blocks back when they are freed and hands them out page by page,
which can cost as much time as the arithmetic done in them. Here the blocks are kept.
One is handed out again only when nothing refers to it any more: no array, no view of
one, no graph that waits for its backward pass.
"""

import sys
import threading

import numpy as np

SMALLEST = 1 << 15  # bytes; for less than that numpy's own way is as quick
MOST = 1 << 27  # bytes kept in all

_blocks = {}  # size in bytes: blocks of that size
_lock = threading.Lock()


def empty(shape, dtype):
    """An array as np.empty makes it, in memory that may have been used before."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if size < SMALLEST:
        return np.empty(shape, dtype)
    with _lock:
        block = _free(_blocks.get(size, ()))
        if block is None:
            if sum(n * len(blocks) for n, blocks in _blocks.items()) + size > MOST:
                _blocks.clear()  # what is in use stays with its users
            block = np.empty(size, np.uint8)
            _blocks.setdefault(size, []).append(block)
        return block.view(dtype).reshape(shape)  # views refer to the block


def zeros(shape, dtype):
    """An array as np.zeros makes it, in memory that may have been used before."""
    array = empty(shape, dtype)
    array.fill(0)
    return array


def _free(blocks):
    """The first of the blocks that nobody else refers to, or None."""
    for block in blocks:
        if sys.getrefcount(block) == _UNUSED:
            return block
    return None


def _references(blocks):
    """How many references there are to a block that only its list holds."""
    for block in blocks:
        count = sys.getrefcount(block)
    return count


_UNUSED = _references([np.empty(1)])
