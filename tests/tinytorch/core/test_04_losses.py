"""Chapter 04 against numpy and PyTorch: values, extremes, dtypes, error messages."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from tinytorch.core.losses import (
    BinaryCrossEntropyLoss,
    CrossEntropyLoss,
    MSELoss,
    cross_entropy,
    log_softmax,
)
from tinytorch.core.tensor import Tensor

settings.register_profile("book", deadline=None, max_examples=60)
settings.load_profile("book")

SHAPES = npst.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4)
SCORES = npst.arrays(np.float32, SHAPES, elements=st.floats(-1000, 1000, width=32))
UNIT = st.floats(0, 1, width=32)
FROM_LOGITS = BinaryCrossEntropyLoss(from_logits=True)


@pytest.fixture(autouse=True)
def strict():
    """No loss may warn, whatever the numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def scalar(got, expected, dtype=np.float32):
    """Assert that a loss is a Tensor of shape () near the expected number."""
    assert isinstance(got, Tensor)
    assert (got.shape, got.dtype) == ((), dtype)
    np.testing.assert_allclose(got.item(), expected, rtol=2e-5, atol=2e-6)


def log_softmax64(x, axis=-1):
    """log_softmax by its definition in float64, safe up to exp(700)."""
    x = np.asarray(x, np.float64)
    x = x - x.mean(axis=axis, keepdims=True)  # any shift does; not the chapter's
    return x - np.logaddexp.reduce(x, axis=axis, keepdims=True)


@given(SCORES, st.data())
def test_log_softmax_along_any_axis(array, data):
    dim = data.draw(st.integers(-array.ndim, array.ndim - 1))
    got = log_softmax(Tensor(array), dim=dim)
    assert (got.shape, got.dtype) == (array.shape, np.float32)
    np.testing.assert_allclose(
        got.data, log_softmax64(array, dim), rtol=2e-5, atol=2e-6
    )
    assert np.all(got.data <= 0)


@given(SCORES, st.data())
def test_cross_entropy_for_any_number_of_axes(array, data):
    classes = array.shape[-1]
    ids = data.draw(
        npst.arrays(np.int64, array.shape[:-1], elements=st.integers(0, classes - 1))
    )
    picked = np.take_along_axis(log_softmax64(array), ids[..., None], axis=-1)
    kept = array.copy()
    for targets in (ids, ids.tolist(), Tensor(ids), Tensor(ids.astype(np.float32))):
        scalar(cross_entropy(Tensor(array), targets), -picked.mean())
    scalar(CrossEntropyLoss()(Tensor(array), ids.astype(np.uint8)), -picked.mean())
    np.testing.assert_array_equal(array, kept)


@given(SCORES, st.data())
def test_mse(array, data):
    target = data.draw(npst.arrays(np.float32, array.shape, elements=UNIT))
    expected = ((array.astype(np.float64) - target) ** 2).mean()
    kept = array.copy(), target.copy()
    for y in (target, target.tolist(), Tensor(target), target.astype(np.float64)):
        scalar(MSELoss()(Tensor(array), y), expected)
    np.testing.assert_array_equal(array, kept[0])
    np.testing.assert_array_equal(target, kept[1])


@given(SCORES, st.data())
def test_bce_from_logits(array, data):
    target = data.draw(npst.arrays(np.float32, array.shape, elements=UNIT))
    x = array.astype(np.float64)
    expected = (np.logaddexp(0, x) - x * target).mean()
    scalar(FROM_LOGITS(Tensor(array), target), expected)


@given(npst.arrays(np.float32, SHAPES, elements=UNIT), st.data())
def test_bce_from_probabilities(p, data):
    y = data.draw(npst.arrays(np.float32, p.shape, elements=UNIT))
    floor = 2.0**-126
    yes = np.log(np.maximum(p, floor, dtype=np.float64))
    no = np.log(np.maximum(np.float64(np.float32(1) - p), floor))
    scalar(BinaryCrossEntropyLoss()(Tensor(p), y), -(y * yes + (1 - y) * no).mean())


@given(SCORES)
def test_two_classes_are_one_score(array):
    """Logits 0 and x with cross_entropy are the score x with BCE."""
    x = array.reshape(-1)
    ids = np.arange(x.size) % 2
    pair = cross_entropy(Tensor(np.stack([np.zeros_like(x), x], axis=-1)), ids)
    scalar(FROM_LOGITS(Tensor(x), ids), pair.item())


def test_the_ends_are_finite():
    sure = Tensor([0.0, 1.0])
    scalar(BinaryCrossEntropyLoss()(sure, [0, 1]), 0)
    scalar(BinaryCrossEntropyLoss()(sure, [1, 0]), 126 * np.log(2))
    biggest = float(np.finfo(np.float32).max) / 4
    scalar(FROM_LOGITS(Tensor([biggest]), [0]), biggest)
    scalar(FROM_LOGITS(Tensor([-biggest]), [0]), 0)
    scalar(cross_entropy(Tensor([[biggest, 0.0, -biggest]]), [0]), 0)


def test_a_class_ruled_out_by_minus_infinity():
    x = Tensor([[-np.inf, 0.0, 0.0]])
    scalar(cross_entropy(x, [1]), np.log(2))
    assert cross_entropy(x, [0]).item() == np.inf


def test_a_small_loss_at_large_scores_is_not_rounded_away():
    scalar(cross_entropy(Tensor([[10000.0, 9996.0]]), [0]), np.log1p(np.exp(-4)))


def test_float64_stays_and_does_not_spread_from_the_target():
    x, y = np.full((2, 3), 0.25), np.zeros((2, 3))
    scalar(MSELoss()(Tensor(x), y), 0.0625, np.float64)
    scalar(MSELoss()(x, y), 0.0625, np.float64)
    scalar(BinaryCrossEntropyLoss()(Tensor(x), y), -np.log(0.75), np.float64)
    scalar(FROM_LOGITS(Tensor(x), y), np.logaddexp(0, 0.25), np.float64)
    scalar(cross_entropy(Tensor(x), [0, 1]), np.log(3), np.float64)
    single = Tensor(x.astype(np.float32))
    for loss in (MSELoss(), FROM_LOGITS, BinaryCrossEntropyLoss()):
        for target in (y, y.astype(int), y.tolist(), Tensor(y.astype(int))):
            assert loss(single, target).dtype == np.float32


def test_fractions_in_a_target_survive_whole_number_predictions():
    scalar(MSELoss()(Tensor(np.array([1, 2])), [0.5, 2.0]), 0.125, np.float64)


def test_one_example_without_a_batch():
    scalar(cross_entropy(Tensor([0.0, 0.0]), 1), np.log(2))
    scalar(MSELoss()(Tensor(3.0), 1), 4)
    scalar(FROM_LOGITS(Tensor(0.0), 1), np.log(2))


def test_nan_is_never_hidden():
    bad = Tensor([[np.nan, 1.0]])
    assert np.isnan(MSELoss()(bad, [[0, 0]]).item())
    assert np.isnan(FROM_LOGITS(bad, [[0, 0]]).item())
    assert np.isnan(cross_entropy(bad, [1]).item())
    with pytest.raises(ValueError, match="NaN"):
        BinaryCrossEntropyLoss()(bad, [[0, 0]])
    with pytest.raises(ValueError, match="NaN"):
        FROM_LOGITS(Tensor([0.0]), [np.nan])


@pytest.mark.parametrize("loss", [MSELoss(), BinaryCrossEntropyLoss(), FROM_LOGITS])
@pytest.mark.parametrize(
    ("shape", "target", "help_text"),
    [
        ((3, 1), (3,), "reshape(3, 1)"),
        ((3,), (3, 1), "reshape(3,)"),
        ((), (1,), "reshape()"),
        ((2, 3), (3,), "as many"),
        ((4,), (5,), "as many"),
    ],
)
def test_shapes_that_differ_are_refused(loss, shape, target, help_text):
    with pytest.raises(ValueError) as caught:
        loss(Tensor(np.zeros(shape)), np.zeros(target))
    text = str(caught.value)
    assert f"prediction has shape {shape}, target {target}" in text
    assert "help: " in text
    assert help_text in text


@pytest.mark.parametrize(
    ("targets", "parts"),
    [
        ([0, 3], ["targets[1] is 3", "out of range", "3 classes", "from 0 to 2"]),
        ([-1, 0], ["targets[0] is -1", "out of range"]),
        ([0.5, 1], ["targets[0] is 0.5", "not a whole number"]),
        ([1, np.nan], ["targets[1] is nan", "not a whole number"]),
        ([np.inf, 1], ["targets[0] is inf"]),
        ([1e20, 1], ["targets[0] is 1e+20", "out of range"]),
        ([[1, 0]], ["shape (2,)", "got shape (1, 2)"]),
        ([0, 1, 2], ["logits (2, 3)", "got shape (3,)"]),
        ([[1, 0, 0], [0, 1, 0]], ["argmax"]),
        (["cat", "dog"], ["numbers"]),
        ([[0], [1, 2]], ["equal length"]),
    ],
)
def test_bad_class_ids_are_named(targets, parts):
    with pytest.raises((ValueError, TypeError)) as caught:
        cross_entropy(Tensor(np.zeros((2, 3))), targets)
    for part in [*parts, "help: "]:
        assert part in str(caught.value)


def test_the_place_of_a_bad_id_in_several_axes():
    ids = np.zeros((2, 2), int)
    ids[1, 0] = 9
    with pytest.raises(ValueError, match=r"targets\[1, 0\] is 9"):
        cross_entropy(Tensor(np.zeros((2, 2, 3))), ids)
    with pytest.raises(ValueError, match=r"targets is 3, out of range"):
        cross_entropy(Tensor(np.zeros(3)), 3)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: log_softmax(Tensor([[1, 2]]), dim=2), "no axis 2"),
        (lambda: cross_entropy(Tensor(1.0), 0), "axis with a score for each class"),
        (lambda: cross_entropy(Tensor(np.zeros((0, 3))), []), "nothing to average"),
        (lambda: cross_entropy(Tensor(np.zeros((2, 0))), [0, 0]), "no classes"),
        (lambda: MSELoss()(Tensor([]), []), "nothing to average"),
        (lambda: BinaryCrossEntropyLoss()(Tensor([0.5, 3.2]), [0, 1]), "from_logits"),
        (lambda: BinaryCrossEntropyLoss()(Tensor([0.5]), [-1]), "0 for no"),
        (lambda: FROM_LOGITS(Tensor([0.5]), [2]), "target must lie between 0 and 1"),
    ],
)
def test_wrong_input_gets_a_message_with_help(call, text):
    with pytest.raises(ValueError) as caught:
        call()
    assert text in str(caught.value)
    assert "help: " in str(caught.value)


@given(SCORES, st.data())
def test_against_pytorch(array, data):
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    y = data.draw(npst.arrays(np.float32, array.shape, elements=UNIT))
    x, target = torch.from_numpy(array.copy()), torch.from_numpy(y.copy())
    scalar(MSELoss()(Tensor(array), y), functional.mse_loss(x, target).item())
    theirs = functional.binary_cross_entropy_with_logits(x, target).item()
    scalar(FROM_LOGITS(Tensor(array), y), theirs)
    for dim in range(-array.ndim, array.ndim):
        np.testing.assert_allclose(
            log_softmax(Tensor(array), dim).data,
            functional.log_softmax(x, dim).numpy(),
            rtol=2e-5,
            atol=2e-6,
        )
    classes = array.shape[-1]
    ids = np.arange(array.size // classes).reshape(array.shape[:-1]) % classes
    rows = x.reshape(-1, classes), torch.from_numpy(ids.reshape(-1).copy())
    ours = cross_entropy(Tensor(array), ids)
    scalar(ours, functional.cross_entropy(*rows).item())
    inner = np.clip(y, 0.001, 0.999)
    theirs = functional.binary_cross_entropy(torch.from_numpy(inner), target).item()
    scalar(BinaryCrossEntropyLoss()(Tensor(inner), y), theirs)
