"""Gradients of activations, layers and losses, and of the fused operations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from slopes import assert_slopes, numbers

from tinytorch import Tensor, cross_entropy, linear, log_softmax, nn

settings.register_profile("slopes", deadline=None, max_examples=30)
settings.load_profile("slopes")

SEEDS = st.integers(0, 2**32 - 1)
SHAPES = npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
FULL = npst.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=3)


@given(SHAPES, SEEDS)
@pytest.mark.parametrize("cls", [nn.Sigmoid, nn.ReLU, nn.Tanh, nn.GELU])
def test_activations(cls, shape, seed):
    assert_slopes(cls(), *numbers(seed, shape, signs=True))


def test_relu_at_exactly_zero_has_the_slope_0():
    x = Tensor([-1.0, -0.0, 0.0, 1.0], requires_grad=True)
    nn.ReLU()(x).sum().backward()
    assert x.grad.tolist() == [0, 0, 0, 1]
    y = Tensor([0.0], requires_grad=True)
    nn.ReLU()(y * 3).backward()
    assert y.grad.tolist() == [0]


@pytest.mark.parametrize("cls", [nn.Sigmoid, nn.GELU, nn.Tanh, nn.ReLU, nn.Softmax])
def test_slopes_far_out_are_finite(cls):
    x = Tensor([-1e4, -90.0, -20.0, 20.0, 90.0, 1e4], requires_grad=True)
    cls()(x).sum().backward()
    assert np.isfinite(x.grad).all()


@given(FULL, st.data(), SEEDS)
@pytest.mark.parametrize(
    "function", [nn.Softmax, lambda dim: lambda x: log_softmax(x, dim)]
)
def test_softmax_along_any_axis(function, shape, data, seed):
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    assert_slopes(function(dim), *numbers(seed, shape, signs=True))


LEADING = npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)


@given(LEADING, st.integers(1, 3), st.integers(1, 3), st.booleans(), SEEDS)
def test_linear(leading, n_in, n_out, with_bias, seed):
    shapes = [(*leading, n_in), (n_in, n_out), *[(n_out,)] * with_bias]
    assert_slopes(linear, *numbers(seed, *shapes, signs=True))


@given(LEADING, st.booleans(), SEEDS)
def test_linear_fused_is_linear_composed(leading, with_bias, seed):
    arrays = numbers(seed, (*leading, 3), (3, 2), *[(2,)] * with_bias, signs=True)
    same(linear, lambda x, w, b=0: x @ w + b, arrays)
    same(
        lambda *all: linear(*all[:2], bias=b(all)), lambda x, w, b=0: x @ w + b, arrays
    )


def b(inputs):
    return inputs[2] if len(inputs) == 3 else None


def same(one, other, arrays, near=1e-12):
    """Assert that two functions have the same values and gradients."""
    results = []
    for function in (one, other):
        inputs = [Tensor(array, requires_grad=True) for array in arrays]
        out = function(*inputs)
        out.backward(np.sin(np.arange(out.numel()) + 1.0).reshape(out.shape))
        results.append([out.data, *(x.grad for x in inputs)])
    for left, right in zip(*results, strict=True):
        np.testing.assert_allclose(left, right, rtol=near, atol=near)


@pytest.mark.parametrize("wants", [(0,), (1,), (2,), (0, 2), (1, 2)])
def test_linear_asks_only_for_what_is_wanted(wants):
    inputs = [Tensor(array) for array in numbers(1, (4, 3), (3, 2), (2,))]
    for place in wants:
        inputs[place].requires_grad = True
    linear(*inputs).sum().backward()
    assert [x.grad is not None for x in inputs] == [i in wants for i in range(3)]


def composed(logits, ids):
    """cross_entropy of each row, composed of recorded operations."""
    return -log_softmax(logits)[np.arange(len(ids)), ids].mean()


@given(st.integers(1, 4), st.integers(1, 4), SEEDS)
def test_cross_entropy_fused_is_cross_entropy_composed(rows, classes, seed):
    (scores,) = numbers(seed, (rows, classes), signs=True)
    ids = np.random.default_rng(seed).integers(0, classes, rows)
    same(lambda x: cross_entropy(x, ids), lambda x: composed(x, ids), [scores])


def test_fused_forms_are_one_step_of_the_graph():
    inputs = [Tensor(v, requires_grad=True) for v in numbers(2, (2, 3), (3, 2), (2,))]
    behind = linear(*inputs).grad_fn.inputs
    assert all(a is b for a, b in zip(behind, inputs, strict=True))
    assert any(i is inputs[0] for i in cross_entropy(inputs[0], [0, 2]).grad_fn.inputs)


@given(FULL, SEEDS)
def test_cross_entropy_for_any_number_of_axes(shape, seed):
    ids = np.random.default_rng(seed).integers(0, shape[-1], shape[:-1])
    (scores,) = numbers(seed, shape, signs=True)
    assert_slopes(lambda x: cross_entropy(x, ids), scores)
    assert_slopes(lambda x: nn.CrossEntropyLoss()(x * x, Tensor(ids)) * 3, scores)


def test_cross_entropy_at_large_scores():
    x = Tensor([[1000.0, 0.0], [0.0, -1000.0]], requires_grad=True)
    cross_entropy(x, [1, 0]).backward()
    assert x.grad.tolist() == [[0.5, -0.5], [0, 0]]


def test_cross_entropy_does_not_scale_what_it_keeps():
    x = Tensor([[1.0, 2.0, 0.5]], requires_grad=True)
    loss = cross_entropy(x, [0])
    loss.backward(retain_graph=True)
    first = x.grad.copy()
    loss.backward()
    np.testing.assert_allclose(x.grad, 2 * first, rtol=1e-6)


@given(FULL, SEEDS)
def test_losses_by_element(shape, seed):
    score, target = numbers(seed, shape, shape, low=0.1, high=0.9)
    assert_slopes(nn.MSELoss(), score, target)
    assert_slopes(lambda p: nn.BinaryCrossEntropyLoss()(p, target), score)
    from_logits = nn.BinaryCrossEntropyLoss(from_logits=True)
    assert_slopes(lambda x: from_logits(x * 4 - 2.01, target), score)


def test_binary_cross_entropy_has_finite_slopes_at_the_ends():
    p = Tensor([0.0, 1.0, 0.0, 1.0], requires_grad=True)
    nn.BinaryCrossEntropyLoss()(p, [0.0, 1.0, 1.0, 0.0]).backward()
    assert np.isfinite(p.grad).all()
    x = Tensor([-500.0, 500.0], requires_grad=True)
    nn.BinaryCrossEntropyLoss(from_logits=True)(x, [1.0, 0.0]).backward()
    assert x.grad.tolist() == [-0.5, 0.5]


def test_dropout_lets_the_gradient_through_where_it_let_the_number_through():
    x = Tensor(np.ones(1000, np.float32), requires_grad=True)
    layer = nn.Dropout(0.25, rng=0)
    out = layer(x)
    out.sum().backward()
    assert x.grad.tolist() == out.tolist()
    assert set(out.tolist()) == {0.0, np.float32(1 / 0.75)}
    x.grad = None
    (layer.eval()(x) * 2).sum().backward()
    assert x.grad.tolist() == [2] * 1000


class Block(nn.Module):
    """Two layers with a skip connection around them."""

    def __init__(self):
        self.first, self.second = nn.Linear(3, 4, rng=0), nn.Linear(4, 3, rng=1)
        self.scale = Tensor([1.5, 0.5, 2.0])
        self.count = np.zeros(3)

    def forward(self, x):
        return x + self.second(nn.GELU()(self.first(x))) * self.scale


def test_a_block_of_layers_against_trying():
    block = Block()
    arrays = [p.data.astype("float64") for p in block.parameters()]
    (x,) = numbers(3, (2, 3), signs=True)

    def run(x, *values):
        parts = dict(zip(block.parameters(), values, strict=True))
        block.scale = next(iter(parts.values()))
        block.first.weight, block.first.bias = list(parts.values())[1:3]
        block.second.weight, block.second.bias = list(parts.values())[3:5]
        return nn.Softmax()(block(x))

    assert [array.shape for array in arrays] == [(3,), (3, 4), (4,), (4, 3), (3,)]
    assert_slopes(run, x, *arrays)


def test_parameters_require_gradients_without_anyone_asking():
    block = Block()
    assert all(p.requires_grad for p in block.parameters())
    block.extra = Tensor([1.0])
    assert block.extra.requires_grad
    block.table = Tensor(np.array([1, 2]))
    assert not block.table.requires_grad
    block.scale = frozen = Tensor([1.0, 1.0, 1.0])
    frozen.requires_grad = False
    block(Tensor(np.ones((2, 3)))).sum().backward()
    assert block.first.weight.grad.shape == (3, 4)
    assert frozen.grad is None
    block.again = frozen
    assert not frozen.requires_grad


def test_a_frozen_weight_stays_as_it_is():
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    model[0].weight.requires_grad = False
    model(Tensor([[1.0, 2.0]])).sum().backward()
    grads = [p.grad is None for p in model.parameters()]
    assert grads == [True, False, False, False]


def test_training_learns():
    """Exclusive or, which no single layer can do."""
    x, y = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), [0, 1, 1, 0]
    model = nn.Sequential(nn.Linear(2, 8, rng=0), nn.Tanh(), nn.Linear(8, 2, rng=1))
    for _ in range(300):
        loss = cross_entropy(model(x), y)
        loss.backward()
        for p in model.parameters():
            p.data -= 0.5 * p.grad
            p.grad = None
    assert loss.item() < 0.05
    assert model(x).data.argmax(axis=1).tolist() == y
