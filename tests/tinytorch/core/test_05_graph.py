"""The graph: how it is kept and freed, guarded against edits, left, and enabled."""

import tracemalloc
import weakref

import numpy as np
import pytest

from tinytorch import (
    Tensor,
    add_autograd,
    cross_entropy,
    enable_autograd,
    gradcheck,
    linear,
    nn,
    no_grad,
)


def leaf(values, dtype="float32"):
    return Tensor(np.array(values, dtype), requires_grad=True)


def test_retain_graph_lets_backward_come_again():
    x = leaf([1.0, 2.0])
    h = x * x
    y = (h * 3).sum()
    y.backward(retain_graph=True)
    assert h.grad.tolist() == [3, 3]
    y.backward()
    assert x.grad.tolist() == [12, 24]


def test_a_graph_serves_once():
    x = leaf([1.0, 2.0])
    h = x * x
    y, z = h.sum(), (h * 2).sum()
    y.backward()
    before = x.grad.copy()
    for result in (y, z, h[0]):
        with pytest.raises(RuntimeError, match=r"(?s)freed.*help:.*retain_graph=True"):
            result.backward()
    assert x.grad.tolist() == before.tolist()


@pytest.mark.parametrize(
    "ways",
    [
        lambda x: [x * x, x / x, x**x, x @ x],
        lambda x: [cross_entropy(x, [0] * 128), nn.ReLU()(x), x[1:], linear(x, x)],
        lambda x: [x.exp(), x.tanh(), x.sqrt(), x.log(), x.max(), x**2, x.maximum(0.5)],
    ],
)
def test_the_memory_of_the_graph_comes_back(ways):
    x = leaf(np.full((128, 128), 0.5))  # 64 KiB
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        total = sum(way.sum() for _ in range(10) for way in ways(x))
        recorded, _ = tracemalloc.get_traced_memory()
        total.backward()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert recorded - before > 20 * x.data.nbytes
    assert after - before < 1.5 * x.data.nbytes  # the gradient of x


def test_a_loss_that_is_kept_does_not_keep_its_graph():
    x = leaf(np.ones((256, 256)))  # 256 KiB
    tracemalloc.start()
    try:
        loss = cross_entropy(x, [0] * 256)
        loss.backward()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert loss.item() > 0
    assert after < 1.5 * x.data.nbytes  # the gradient of x


def test_memory_comes_back_while_backward_walks():
    start = x = leaf(np.full(2**17, 0.5))  # 512 KiB
    for _ in range(20):
        x = x.tanh()
    total = x.sum()
    del x
    tracemalloc.start()
    try:
        total.backward()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert start.grad.shape == start.shape
    assert peak < 6 * start.data.nbytes  # what is made anew; tracemalloc sees only that


def test_a_result_that_nobody_needs_takes_its_graph_along():
    x = leaf([1.0])
    y = x * 2
    node = weakref.ref(y.grad_fn)
    del y
    assert node() is None


def test_an_array_written_over_is_noticed():
    for touch in (
        lambda x: x.data.__setitem__(0, 9.0),
        lambda x: x.data.__imul__(2),
    ):
        x, w = leaf([1.0, 2.0]), leaf([3.0, 4.0])
        y = (x * w).sum()
        touch(x)
        with pytest.raises(RuntimeError, match=r"(?s)changed.*help:"):
            y.backward()


def test_data_may_be_assigned_since_the_graph_holds_what_was_there():
    x, w = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    y = (x * w).sum()
    w.data = w.data + 1
    y.backward()
    assert x.grad.tolist() == [3.0, 4.0]
    assert w.grad.tolist() == [1.0, 2.0]


def test_an_operand_that_is_an_array_may_not_change_either():
    array = np.array([3.0, 4.0], "float32")
    y = (leaf([1.0, 2.0]) * array).sum()
    array[0] = 0
    with pytest.raises(RuntimeError, match="changed"):
        y.backward()


@pytest.mark.parametrize("name", ["exp", "tanh", "sqrt"])
def test_a_result_that_backward_needs_may_not_change(name):
    y = getattr(leaf([1.0, 2.0]), name)()
    z = y.sum()
    y.data *= 2
    with pytest.raises(RuntimeError, match=f"(?i){name}"):
        z.backward()


@pytest.mark.parametrize(
    "function", [lambda x, w: x @ w, lambda x, w: nn.ReLU()(x) @ w]
)
def test_a_whole_large_array_written_over_is_noticed(function):
    w = leaf(np.linspace(0.1, 1, 300 * 200).reshape(300, 200))
    y = function(leaf(np.ones((50, 300))), w).sum()
    w.data -= 0.01
    with pytest.raises(RuntimeError, match="changed"):
        y.backward()


def test_what_backward_does_not_need_may_change():
    x, b = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    y = ((x + b) * 2 - b).sum()
    b.data *= 0
    x.data = x.data + 1
    y.backward()
    assert (x.grad.tolist(), b.grad.tolist()) == ([2, 2], [1, 1])


def test_writing_between_backward_and_the_next_pass_is_what_training_does():
    w = leaf([2.0])
    for _ in range(3):
        (w * w).backward()
        w.data -= 0.25 * w.grad
        w.grad = None
    assert w.tolist() == [0.25]


def test_an_index_may_change_after_its_use():
    x, index = leaf([1.0, 2.0, 3.0]), np.array([0, 0])
    mask = np.array([True, False, False])
    y = x[index].sum() + (x[mask] * 5).sum()
    index[:], mask[:] = 2, True
    y.backward()
    assert x.grad.tolist() == [7, 0, 0]


def test_no_grad():
    x = leaf([1.0])
    with no_grad():
        y = x * 2
        with no_grad():
            z = x * 3
        still = x * 4
    assert not any(t.requires_grad for t in (y, z, still))
    assert (x * 2).requires_grad

    @no_grad()
    def double(x):
        """Twice x."""
        return x * 2

    for _ in range(2):
        assert not double(x).requires_grad
    assert double.__name__ == "double"
    with pytest.raises(ZeroDivisionError), no_grad():
        raise ZeroDivisionError
    assert (x * 2).requires_grad


def test_an_error_in_an_operation_does_not_stop_recording():
    x = leaf([1.0, 2.0])
    with pytest.raises(ValueError, match="help"):
        x + leaf([1.0, 2.0, 3.0])
    assert (x * 2).requires_grad


def test_a_tensor_made_in_no_grad_may_ask_for_a_gradient():
    with no_grad():
        x = leaf([2.0])
    (x * x).backward()
    assert x.grad.tolist() == [4]


def test_detach_leaves_the_graph_and_keeps_the_numbers():
    x = leaf([1.0, 2.0])
    y = x * 2
    d = y.detach()
    assert (d.requires_grad, d.grad_fn) == (False, None)
    assert np.shares_memory(d.data, y.data)
    (y * d).sum().backward()
    assert x.grad.tolist() == [4, 8]


def test_numbers_leave_the_graph_by_item_and_tolist():
    x = leaf(3.0)
    y = x * 2
    assert (y.item(), y.tolist(), float(np.asarray(y))) == (6.0, 6.0, 6.0)


def test_switching_on_twice_is_once():
    methods = dict(vars(Tensor))
    for _ in range(2):
        enable_autograd()
        add_autograd(Tensor)
    assert dict(vars(Tensor)) == methods
    x = leaf([3.0])
    y = x * x
    assert all(i is x for i in y.grad_fn.inputs)
    y.backward()
    assert x.grad.tolist() == [6]


def test_methods_keep_their_names_and_their_words():
    assert Tensor.sum.__name__ == "sum"
    assert "axis" in Tensor.sum.__doc__
    assert Tensor.__matmul__.__doc__


def test_arguments_by_name():
    x = leaf([[1.0, 2.0], [3.0, 4.0]])
    assert gradcheck(lambda x: x.sum(axis=0, keepdims=True), x)
    layer = nn.Linear(2, 1)
    assert gradcheck(lambda x: layer(x=x), x)
    assert gradcheck(lambda x: linear(x, weight=layer.weight), x)
    assert gradcheck(lambda x: x.__mul__(other=x), x)
