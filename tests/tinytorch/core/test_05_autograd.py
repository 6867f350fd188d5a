"""backward(): which Tensors get gradients, their dtype and memory, and its cost."""

import gc
import sys

import numpy as np
import pytest

from tinytorch import Tensor


def leaf(values, dtype="float32"):
    return Tensor(np.array(values, dtype), requires_grad=True)


def test_a_new_tensor_has_no_gradient_and_asks_for_none():
    x = Tensor([1.0])
    assert (x.requires_grad, x.grad, x.grad_fn) == (False, None, None)
    y = x * 2 + 1
    assert (y.requires_grad, y.grad_fn) == (False, None)


def test_a_result_asks_if_one_of_its_inputs_does():
    x, c = leaf([1.0]), Tensor([2.0])
    assert (x * c).requires_grad
    assert (c + x).requires_grad
    assert (c - x).grad_fn is not None
    assert not (x > c).requires_grad


def test_gradients_add_up_until_they_are_forgotten():
    x = leaf([1.0, 2.0])
    for expected in ([2, 4], [4, 8], [6, 12]):
        (x * x).sum().backward()
        assert x.grad.tolist() == expected
    x.grad = None
    (x * 3).sum().backward()
    assert x.grad.tolist() == [3, 3]


def test_backward_from_a_leaf():
    x = leaf(2.0)
    x.backward()
    x.backward()
    assert x.grad.tolist() == 2


@pytest.mark.parametrize("shape", [(), (1,), (1, 1, 1)])
def test_a_single_number_needs_no_gradient(shape):
    x = leaf(np.full(shape, 3.0))
    (x * x).backward()
    assert x.grad.tolist() == np.full(shape, 6.0).tolist()
    assert isinstance(x.grad, np.ndarray)


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
@pytest.mark.parametrize("shape", [(), (2,), (0, 2)])
def test_gradients_are_arrays_of_the_dtype_of_their_tensor(dtype, shape):
    other = np.full(shape, 2.0, "float64")
    x = leaf(np.ones(shape), dtype)
    uses = [
        x * other,
        other * x,
        x + x,
        x * x,
        -x,
        x.exp(),
        x / other,
        x**2,
        x.maximum(0),
    ]
    for y in uses:
        for _ in range(2):  # the first arrives, the second is added
            y.sum().backward(retain_graph=True)
            assert isinstance(x.grad, np.ndarray)
            assert (x.grad.dtype, x.grad.shape) == (dtype, shape)


def test_gradients_meet_in_the_dtype_of_the_leaf():
    x = leaf([1.0, 2.0])
    big = np.array([2.0, 3.0])
    (x * big + x * big + x).sum().backward()
    assert x.grad.dtype == np.float32
    assert x.grad.tolist() == [5, 7]


def test_whole_numbers_take_part_and_get_no_gradient():
    n, x = Tensor(np.array([1, 2])), leaf([3.0, 4.0])
    (n * x + n).sum().backward()
    assert n.grad is None
    assert x.grad.tolist() == [1, 2]


def test_whole_numbers_cannot_ask_for_a_gradient():
    """Slopes cut to whole numbers would be wrong, and nobody would notice."""
    n = Tensor(np.array([1, 2]))
    with pytest.raises(TypeError, match="(?s)float.*help:"):
        n.requires_grad = True  # refused here, or at the latest by backward
        (n * 0.5).sum().backward()


def test_nobody_else_holds_the_gradient_of_a_leaf():
    x, y, z = (leaf([[1.0, 2.0]]) for _ in range(3))
    given = np.array([[1.0, 1.0]], "float32")
    (x + y.reshape(2).reshape(1, 2) + z.T.T).backward(given)
    arrays = [x.grad, y.grad, z.grad, given]
    for i, array in enumerate(arrays):
        assert not any(np.may_share_memory(array, other) for other in arrays[:i])
    for x in (leaf([[1.0, 2.0]]), leaf(1.0)):
        given = np.ones(x.shape, "float32")
        x.backward(given)
        x.grad += 1
        assert given.tolist() == np.ones(x.shape).tolist()
    assert x.grad.flags.writeable


def test_the_gradient_of_a_sum_may_be_written_to():
    x = leaf([1.0, 2.0, 3.0])
    x.sum().backward()
    x.grad *= 2
    assert x.grad.tolist() == [2, 2, 2]
    y = leaf([1.0, 2.0])
    (y * 1.0).mean().backward()
    y.grad *= 2
    assert y.grad.tolist() == [1, 1]


def count_steps(monkeypatch, *results):
    """Count the calls of backward by kind of operation, from now on."""
    counts = {}
    for kind in {type(result.grad_fn) for result in results}:
        plain = kind.backward

        def counting(self, grad, plain=plain):
            counts[type(self).__name__] = counts.get(type(self).__name__, 0) + 1
            return plain(self, grad)

        monkeypatch.setattr(kind, "backward", counting)
    return counts


def test_doubling_25_times_takes_25_steps(monkeypatch):
    start = x = leaf([1.0])
    for _ in range(25):
        x = x + x
    counts = count_steps(monkeypatch, x)
    x.backward()
    assert start.grad.tolist() == [2.0**25]
    assert sum(counts.values()) == 25


def test_a_chain_of_10000_needs_no_recursion(monkeypatch):
    start = x = leaf([1.0], "float64")
    for _ in range(5000):
        y = x * 1.001
        x = y + 0.5
    counts = count_steps(monkeypatch, x, y)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(200)
    try:
        x.backward()
        del x, y
        gc.collect()
    finally:
        sys.setrecursionlimit(limit)
    assert start.grad.tolist() == [pytest.approx(1.001**5000)]
    assert sum(counts.values()) == 10_000


def calls_of(function):
    """Return how many calls of Python and of C functions a call of function makes."""
    events = []
    sys.setprofile(lambda _, event, __: events.append(event.endswith("call")))
    try:
        function()
    finally:
        sys.setprofile(None)
    return sum(events)


@pytest.mark.parametrize("kind", ["chain", "forks", "one for all"])
def test_the_work_is_in_proportion_to_the_graph(kind):
    def work(n):
        x = start = leaf([1.0])
        for _ in range(n):
            x = {"chain": x * 0.5, "forks": x - x * 0.5, "one for all": x + start}[kind]
        return calls_of(x.backward)

    small, large = work(200), work(400)
    assert small > 200
    assert large <= 2.1 * small


def test_the_longer_way_is_waited_for():
    x = leaf(3.0)
    h = x * x
    y = h
    for _ in range(5):
        y = y * 1.0
    (y + h + x).backward()
    assert x.grad.tolist() == 13
