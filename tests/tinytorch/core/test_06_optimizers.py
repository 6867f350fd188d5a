"""Chapter 06 against PyTorch and by hand: steps, memory, error messages."""

import tracemalloc
import warnings

import numpy as np
import pytest

from tinytorch.core.layers import Linear, Sequential
from tinytorch.core.optimizers import SGD, Adam, AdamW
from tinytorch.core.tensor import Tensor
from tinytorch.utils.examples import show_path, spirals

KINDS = {
    "sgd": (SGD, {"lr": 0.1}),
    "sgd decay": (SGD, {"lr": 0.1, "weight_decay": 0.3}),
    "momentum": (SGD, {"lr": 0.05, "momentum": 0.9}),
    "momentum decay": (SGD, {"lr": 0.05, "momentum": 0.5, "weight_decay": 0.1}),
    "adam": (Adam, {}),
    "adam fast": (Adam, {"lr": 0.1, "betas": (0.5, 0.75), "eps": 1e-3}),
    "adam forgets": (Adam, {"lr": 0.1, "betas": (0.0, 0.0)}),
    "adam decay": (Adam, {"lr": 0.01, "weight_decay": 0.2}),
    "adamw": (AdamW, {"lr": 0.01}),
    "adamw decay": (AdamW, {"lr": 0.1, "weight_decay": 0.5, "betas": (0.8, 0.9)}),
}
EACH = pytest.mark.parametrize(("kind", "options"), KINDS.values(), ids=KINDS)
SHAPES = [(4, 3), (3,), (), (2, 1, 5)]


@pytest.fixture(autouse=True)
def strict():
    """No step may warn, whatever the numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def leaves(rng, dtype="float32"):
    """Tensors of several shapes that require gradients."""
    arrays = [np.asarray(rng.normal(size=shape), dtype) for shape in SHAPES]
    return [Tensor(array.copy(), requires_grad=True) for array in arrays]


def gradients(rng, params):
    """Random gradients of very different sizes, and some of exactly 0."""
    for p in params:
        scale = 10.0 ** rng.integers(-6, 4, size=p.shape)
        drawn = rng.normal(size=p.shape) * scale * (rng.random(p.shape) > 0.2)
        p.grad = np.asarray(drawn, p.dtype)


@EACH
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_ten_steps_equal_pytorchs(kind, options, dtype):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    ours = leaves(rng, dtype)
    theirs = [torch.tensor(p.data.copy(), requires_grad=True) for p in ours]
    mine, other = kind(ours, **options), getattr(torch.optim, kind.__name__)
    other = other(theirs, **options)
    for number in range(10):
        gradients(rng, ours)
        if number in (0, 4):
            ours[1].grad = None  # skipped, and its steps are not counted
        for p, q in zip(ours, theirs, strict=True):
            q.grad = None if p.grad is None else torch.tensor(p.grad)
        mine.step()
        other.step()
        for p, q in zip(ours, theirs, strict=True):
            close = {"rtol": 1e-5, "atol": 1e-5}
            if dtype == "float64":
                close = {"rtol": 1e-12, "atol": 1e-12}
            np.testing.assert_allclose(p.data, q.detach().numpy(), **close)


def reference(kind, weight, slopes, lr, **o):
    """The rules as the papers state them, in float64."""
    w, v, m, s = weight.astype(np.float64), 0.0, 0.0, 0.0
    for t, g in enumerate(slopes, 1):
        g = g.astype(np.float64)
        decay = o.get("weight_decay", 0.01 if kind is AdamW else 0.0)
        if kind is AdamW:
            w = w * (1 - lr * decay)
        else:
            g = g + decay * w
        if kind is SGD:
            v = o.get("momentum", 0.0) * v + g
            w = w - lr * v
        else:
            (b1, b2), eps = o.get("betas", (0.9, 0.999)), o.get("eps", 1e-8)
            m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g * g
            w = w - lr * (m / (1 - b1**t)) / (np.sqrt(s / (1 - b2**t)) + eps)
    return w


@EACH
def test_ten_steps_follow_the_formula(kind, options):
    rng = np.random.default_rng(1)
    w = Tensor(rng.normal(size=(5, 2)).astype(np.float32), requires_grad=True)
    before, slopes = w.data.copy(), []
    optimizer = kind([w], **{"lr": 0.001, **options})
    for _ in range(10):
        gradients(rng, [w])
        slopes.append(w.grad.copy())
        optimizer.step()
        np.testing.assert_array_equal(w.grad, slopes[-1])  # left as it was
    expected = reference(kind, before, slopes, **{"lr": 0.001, **options})
    np.testing.assert_allclose(w.data, expected, rtol=2e-5, atol=1e-5)
    assert w.dtype == np.float32


@EACH
def test_a_step_is_in_place_and_makes_no_array(kind, options):
    w = Tensor(np.ones((300, 400), np.float32), requires_grad=True)
    b = Tensor(np.ones(400, np.float32), requires_grad=True)
    array, view = w.data, w.data[0]
    optimizer = kind([w, b], **{"lr": 0.001, **options})
    w.grad, b.grad = np.ones_like(w.data), np.ones_like(b.data)
    optimizer.step()
    tracemalloc.start()
    try:
        optimizer.step()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4096
    assert w.data is array
    assert view[0] == array[0, 0] != 1


@EACH
def test_what_is_kept_is_what_the_table_says(kind, options):
    params = Sequential(Linear(7, 5), Linear(5, 2)).parameters()
    optimizer = kind(params, **{"lr": 0.1, **options})
    kept = sum(a.nbytes for arrays in optimizer.kept.values() for a in arrays)
    numbers = 2 if issubclass(kind, Adam) else int("momentum" in options)
    assert kept == numbers * sum(p.data.nbytes for p in params)


def test_a_skipped_parameter_does_not_age():
    a, b = (Tensor([1.0], requires_grad=True) for _ in range(2))
    optimizer = Adam([a, b], lr=0.1)
    for _ in range(3):
        a.grad = np.array([1.0], np.float32)
        optimizer.step()
    assert (b.item(), optimizer.steps) == (1.0, [3, 0])
    assert not optimizer.mean[1].any()
    b.grad = np.array([5.0], np.float32)
    optimizer.step()
    assert b.item() == pytest.approx(0.9)


def test_zero_grad_forgets():
    w = Tensor([3.0], requires_grad=True)
    optimizer = SGD([w], lr=0.5)
    for _ in range(2):
        optimizer.zero_grad()
        (w * w).sum().backward()
    assert w.grad.tolist() == [6.0]
    optimizer.zero_grad()
    assert w.grad is None


def test_an_array_put_in_place_of_data_is_the_one_that_moves():
    w = Tensor([3.0], requires_grad=True)
    optimizer = SGD([w], lr=0.5)
    w.data = np.array([10.0], np.float32)
    (w * w).sum().backward()
    optimizer.step()
    assert w.tolist() == [0.0]


def test_an_empty_parameter_and_mixed_types():
    params = [Tensor(np.ones(0)), Tensor(np.ones(3)), Tensor([1.0, 1.0])]
    for p in params:
        p.requires_grad, p.grad = True, np.ones_like(p.data)
    Adam(iter(params), lr=0.25).step()
    assert [p.dtype.name for p in params] == ["float64", "float64", "float32"]
    np.testing.assert_allclose(params[1].data, 0.75)


def test_a_step_between_forward_and_backward_is_noticed():
    w = Tensor([1.0, 2.0], requires_grad=True)
    loss = (w * w).sum()
    w.grad = np.ones(2, np.float32)
    SGD([w], lr=0.1).step()
    with pytest.raises(RuntimeError, match="changed after it was used"):
        loss.backward()


def good():
    return Tensor([1.0], requires_grad=True)


def frozen():
    layer = Linear(2, 1)
    layer.weight.requires_grad = False
    return layer.parameters()


TWICE = good()


@pytest.mark.parametrize(
    ("make", "kind", "text"),
    [
        (lambda: SGD([], 0.1), ValueError, "at least one parameter"),
        (lambda: Adam(iter([])), ValueError, "at least one parameter"),
        (lambda: SGD(good(), 0.1), TypeError, "list of parameters"),
        (lambda: SGD([good(), 3.0], 0.1), TypeError, "parameter 1 is a float"),
        (lambda: SGD([Linear(2, 1)], 0.1), TypeError, "layer.parameters()"),
        (lambda: SGD([{"params": []}], 0.1), TypeError, "an optimizer for each"),
        (lambda: SGD([Tensor([1.0])], 0.1), ValueError, "requires no gradient"),
        (lambda: Adam(frozen()), ValueError, "parameter 0, of shape (2, 1)"),
        (lambda: SGD([good() * 2], 0.1), ValueError, "was computed"),
        (lambda: SGD([TWICE, good(), TWICE], 0.1), ValueError, "parameter 2 is the"),
        (lambda: SGD([good()], -0.1), ValueError, "lr >= 0, got -0.1"),
        (lambda: SGD([good()], float("nan")), ValueError, "lr >= 0, got nan"),
        (lambda: SGD([good()], 0.1, momentum=1.0), ValueError, "momentum < 1"),
        (lambda: SGD([good()], 0.1, weight_decay=-1), ValueError, "weight_decay >= 0"),
        (lambda: Adam([good()], betas=(0.9, 1.0)), ValueError, "beta2 < 1"),
        (lambda: Adam([good()], betas=(-0.1, 0.9)), ValueError, "beta1 < 1"),
        (lambda: Adam([good()], betas=0.9), ValueError, "two betas"),
        (lambda: Adam([good()], eps=0), ValueError, "eps > 0"),
        (lambda: SGD([good()], 0.1).step(), RuntimeError, "loss.backward()"),
    ],
)
def test_wrong_input_gets_a_message_with_help(make, kind, text):
    with pytest.raises(kind) as caught:
        make()
    assert text in str(caught.value)
    assert "\nhelp: " in str(caught.value)


def test_a_rate_of_zero_moves_nothing():
    w = good()
    w.grad = np.ones(1, np.float32)
    for kind in (SGD, Adam, AdamW):
        kind([w], lr=0).step()
    assert w.tolist() == [1.0]


def test_the_map_of_a_path(capsys):
    show_path([(10.0, 1.0), (0.0, -1.0), (5.0, 0.0), (5.0, 0.01), (11, 0), (1, 2)])
    lines = capsys.readouterr().out.split("\n")
    assert lines[0] == " " * 60 + "0"
    assert lines[4] == " " * 30 + "2"  # the earlier of two that meet
    assert lines[8] == "1"
    assert "".join(lines).replace(" ", "") == "021"


def test_the_spirals():
    points, arms = spirals(0, 50)
    assert (points.shape, points.dtype, arms.shape) == ((150, 2), np.float32, (150,))
    assert np.bincount(arms).tolist() == [50, 50, 50]
    assert np.abs(np.linalg.norm(points, axis=1)).max() <= 1 + 1e-6
    again, _ = spirals(np.random.default_rng(0), 50)
    np.testing.assert_array_equal(points, again)
    _, mixed = spirals(0, 50, mistakes=0.3)
    assert 0.1 < (mixed != arms).mean() < 0.3  # a third of the drawn ones are right
