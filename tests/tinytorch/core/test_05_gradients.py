"""The gradient of every operation, by finite differences in float64."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from slopes import BINARY, PLAIN, assert_slopes, numbers

from tinytorch import Tensor

settings.register_profile("slopes", deadline=None, max_examples=30)
settings.load_profile("slopes")

SEEDS = st.integers(0, 2**32 - 1)
PAIRS = npst.mutually_broadcastable_shapes(
    num_shapes=2, max_dims=3, min_side=0, max_side=3
)
SHAPES = npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
UNARY = {
    **PLAIN,
    "c + x": lambda x: 3 + x,
    "c * x": lambda x: 3 * x,
    "x + c": lambda x: x + 3,
    "x - c": lambda x: x - 3,
    "x * c": lambda x: x * 3,
    "x / c": lambda x: x / 3,
    "x max c": lambda x: x.maximum(1.0123) + x.minimum(1.1234),
    **{
        f"x ** {n}": lambda x, n=n: x**n
        for n in (-1, 0, 0.5, 1, 2, 3, 4, np.float64(2))
    },
}
NEGATIVE = [
    "exp",
    "tanh",
    "neg",
    "c / x",
    "c ** x",
    "x / c",
    "x ** 2",
    "x ** 3",
    "x ** -1",
]


@given(PAIRS, SEEDS)
@pytest.mark.parametrize("name", BINARY)
def test_two_operands_of_any_shapes_that_broadcast(name, shapes, seed):
    assert_slopes(BINARY[name], *numbers(seed, *shapes.input_shapes))


@given(PAIRS, SEEDS)
@pytest.mark.parametrize("name", ["sub", "mul", "div", "maximum", "minimum"])
def test_two_operands_of_either_sign(name, shapes, seed):
    assert_slopes(BINARY[name], *numbers(seed, *shapes.input_shapes, signs=True))


@given(SHAPES, SEEDS)
@pytest.mark.parametrize("name", UNARY)
def test_one_operand_of_any_shape(name, shape, seed):
    assert_slopes(UNARY[name], *numbers(seed, shape))


@given(SHAPES, SEEDS)
@pytest.mark.parametrize("name", NEGATIVE)
def test_one_operand_of_either_sign(name, shape, seed):
    assert_slopes(UNARY[name], *numbers(seed, shape, signs=True))


OTHERS = {
    "array": np.array([[1.5], [2.5]]),
    "list": [[1.5], [2.5]],
    "numpy number": np.float32(1.5),
    "array of shape ()": np.array(1.5),
    "whole numbers": np.array([[1], [2]]),
    "Tensor without gradient": Tensor(np.array([[1.5], [2.5]])),
}


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("name", [*BINARY])
def test_what_is_no_tensor_may_stand_on_either_side(name, other):
    (x,) = numbers(1, (3,))
    value = OTHERS[other]
    assert_slopes(lambda x: BINARY[name](x, value), x)
    if name not in ("maximum", "minimum"):
        assert_slopes(lambda x: BINARY[name](value, x), x)


@pytest.mark.parametrize("left", [True, False])
@pytest.mark.parametrize("name", [*BINARY])
def test_only_one_side_asks_for_a_gradient(name, left):
    a, b = (Tensor(array) for array in numbers(2, (2, 3), (3,)))
    asks, other = (a, b) if left else (b, a)
    asks.requires_grad = True
    BINARY[name](a, b).sum().backward()
    assert asks.grad.shape == asks.shape
    assert other.grad is None


@st.composite
def shape_and_axis(draw, min_side=1):
    """A shape, and an axis of a reduction: None, a number, or a tuple of several."""
    shape = draw(
        npst.array_shapes(min_dims=0, max_dims=4, min_side=min_side, max_side=3)
    )
    axes = [st.none()]
    if shape:
        one = st.integers(-len(shape), len(shape) - 1)
        several = st.lists(one, max_size=len(shape), unique_by=lambda i: i % len(shape))
        axes += [one, several.map(tuple)]
    return shape, draw(st.one_of(axes))


@given(shape_and_axis(), st.booleans(), SEEDS)
@pytest.mark.parametrize("name", ["sum", "mean", "max"])
def test_reductions_along_any_axes(name, case, keepdims, seed):
    shape, axis = case
    (x,) = numbers(seed, shape, signs=True)
    assert_slopes(lambda x: getattr(x, name)(axis, keepdims), x)
    assert_slopes(lambda x: getattr(x, name)(axis=axis, keepdims=keepdims), x)


@given(shape_and_axis(min_side=0), st.booleans())
def test_sums_of_nothing(case, keepdims):
    shape, axis = case
    assert_slopes(lambda x: x.sum(axis=axis, keepdims=keepdims), np.ones(shape))


@pytest.mark.parametrize("axis", [0, -2, (0,)])
def test_a_mean_of_several_columns_without_rows_to_choose_from(axis):
    assert_slopes(lambda x: x.mean(axis=axis), np.ones((2, 0)))


def test_equals_share_the_gradient_of_their_maximum():
    x = Tensor([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]], requires_grad=True)
    x.max(axis=1).backward([1.0, 3.0])
    assert x.grad.tolist() == [[0, 0.5, 0.5], [1, 1, 1]]
    x.grad = None
    x.max().backward()
    assert x.grad.tolist() == [[0, 0.5, 0.5], [0, 0, 0]]
    a, b = (Tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    (a.maximum(b) + a.minimum(b)).sum().backward()
    assert a.grad.tolist() == b.grad.tolist() == [1, 1]


MATRICES = [
    ((2, 3), (3, 4)),
    ((3,), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3,)),
    ((5, 2, 3), (3, 4)),
    ((2, 3), (5, 3, 4)),
    ((5, 2, 3), (5, 3, 4)),
    ((5, 1, 2, 3), (4, 3, 2)),
    ((5, 2, 3), (3,)),
    ((3,), (5, 3, 2)),
    ((1, 2, 3), (4, 3, 1)),
    ((0, 3), (3, 2)),
    ((2, 0), (0, 3)),
    ((0,), (0,)),
    ((0, 2, 3), (3, 2)),
    ((1, 1), (1, 1)),
]


@pytest.mark.parametrize(("left", "right"), MATRICES)
def test_matrix_products(left, right):
    a, b = numbers(3, left, right, signs=True)
    assert_slopes(lambda a, b: a @ b, a, b)
    assert_slopes(lambda a: a @ b, a)
    assert_slopes(lambda b: a.tolist() @ b if a.size else a @ b, b)


MOVES = {
    "reshape": lambda x: x.reshape(3, 2, 4),
    "reshape, a tuple": lambda x: x.reshape((4, 6)),
    "reshape, -1": lambda x: x.reshape(-1),
    "transpose": lambda x: x.transpose(),
    "transpose, axes": lambda x: x.transpose(0, 2),
    "transpose, negative": lambda x: x.transpose(-3, -1),
    "transpose, one axis": lambda x: x.transpose(0),
    "transpose, by name": lambda x: x.transpose(dim1=0),
    "T": lambda x: x.T,
    "rows, one by one": lambda x: sum(row * row for row in x),
    "T.T": lambda x: x.T.T * x,
}
INDICES = {
    "number": 1,
    "negative": -1,
    "slice": slice(1, None),
    "backward": (slice(None), slice(None, None, -2)),
    "ellipsis": (..., 0),
    "new axis": (None, 1, ..., None),
    "several": (1, slice(0, 2), -1),
    "one": (1, 2, 3),
    "none": slice(0, 0),
    "repeated": ([0, 1, 1, 0, 1],),
    "array": np.array([1, 1, 0]),
    "list": [1, 1, 0],
    "array of shape (2, 2)": np.array([[0, 1], [1, 1]]),
    "pairs": (np.array([0, 1, 1, 0]), np.array([2, 0, 0, 2])),
    "array and slice": (slice(None), np.array([2, 2, 0])),
    "array, number, slice": (np.array([0, 0]), 1, slice(1, 3)),
    "negative in an array": np.array([-1, 1, -2]),
    "mask": np.arange(24).reshape(2, 3, 4) % 3 == 0,
    "mask of rows": np.array([False, True]),
    "list of truths": [True, False],
    "Tensor": Tensor(np.array([1, 0, 1])),
    "Tensor and Tensor": (Tensor(np.array([1, 0, 1])), Tensor(np.array([2, 2, 2]))),
    "numpy number": np.int64(1),
    "array of shape ()": np.array(1),
}


@pytest.mark.parametrize("name", MOVES)
def test_moves(name):
    assert_slopes(MOVES[name], *numbers(4, (2, 3, 4), signs=True))


@pytest.mark.parametrize("name", INDICES)
def test_indices(name):
    (x,) = numbers(5, (2, 3, 4), signs=True)
    assert_slopes(lambda x: x[INDICES[name]], x)


@given(SHAPES.filter(len), st.data(), SEEDS)
def test_any_basic_index(shape, data, seed):
    index = data.draw(npst.basic_indices(shape, allow_newaxis=True))
    assert_slopes(lambda x: x[index], *numbers(seed, shape))


@given(st.data(), SEEDS)
def test_any_array_of_indices(data, seed):
    shape = data.draw(npst.array_shapes(max_dims=3, max_side=3))
    index = data.draw(npst.integer_array_indices(shape))
    assert_slopes(lambda x: x[index], *numbers(seed, shape))


SHARED = {
    "x + x": lambda x: x + x,
    "x - x": lambda x: x - x,
    "x * x": lambda x: x * x,
    "x / x": lambda x: x / x,
    "x ** x": lambda x: x**x,
    "x @ x": lambda x: x @ x,
    "x @ x.T": lambda x: x @ x.T,
    "three ways": lambda x: x * x.exp() + x,
    "a row on all": lambda x: x * x[0] + x[:, :1],
    "deep": lambda x: (x * x + x) * (x * x - x),
}


@pytest.mark.parametrize("name", SHARED)
def test_a_tensor_used_more_than_once(name):
    assert_slopes(SHARED[name], *numbers(7, (3, 3)))


def test_the_largest_and_smallest_of_a_tensor_and_itself():
    x = Tensor([1.0, -2.0], requires_grad=True)
    (x.maximum(x) * 2 + x.minimum(x)).sum().backward()
    assert x.grad.tolist() == [3, 3]


@pytest.mark.parametrize("n", [2, 3, 0, 1, 2.0, 4])
def test_powers_of_zero(n):
    x = Tensor(np.zeros(2), requires_grad=True)
    (x**n).sum().backward()
    assert x.grad.tolist() == [float(n == 1)] * 2


def test_the_slope_of_a_power_of_zero_with_respect_to_the_exponent_is_zero():
    n = Tensor(np.array([1.0, 2.0]), requires_grad=True)
    (0.0**n).sum().backward()
    assert n.grad.tolist() == [0, 0]
    x = Tensor(np.array([0.0, 3.0]))
    n.grad = None
    (x**n).sum().backward()
    assert n.grad.tolist() == [0, pytest.approx(9 * math.log(3))]
