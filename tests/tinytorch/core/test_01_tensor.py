"""Chapter 01 against numpy: shapes, broadcasting, dtypes, reductions, matmul."""

import operator
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from tinytorch.core.tensor import Tensor, broadcast_shape, contract

settings.register_profile("book", deadline=None, max_examples=60)
settings.load_profile("book")

SHAPES = npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
FLOATS = st.floats(-100, 100, width=32)
ARRAYS = npst.arrays(np.float32, SHAPES, elements=FLOATS)
BINARY = [operator.add, operator.sub, operator.mul, operator.truediv]
COMPARE = [
    operator.eq,
    operator.ne,
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
]


def same(got, expected):
    """Assert that a Tensor holds the expected array: values, shape and dtype."""
    assert isinstance(got, Tensor)
    expected = np.asarray(expected)
    assert (got.shape, got.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(got.data, expected, rtol=1e-5, atol=1e-5)


@given(npst.mutually_broadcastable_shapes(num_shapes=2, max_dims=4), st.data())
@pytest.mark.parametrize("op", BINARY + COMPARE)
def test_binary_operators_broadcast_as_numpy_does(op, shapes, data):
    a, b = (
        data.draw(npst.arrays(np.float32, shape, elements=st.floats(1, 100, width=32)))
        for shape in shapes.input_shapes
    )
    same(op(Tensor(a), Tensor(b)), op(a, b))
    same(op(Tensor(a), b), op(a, b))
    same(op(a, Tensor(b)), op(a, b))


@given(ARRAYS, st.floats(1, 50))
@pytest.mark.parametrize("op", BINARY)
@pytest.mark.parametrize("kind", [float, np.float64, np.float32])
def test_scalars_on_either_side_leave_float32_alone(op, kind, array, scalar):
    x, array = Tensor(array + 200), array + 200
    same(op(x, kind(scalar)), op(array, float(scalar)).astype(np.float32))
    same(op(kind(scalar), x), op(float(scalar), array).astype(np.float32))


@given(SHAPES, SHAPES)
def test_broadcast_shape_is_numpys(a, b):
    try:
        expected = np.broadcast_shapes(a, b)
    except ValueError:
        with pytest.raises(ValueError, match="axis"):
            broadcast_shape(a, b)
    else:
        assert broadcast_shape(a, b) == expected


@given(ARRAYS)
def test_unary_functions(array):
    small = array / 50
    same(-Tensor(array), -array)
    same(Tensor(small).exp(), np.exp(small))
    same(Tensor(small).tanh(), np.tanh(small))
    same(Tensor(np.abs(array) + 1).log(), np.log(np.abs(array) + 1))
    same(Tensor(np.abs(array)).sqrt(), np.sqrt(np.abs(array)))
    same(Tensor(array).maximum(0.5), np.maximum(array, np.float32(0.5)))


@given(ARRAYS, st.sampled_from([-1, 0, 1, 2, 3, 0.5, 2.0, 3.0]))
def test_powers(array, exponent):
    positive = np.abs(array) / 20 + np.float32(0.5)
    same(Tensor(positive) ** exponent, positive**exponent)
    if exponent in (2, 3):
        same(Tensor(array / 10) ** exponent, (array / 10) ** exponent)


@given(ARRAYS, st.booleans(), st.data())
@pytest.mark.parametrize("name", ["sum", "mean", "max"])
def test_reductions(name, array, keepdims, data):
    axes = list(range(-array.ndim, array.ndim))
    axis = data.draw(
        st.one_of(
            st.none(),
            st.sampled_from(axes) if axes else st.none(),
            st.lists(st.sampled_from(axes), unique_by=lambda a: a % array.ndim).map(
                tuple
            )
            if axes
            else st.none(),
        )
    )
    assume(array.size)
    expected = getattr(array, name)(axis=axis, keepdims=keepdims)
    same(getattr(Tensor(array), name)(axis=axis, keepdims=keepdims), expected)


@given(st.data(), st.integers(0, 4), st.integers(0, 4), st.integers(0, 4))
def test_matmul_for_every_kind_of_operand(data, n, k, m):
    batch = data.draw(
        npst.mutually_broadcastable_shapes(num_shapes=2, max_dims=2, max_side=3)
    )
    first, second = batch.input_shapes
    left = data.draw(st.sampled_from([(k,), (n, k), (*first, n, k)]))
    right = data.draw(st.sampled_from([(k,), (k, m), (*second, k, m)]))
    a = np.arange(np.prod(left), dtype=np.float32).reshape(left) / 7
    b = np.arange(np.prod(right), dtype=np.float32).reshape(right) / 5 - 1
    same(Tensor(a) @ Tensor(b), a @ b)
    same(a @ Tensor(b), a @ b)
    same(Tensor(a) @ b, a @ b)


def test_both_ways_of_contraction_agree(monkeypatch):
    rng = np.random.default_rng(0)
    shapes = [
        ((70, 80), (80, 90)),
        ((2, 1, 5, 4), (3, 4, 6)),
        ((9,), (9, 2)),
        ((4,),) * 2,
    ]
    cases = [tuple(rng.random(s, dtype=np.float32) for s in pair) for pair in shapes]
    native = [contract(a, b) for a, b in cases]
    monkeypatch.setattr("sys.platform", "emscripten")
    for (a, b), expected in zip(cases, native, strict=True):
        got = contract(a, b)
        assert (got.shape, got.dtype) == (expected.shape, np.float32)
        np.testing.assert_allclose(got, expected, rtol=1e-4)


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        (1, np.float32),
        (2.5, np.float32),
        ([1, 2], np.float32),
        ([[1.0], [2.0]], np.float32),
        ([], np.float32),
        (np.array([1.0]), np.float64),
        (np.array([1]), np.int64),
        (np.array([True]), np.bool_),
        (np.array([1], np.int8), np.int8),
        (np.float64(3), np.float64),
    ],
)
def test_dtypes(data, dtype):
    assert Tensor(data).dtype == dtype
    assert Tensor(data, dtype=np.float64).dtype == np.float64


def test_an_array_is_shared_and_a_tensor_unwrapped():
    array = np.ones(3, np.float32)
    assert np.shares_memory(Tensor(array).data, array)
    assert np.shares_memory(Tensor(Tensor(array)).data, array)


def test_data_may_be_assigned():
    x = Tensor([1, 2])
    x.data = np.zeros((2, 3), np.float32)
    assert x.shape == (2, 3)


@given(npst.arrays(np.float32, npst.array_shapes(min_dims=2, max_dims=4, min_side=1)))
@settings(max_examples=30)
def test_reshape_and_transpose(array):
    x = Tensor(array)
    same(x.reshape(-1), array.reshape(-1))
    same(x.reshape((array.size, 1)), array.reshape(array.size, 1))
    same(x.transpose(), np.swapaxes(array, -1, -2))
    same(x.transpose(0, -1), np.swapaxes(array, 0, -1))
    same(x.T, np.swapaxes(array, -1, -2))


def test_indexing():
    array = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    x = Tensor(array)
    rows, mask = np.array([0, 1, 1]), array > 5
    for index in [0, -1, slice(1), (0, 2), (..., 0), None, (slice(None), [0, 2])]:
        same(x[index], array[index])
    same(x[Tensor(rows)], array[rows])
    same(x[x > 5], array[mask])
    same(x[rows, rows], array[rows, rows])
    same(x[Tensor(rows), Tensor(rows)], array[rows, rows])


def test_equality_is_by_element_and_hashing_by_identity():
    x = Tensor([1, 2])
    assert (x == Tensor([1, 3])).tolist() == [True, False]
    assert len({x, Tensor([1, 2])}) == 2


def test_repr_shows_values_and_what_is_unusual():
    assert repr(Tensor([1, 2])).startswith("Tensor([1., 2.]")
    assert "float32" not in repr(Tensor([1, 2]))
    assert "float64" in repr(Tensor(np.array([1.0])))


def test_clashing_shapes_are_drawn():
    with pytest.raises(ValueError) as caught:
        Tensor(np.zeros((2, 3))) + Tensor(np.zeros((4, 3)))
    text = str(caught.value)
    assert "(2, 3)" in text
    assert "(4, 3)" in text
    assert "axis -2" in text
    assert "help" in text


@pytest.mark.parametrize(
    ("a", "b"), [((2, 3), (4, 5)), ((3,), (4,)), ((2, 2, 3), (3, 3, 4)), ((), (3,))]
)
def test_matmul_names_what_does_not_fit(a, b):
    with pytest.raises(ValueError) as caught:
        Tensor(np.zeros(a)) @ Tensor(np.zeros(b))
    assert str(a) in str(caught.value)
    assert "help" in str(caught.value)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: Tensor("abc"), TypeError),
        (lambda: Tensor([[1, 2], [3]]), ValueError),
        (lambda: Tensor(None), TypeError),
        (lambda: Tensor([1, 2]) + "a", TypeError),
        (lambda: Tensor([1, 2]) + None, TypeError),
        (lambda: Tensor([1, 2, 3]).reshape(2, 2), ValueError),
        (lambda: Tensor([1, 2, 3]).sum(axis=1), ValueError),
        (lambda: Tensor([1, 2, 3]).item(), ValueError),
    ],
)
def test_wrong_input_gets_a_message_with_help(call, error):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(error) as caught:
            call()
    assert "help:" in str(caught.value)


def test_the_input_is_left_alone():
    array = np.array([3.0, -1.0], np.float32)
    x = Tensor(array)
    for result in [x + 1, x * 2, -x, x**2, x.maximum(0), x.exp(), x.sum()]:
        assert not np.shares_memory(result.data, array)
    assert array.tolist() == [3.0, -1.0]
