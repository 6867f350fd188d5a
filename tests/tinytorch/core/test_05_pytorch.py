"""Values and gradients of chapters 01 to 05 beside PyTorch's, where it is installed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from slopes import BINARY, PLAIN, numbers

import tinytorch
from tinytorch import Tensor, nn

torch = pytest.importorskip("torch")
F = torch.nn.functional

settings.register_profile("slopes", deadline=None, max_examples=30)
settings.load_profile("slopes")

SEEDS = st.integers(0, 2**32 - 1)
PAIRS = npst.mutually_broadcastable_shapes(
    num_shapes=2, max_dims=3, min_side=0, max_side=3
)
SHAPES = npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
FULL = npst.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=3)


def assert_same(ours, theirs, *arrays, near=1e-10):
    """Assert that two functions of Tensors agree, in values and in gradients."""
    left = [Tensor(array.copy(), requires_grad=True) for array in arrays]
    right = [torch.from_numpy(array.copy()).requires_grad_() for array in arrays]
    out, expected = ours(*left), theirs(*right)
    assert out.shape == tuple(expected.shape)
    np.testing.assert_allclose(
        out.data, expected.detach().numpy(), rtol=near, atol=near
    )
    weights = np.cos(np.arange(out.numel())).reshape(out.shape).astype(out.dtype)
    out.backward(weights)
    expected.backward(torch.from_numpy(weights))
    for a, b in zip(left, right, strict=True):
        assert a.grad.dtype == a.dtype
        np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=near, atol=near)


UNARY = {
    **PLAIN,
    "x ** 3": lambda x: x**3,
    "x ** -0.5": lambda x: x**-0.5,
    "x ** 0": lambda x: x**0,
    "T": lambda x: x.T if x.ndim == 2 else x,
    "all together": lambda x: (x * x.exp() + x / (x + 1)).tanh() - x,
}


@given(PAIRS, SEEDS)
@pytest.mark.parametrize("name", BINARY)
def test_two_operands(name, shapes, seed):
    assert_same(BINARY[name], BINARY[name], *numbers(seed, *shapes.input_shapes))


@given(SHAPES, SEEDS)
@pytest.mark.parametrize("name", UNARY)
def test_one_operand(name, shape, seed):
    assert_same(UNARY[name], UNARY[name], *numbers(seed, shape))


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_equals_share_as_they_do_there(name):
    a, b = np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 2.0])
    assert_same(BINARY[name], BINARY[name], a, b)


@pytest.mark.parametrize("power", [2, 3, 1, 0, 0.5])
def test_powers_of_zero(power):
    zeros = np.zeros(2) if power != 0.5 else np.ones(2)
    assert_same(lambda x: x**power, lambda x: x**power, zeros)


def test_zero_to_the_power_of_something():
    assert_same(lambda n: 0.0**n, lambda n: 0.0**n, np.array([1.0, 2.0]))
    assert_same(
        BINARY["pow"], BINARY["pow"], np.array([0.0, 2.0]), np.array([2.0, 0.0])
    )


@given(FULL, st.booleans(), st.data(), SEEDS)
def test_reductions(shape, keepdims, data, seed):
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    (x,) = numbers(seed, shape, signs=True)
    options = {"axis": axis, "keepdims": keepdims}
    assert_same(lambda x: x.sum(**options), lambda x: x.sum(**options), x)
    assert_same(lambda x: x.mean(**options), lambda x: x.mean(**options), x)
    assert_same(lambda x: x.max(**options), lambda x: x.amax(axis, keepdims), x)
    assert_same(lambda x: x.max(), lambda x: x.amax(), x)
    assert_same(lambda x: x.mean(), lambda x: x.mean(), x)


def test_equals_share_the_largest_as_they_do_there():
    x = np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]])
    assert_same(lambda x: x.max(axis=1), lambda x: x.amax(1), x)


@pytest.mark.parametrize(
    "shapes",
    [
        ((2, 3), (3, 4)),
        ((3,), (3,)),
        ((3,), (3, 2)),
        ((2, 3), (3,)),
        ((5, 1, 2, 3), (4, 3, 2)),
        ((5, 2, 3), (3,)),
        ((3,), (5, 3, 2)),
        ((0, 3), (3, 2)),
    ],
)
def test_matrix_products(shapes):
    assert_same(lambda a, b: a @ b, lambda a, b: a @ b, *numbers(1, *shapes))


@pytest.mark.parametrize(
    "index",
    [1, (..., -1), (slice(None), [0, 2, 2]), ([0, 1, 1], [2, 0, 0]), (None, 0)],
)
def test_indices(index):
    (x,) = numbers(2, (2, 3, 4))
    assert_same(lambda x: x[index], lambda x: x[index], x)


ACTIVATIONS = {
    nn.ReLU: torch.relu,
    nn.Sigmoid: torch.sigmoid,
    nn.Tanh: torch.tanh,
    nn.GELU: lambda x: F.gelu(x, approximate="tanh"),
    nn.Softmax: lambda x: torch.softmax(x, -1),
}


@given(FULL, SEEDS)
@pytest.mark.parametrize("ours", ACTIVATIONS)
def test_activations(ours, shape, seed):
    (x,) = numbers(seed, shape, signs=True)
    assert_same(ours(), ACTIVATIONS[ours], x)


def test_relu_at_exactly_zero():
    assert_same(nn.ReLU(), torch.relu, np.array([-1.0, -0.0, 0.0, 1.0]))


@pytest.mark.parametrize("leading", [(), (4,), (2, 4), (0,)])
def test_linear(leading):
    x, w, b = numbers(3, (*leading, 3), (3, 2), (2,), signs=True)
    assert_same(tinytorch.linear, lambda x, w, b: F.linear(x, w.T, b), x, w, b)
    assert_same(tinytorch.linear, lambda x, w: F.linear(x, w.T), x, w)


@given(FULL, SEEDS)
def test_losses(shape, seed):
    score, target = numbers(seed, shape, shape, low=0.1, high=0.9)
    assert_same(nn.MSELoss(), F.mse_loss, score, target)
    assert_same(nn.BinaryCrossEntropyLoss(), F.binary_cross_entropy, score, target)
    theirs = F.binary_cross_entropy_with_logits
    assert_same(nn.BinaryCrossEntropyLoss(from_logits=True), theirs, score, target)


@given(FULL, SEEDS)
def test_cross_entropy(shape, seed):
    (scores,) = numbers(seed, shape, signs=True)
    ids = np.random.default_rng(seed).integers(0, shape[-1], shape[:-1])

    def theirs(x):
        rows = x.reshape(-1, shape[-1])
        return F.cross_entropy(rows, torch.from_numpy(ids.reshape(-1)))

    assert_same(lambda x: tinytorch.cross_entropy(x, ids), theirs, scores)


@given(FULL, st.data(), SEEDS)
def test_log_softmax(shape, data, seed):
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    (scores,) = numbers(seed, shape, signs=True)
    assert_same(
        lambda x: tinytorch.log_softmax(x, dim), lambda x: F.log_softmax(x, dim), scores
    )


def test_a_few_steps_of_training():
    x, y = numbers(4, (8, 3), (8, 2), signs=True)
    model = nn.Sequential(nn.Linear(3, 16, rng=0), nn.GELU(), nn.Linear(16, 2, rng=1))
    values = [p.data.astype("float64") for p in model.parameters()]
    theirs = [torch.from_numpy(value.copy()).requires_grad_() for value in values]
    for p, value in zip(model.parameters(), values, strict=True):
        p.data = value
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
    for _ in range(5):
        loss = nn.MSELoss()(model(Tensor(x)), Tensor(y))
        loss.backward()
        hidden = F.gelu(inputs @ theirs[0] + theirs[1], approximate="tanh")
        F.mse_loss(hidden @ theirs[2] + theirs[3], targets).backward()
        for p, q in zip(model.parameters(), theirs, strict=True):
            np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=1e-10, atol=1e-12)
            p.data -= 0.1 * p.grad
            q.data -= 0.1 * q.grad
            p.grad = q.grad = None
