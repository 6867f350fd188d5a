"""Chapter 02 against exact formulas and PyTorch: values, dtypes and sizes."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from tinytorch.core.activations import GELU, ReLU, Sigmoid, Softmax, Tanh
from tinytorch.core.tensor import Tensor
from tinytorch.utils.check import expect_close, expect_number

settings.register_profile("book", deadline=None, max_examples=60)
settings.load_profile("book")

ELEMENTWISE = [ReLU, Sigmoid, Tanh, GELU]
SHAPES = npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
FULL = npst.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4)
MODERATE = st.floats(-30, 30, width=32)
FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False)
EXTREME = [0.0, -0.0, 1e-45, 88.7, 88.8, 90, 104, 710, 1000, 7e12, 1e20, 3.4028235e38]
PAIRS = pytest.mark.parametrize(
    "ours", [*ELEMENTWISE, Softmax], ids=lambda cls: cls.__name__
)


@pytest.fixture(autouse=True)
def _warnings_are_errors():
    with warnings.catch_warnings(), np.errstate(under="ignore"):
        warnings.simplefilter("error")
        yield


def exact(cls, x):
    """What an elementwise activation should give for one Python number."""
    if cls is ReLU:
        return max(x, 0.0)
    if cls is Tanh:
        return math.tanh(x)
    if cls is Sigmoid:
        return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
    c = min(max(x, -50.0), 50.0)
    inside = math.sqrt(2 / math.pi) * (c + 0.044715 * c**3)
    return 0.5 * x * (1 + math.tanh(inside))


def exactly(cls, array):
    """`exact` for each element, as a float64 array of the same shape."""
    values = [exact(cls, float(v)) for v in np.ravel(array)]
    return np.array(values, np.float64).reshape(np.shape(array))


def exact_softmax(array, axis):
    """Softmax in float64."""
    array = np.asarray(array, np.float64)
    powers = np.exp(array - array.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


@given(st.data())
@pytest.mark.parametrize("cls", ELEMENTWISE)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_elementwise_values_shapes_and_dtypes(cls, dtype, data):
    array = data.draw(npst.arrays(dtype, SHAPES, elements=MODERATE))
    got = cls()(Tensor(array))
    assert isinstance(got, Tensor)
    assert (got.shape, got.dtype) == (array.shape, array.dtype)
    near = {"rtol": 1e-5, "atol": 2e-6} if dtype == np.float32 else {"rtol": 1e-10}
    if cls is GELU and dtype == np.float64:
        near["atol"] = 1e-14  # 1 + tanh cancels on the far left
    np.testing.assert_allclose(got.data, exactly(cls, array), **near)


@given(npst.arrays(np.float32, SHAPES, elements=st.floats(-87, 87, width=32)))
def test_sigmoid_keeps_small_values_to_the_last_digits(array):
    got = Sigmoid()(Tensor(array)).data
    np.testing.assert_allclose(got, exactly(Sigmoid, array), rtol=1e-6)


@given(npst.arrays(np.float32, SHAPES, elements=FINITE))
@pytest.mark.parametrize("cls", ELEMENTWISE)
def test_no_float32_is_too_large(cls, array):
    got = cls()(Tensor(array)).data
    assert np.isfinite(got).all()
    np.testing.assert_allclose(got, exactly(cls, array), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("cls", ELEMENTWISE)
def test_the_ends_of_float32(cls):
    numbers = np.array(EXTREME + [-v for v in EXTREME], np.float32)
    got = cls()(Tensor(numbers)).data
    assert np.isfinite(got).all()
    np.testing.assert_allclose(got, exactly(cls, numbers), rtol=1e-4, atol=1e-6)


@given(FULL, st.data())
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_along_every_axis(dtype, shape, data):
    array = data.draw(npst.arrays(dtype, shape, elements=st.floats(-99, 99, width=32)))
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    got = Softmax(dim)(Tensor(array))
    assert (got.shape, got.dtype) == (array.shape, array.dtype)
    near = {"rtol": 1e-4, "atol": 1e-7} if dtype == np.float32 else {"rtol": 1e-12}
    np.testing.assert_allclose(got.data, exact_softmax(array, dim), **near)
    np.testing.assert_allclose(got.data.sum(axis=dim), 1, rtol=1e-5)


@given(
    npst.arrays(np.float32, (2, 3), elements=st.floats(-(2.0**126), 2.0**126, width=32))
)
def test_softmax_of_scores_of_any_size(array):
    got = Softmax()(Tensor(array)).data
    assert np.isfinite(got).all()
    np.testing.assert_allclose(got, exact_softmax(array, -1), rtol=1e-3, atol=1e-6)


@given(st.integers(-1000, 1000), st.lists(st.integers(-9, 9), min_size=1, max_size=6))
def test_softmax_sees_only_differences(shift, scores):
    plain, shifted = Tensor(scores), Tensor([score + shift for score in scores])
    assert Softmax()(plain).tolist() == Softmax()(shifted).tolist()


def test_softmax_gives_nothing_to_a_masked_score():
    scores = Tensor([[1.0, -np.inf, 1.0], [-np.inf, 5.0, -np.inf]])
    assert Softmax()(scores).tolist() == [[0.5, 0, 0.5], [0, 1, 0]]


def test_softmax_of_an_empty_batch_is_empty_and_of_one_score_is_1():
    assert Softmax()(Tensor(np.zeros((0, 5), np.float32))).shape == (0, 5)
    assert Softmax()(Tensor(7.0)).tolist() == 1.0


@given(MODERATE)
def test_softmax_of_two_scores_is_a_sigmoid(x):
    got = Softmax()(Tensor([x, 0.0])).tolist()[0]
    assert got == pytest.approx(Sigmoid()(Tensor(x)).item(), rel=1e-5)


@pytest.mark.parametrize(
    ("shape", "dim"), [((2, 3), 2), ((2, 3), -3), ((4,), 1), ((), 1)]
)
def test_an_unknown_dim_gets_a_message_with_help(shape, dim):
    with pytest.raises(ValueError, match=rf"(?s)no axis {dim} in shape.*help: use"):
        Softmax(dim)(Tensor(np.zeros(shape)))


@PAIRS
def test_nan_is_not_hidden(ours):
    got = ours()(Tensor([[1.0, np.nan], [2.0, 3.0]])).data
    assert np.isnan(got[0, 1])
    assert np.isfinite(got[1]).all()


@PAIRS
def test_the_input_is_left_alone(ours):
    array = np.array([[3.0, -1.0], [0.0, 2.0]], np.float32)
    before, activation = array.copy(), ours()
    first, second = activation(Tensor(array)), activation.forward(Tensor(array))
    assert not np.shares_memory(first.data, array)
    assert array.tolist() == before.tolist()
    assert first.tolist() == second.tolist()


@PAIRS
def test_a_view_that_is_not_contiguous(ours):
    x = Tensor(np.linspace(-3, 3, 24, dtype=np.float32).reshape(4, 6)).T  # (6, 4)
    copied = Tensor(np.ascontiguousarray(x.data))
    np.testing.assert_allclose(ours()(x).data, ours()(copied).data, rtol=1e-6)


def test_gelu_is_near_the_exact_form():
    points = np.linspace(-6, 6, 1201)
    form = [v * (1 + math.erf(v / math.sqrt(2))) / 2 for v in points]
    assert np.abs(GELU()(Tensor(points)).data - form).max() < 5e-4


@given(st.data())
@PAIRS
def test_the_same_as_pytorch(ours, data):
    torch = pytest.importorskip("torch")
    functions = {
        ReLU: torch.relu,
        Sigmoid: torch.sigmoid,
        Tanh: torch.tanh,
        GELU: lambda x: torch.nn.functional.gelu(x, approximate="tanh"),
    }
    array = data.draw(npst.arrays(np.float32, FULL, elements=MODERATE))
    if ours is Softmax:
        dim = data.draw(st.integers(-array.ndim, array.ndim - 1))
        got, wanted = Softmax(dim), torch.nn.Softmax(dim)
    else:
        got, wanted = ours(), functions[ours]
    np.testing.assert_allclose(
        got(Tensor(array)).data,
        wanted(torch.from_numpy(array)).numpy(),
        rtol=1e-5,
        atol=1e-6,
    )


@pytest.mark.parametrize(
    ("check", "got", "expected", "told"),
    [
        (expect_number, None, 0.5, "expected 0.5, got None (did you forget"),
        (expect_number, 0.50009, 0.5, "expected 0.5, got 0.50009"),
        (expect_number, 1e-9, 0.0, "expected 0, got 1e-09"),
        (expect_close, None, [1.0], "expected a Tensor, got None (did you forget"),
        (expect_close, [1.0], [1.0], "expected a Tensor, got [1.0]"),
        (expect_close, Tensor([1.0]), [[1.0]], "expected [[1]], got [1]"),
        (expect_close, Tensor([1.0, 2]), [1.0, 2.001], "[1, 2.001], got [1, 2]"),
        (expect_close, Tensor([1], "float64"), [1.0], "expected float32, got float64"),
    ],
)
def test_the_checks_say_what_was_expected_and_what_came(check, got, expected, told):
    with pytest.raises(AssertionError) as caught:
        check("f(x)", got, expected)
    assert str(caught.value).startswith("f(x): ")
    assert told in str(caught.value)


def test_the_checks_allow_for_the_last_digits():
    expect_number("a number", 0.500001, 0.5)
    expect_close("a Tensor", Tensor([[0.1, 0.0]]), [[0.100001, 0]])
    expect_close("of shape ()", Tensor(1 / 3, "float64"), 1 / 3, dtype="float64")
