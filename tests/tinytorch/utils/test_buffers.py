"""The memory pool: no block is in use twice, and the pool does not grow endlessly."""

import gc

import numpy as np
import pytest

from tinytorch.utils import buffers

SHAPE = (300, 301)  # float32: 361,200 bytes, above the smallest that is kept


@pytest.fixture(autouse=True)
def clean():
    buffers._blocks.clear()
    yield
    buffers._blocks.clear()


def address(array):
    return array.__array_interface__["data"][0]


def test_memory_comes_back_when_nobody_refers_to_it():
    first = buffers.empty(SHAPE, np.float32)
    assert (first.shape, first.dtype) == (SHAPE, np.float32)
    place = address(first)
    del first
    assert address(buffers.empty(SHAPE, np.float32)) == place
    again = buffers.empty((301, 150), np.float64)  # as many bytes, another form
    assert again.nbytes == 361_200 and address(again) == place


@pytest.mark.parametrize(
    "hold",
    [
        lambda a: a,
        lambda a: a[5:9, ::2],
        lambda a: a.T,
        lambda a: a.reshape(-1)[:1],
        lambda a: a.swapaxes(0, 1).reshape(301, 2, 150)[0],
        lambda a: np.broadcast_to(a, (2, *SHAPE)),
        lambda a: memoryview(a),
        lambda a: a.view(np.int32),
    ],
)
def test_memory_that_anything_refers_to_is_not_given_out(hold):
    array = buffers.zeros(SHAPE, np.float32)
    held = hold(array)
    del array
    other = buffers.empty(SHAPE, np.float32)
    other.fill(7)
    assert not np.shares_memory(np.asarray(held), other)
    assert not (np.asarray(held) == 7).any()


def test_arrays_in_use_at_once_are_apart():
    arrays = [buffers.empty(SHAPE, np.float32) for _ in range(5)]
    assert len({address(array) for array in arrays}) == 5
    del arrays
    gc.collect()
    assert len(buffers._blocks[361_200]) == 5
    for _ in range(20):
        buffers.empty(SHAPE, np.float32)
    assert len(buffers._blocks[361_200]) == 5


def test_zeros_are_zeros_in_used_memory():
    buffers.empty(SHAPE, np.float32).fill(5)
    assert (buffers.zeros(SHAPE, np.float32) == 0).all()


def test_small_arrays_and_empty_ones_are_numpys():
    assert buffers.empty((3, 4), np.float32).base is None
    assert buffers.empty((0, 4), np.float32).shape == (0, 4)
    assert buffers.empty((), np.float64).shape == ()
    assert not buffers._blocks


def test_what_is_kept_is_bounded(monkeypatch):
    monkeypatch.setattr(buffers, "MOST", 1_000_000)
    held = buffers.empty(SHAPE, np.float32)
    held.fill(3)
    for n in range(1, 9):
        buffers.empty((100_000 + n,), np.float32).fill(n)
        kept = sum(size * len(blocks) for size, blocks in buffers._blocks.items())
        assert kept <= 1_000_000
    assert (held == 3).all()
