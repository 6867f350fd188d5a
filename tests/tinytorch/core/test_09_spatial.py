"""Chapter 09 against its definition and finite differences."""

import warnings

import numpy as np
import pytest
from convolution_inputs import SIZE, convolutions
from hypothesis import given, settings
from hypothesis import strategies as st

from tinytorch.core.activations import ReLU
from tinytorch.core.autograd import gradcheck, no_grad
from tinytorch.core.layers import Linear, Sequential
from tinytorch.core.losses import cross_entropy
from tinytorch.core.spatial import (
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Flatten,
    MaxPool2d,
    avg_pool2d,
    col2im,
    conv2d,
    im2col,
    max_pool2d,
    output_size,
    windows,
)
from tinytorch.core.tensor import Tensor

settings.register_profile("book", deadline=None, max_examples=40)
settings.load_profile("book")


def by_definition(x, weight, bias, stride, padding):
    """Every output number by itself."""
    x = np.pad(x, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2])
    kh, kw = weight.shape[2:]
    rows = range(0, x.shape[2] - kh + 1, stride)
    columns = range(0, x.shape[3] - kw + 1, stride)
    patches = np.array(
        [[x[:, :, r : r + kh, q : q + kw] for q in columns] for r in rows]
    )
    return np.einsum("rqncij,ocij->norq", patches, weight) + bias[:, None, None]


@given(convolutions())
def test_convolution_is_its_definition(given_values):
    x, weight, bias, stride, padding = given_values
    expected = by_definition(*given_values)
    got = conv2d(Tensor(x), Tensor(weight), Tensor(bias), stride, padding)
    assert got.shape == expected.shape
    np.testing.assert_allclose(got.data, expected, rtol=1e-12, atol=1e-12)
    none = conv2d(Tensor(x), Tensor(weight), stride=stride, padding=padding)
    np.testing.assert_allclose(none.data + bias[:, None, None], expected, atol=1e-12)


@given(convolutions())
@settings(max_examples=25)
def test_slopes_of_a_convolution(given_values):
    *arrays, stride, padding = given_values
    tensors = [Tensor(array) for array in arrays]
    assert gradcheck(lambda *t: conv2d(*t, stride, padding), *tensors)
    x, weight, _ = tensors
    assert gradcheck(lambda w: conv2d(x, w, None, stride, padding), weight)


@given(convolutions())
def test_the_copy_and_its_way_back_are_adjoint(given_values):
    x, weight, _, stride, padding = given_values
    how = weight.shape[2:], stride, padding
    columns = im2col(x, *how).copy()
    g = np.random.default_rng(1).normal(size=columns.shape)
    back = col2im(g, x.shape, *how)
    assert back.shape == x.shape
    np.testing.assert_allclose((back * x).sum(), (g * columns).sum(), atol=1e-9)


def test_windows_are_views_that_partition_or_overlap():
    x = np.arange(30.0).reshape(5, 6)
    views = windows(x, (2, 3), 2)
    assert len(views) == 6
    assert all(np.shares_memory(view, x) and view.shape == (2, 2) for view in views)
    assert output_size(5, 2, 2) == 2


@given(SIZE, SIZE, st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_pooling_is_its_definition(n, c, kh, kw, stride):
    rng = np.random.default_rng(n + 5 * c)
    x = rng.permutation(n * c * 42).reshape(n, c, 6, 7).astype(float)  # no two equal
    rows, columns = range(0, 7 - kh, stride), range(0, 8 - kw, stride)
    for pool, reduce in [(max_pool2d, np.max), (avg_pool2d, np.mean)]:
        got = pool(Tensor(x), (kh, kw), stride)
        for r, top in enumerate(rows):
            for q, left in enumerate(columns):
                patch = x[:, :, top : top + kh, left : left + kw]
                np.testing.assert_allclose(got.data[:, :, r, q], reduce(patch, (2, 3)))
        assert got.shape == (n, c, len(rows), len(columns))


@pytest.mark.parametrize("kernel,stride", [((2, 2), 2), ((3, 2), 1), ((2, 3), 3)])
def test_slopes_of_pooling(kernel, stride):
    x = np.random.default_rng(0).permutation(2 * 3 * 6 * 7).reshape(2, 3, 6, 7) / 10
    assert gradcheck(lambda t: max_pool2d(t, kernel, stride), Tensor(x))
    assert gradcheck(lambda t: avg_pool2d(t, kernel, stride), Tensor(x))


def test_of_equal_numbers_the_first_takes_the_gradient():
    x = Tensor(np.zeros((1, 1, 2, 4)), requires_grad=True)
    max_pool2d(x, (2, 2), 2).backward([[[[3.0, 5.0]]]])
    assert x.grad.tolist() == [[[[3, 0, 5, 0], [0, 0, 0, 0]]]]


def test_layers_make_what_they_say():
    layer = Conv2d(3, 8, (2, 5), stride=2, padding=1, rng=0)
    assert (layer.weight.shape, layer.bias.tolist()) == ((8, 3, 2, 5), [0] * 8)
    assert layer.weight.dtype == layer.bias.dtype == np.float32
    assert layer(Tensor(np.ones((2, 3, 7, 9), "float32"))).shape == (2, 8, 4, 4)
    assert Conv2d(3, 8, 3, bias=False).bias is None
    wide = Conv2d(64, 64, 3, rng=1).weight.data
    assert wide.std() == pytest.approx((2 / (64 * 9)) ** 0.5, rel=0.02)
    assert (
        Conv2d(2, 3, 3, rng=4).weight.data == Conv2d(2, 3, 3, rng=4).weight.data
    ).all()
    assert MaxPool2d(3)(Tensor(np.ones((1, 1, 7, 8)))).shape == (1, 1, 2, 2)
    assert AvgPool2d(2, stride=1)(Tensor(np.ones((1, 1, 3, 3)))).shape == (1, 1, 2, 2)
    assert Flatten()(Tensor(np.ones((2, 3, 4, 5)))).shape == (2, 60)
    assert Flatten()(Tensor(np.ones((0, 3, 4)))).shape == (0, 12)


def test_parameters_require_gradients_and_statistics_do_not():
    model = Sequential(Conv2d(1, 2, 3), BatchNorm2d(2), MaxPool2d(2), Flatten())
    assert [p.requires_grad for p in model.parameters()] == [True] * 4
    x = Tensor(np.random.default_rng(0).normal(size=(3, 1, 6, 6)))
    (model(x) ** 2).sum().backward()
    assert all(p.grad.shape == p.data.shape for p in model.parameters())
    assert x.grad is None


def test_nothing_is_recorded_where_no_gradient_is_wanted():
    layer, x = Conv2d(1, 2, 3), Tensor(np.ones((1, 1, 4, 4), "float32"))
    with no_grad():
        assert not layer(x).requires_grad
    assert layer(x).requires_grad
    assert not max_pool2d(x, (2, 2), 2).requires_grad


def test_two_forwards_before_one_backward():
    """Buffers are used again, but never one that a backward still needs."""
    rng = np.random.default_rng(0)
    weight = Tensor(rng.normal(size=(16, 8, 3, 3)), requires_grad=True)
    batches = [Tensor(rng.normal(size=(4, 8, 16, 16))) for _ in range(3)]
    alone = []
    for x in batches:
        (conv2d(x, weight, None, 1, 1) ** 2).sum().backward()
        alone.append(weight.grad)
        weight.grad = None
    losses = [(conv2d(x, weight, None, 1, 1) ** 2).sum() for x in batches]
    with no_grad():
        conv2d(
            batches[0] * 100, weight, None, 1, 1
        )  # takes a free buffer, or a new one
    for i in (1, 0, 2):
        losses[i].backward()
        np.testing.assert_allclose(weight.grad, alone[i])
        weight.grad = None


def test_the_same_graph_walked_twice_and_weights_changed_between():
    x = Tensor(np.random.default_rng(0).normal(size=(2, 3, 8, 8)))
    layer = Conv2d(3, 4, 3, padding=1, rng=0)
    loss = layer(x).sum()
    loss.backward(retain_graph=True)
    once = layer.weight.grad.copy()
    loss.backward()
    np.testing.assert_allclose(layer.weight.grad, 2 * once, rtol=1e-6)
    loss = layer(x).sum()
    layer.weight.data *= 2
    with pytest.raises(RuntimeError, match="Convolution needs"):
        loss.backward()


@pytest.mark.parametrize("training", [True, False])
def test_slopes_of_batch_normalization(training):
    x = Tensor(np.random.default_rng(0).normal(2, 3, size=(3, 2, 2, 4)))
    weight, bias = Tensor(np.array([1.5, -0.5])), Tensor(np.array([0.2, 3.0]))

    def normalized(x, weight, bias):
        layer = BatchNorm2d(2)
        layer.running_mean[:], layer.running_var[:] = [1.0, 2.0], [4.0, 9.0]
        layer.weight, layer.bias = weight, bias
        return layer.train(training)(x) ** 2

    assert gradcheck(normalized, x, weight, bias)


def test_batch_normalization_normalizes_and_remembers():
    rng = np.random.default_rng(0)
    layer = BatchNorm2d(3, momentum=0.5)
    for _ in range(40):
        x = Tensor(
            rng.normal([[[1]], [[-5]], [[0]]], [[[2]], [[1]], [[9]]], (64, 3, 4, 4))
        )
        y = layer(x).data
        np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), 0, atol=1e-6)
        np.testing.assert_allclose(y.var(axis=(0, 2, 3)), 1, atol=1e-3)
    np.testing.assert_allclose(layer.running_mean, [1, -5, 0], atol=0.5)
    np.testing.assert_allclose(layer.running_var, [4, 1, 81], rtol=0.15)
    before = layer.running_mean.copy()
    one = layer.eval()(Tensor(np.ones((1, 3, 1, 1))))
    assert (layer.running_mean == before).all()
    expected = (1 - before) / np.sqrt(layer.running_var + 1e-5)
    np.testing.assert_allclose(one.data.reshape(3), expected, rtol=1e-5)


def test_a_small_network_learns():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 1, 8, 8)).astype("float32") * 0.3
    labels = np.arange(40) % 2
    x[labels == 1, :, :, 3] += 1  # a line from top to bottom
    x[labels == 0, :, 3, :] += 1  # and one from left to right
    layers = Conv2d(1, 4, 3, rng=rng), BatchNorm2d(4), ReLU(), MaxPool2d(2), Flatten()
    model, losses = Sequential(*layers, Linear(36, 2, rng=rng)), []
    for _ in range(30):
        loss = cross_entropy(model(Tensor(x)), labels)
        loss.backward()
        for weight in model.parameters():
            weight.data -= 0.1 * weight.grad
            weight.grad = None
        losses.append(loss.item())
    assert losses[-1] < 0.1 * losses[0]


IMAGES = Tensor(np.ones((2, 3, 5, 5), "float32"))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Conv2d(3, 4, 6)(IMAGES), "kernel of 6 does not fit"),
        (lambda: Conv2d(3, 4, 9, padding=1)(IMAGES), "5 \\+ 2·1 = 7"),
        (lambda: MaxPool2d(6)(IMAGES), "kernel of 6 does not fit"),
        (lambda: Conv2d(1, 4, 3)(IMAGES), r"\(N, 1, …, …\)"),
        (lambda: Conv2d(3, 4, 3)(Tensor(np.ones((5, 5)))), r"got \(5, 5\)"),
        (lambda: MaxPool2d(2)(Tensor(np.ones((3, 5, 5)))), r"got \(3, 5, 5\)"),
        (lambda: BatchNorm2d(2)(IMAGES), r"\(N, 2, …, …\)"),
        (lambda: BatchNorm2d(3)(IMAGES[:1, :, :1, :1]), "no spread"),
        (lambda: Conv2d(0, 4, 3), "got 0 and 4"),
        (lambda: Conv2d(1, 4, 0), "kernel_size is .* got 0"),
        (lambda: Conv2d(1, 4, (3, 3, 3)), r"got \(3, 3, 3\)"),
        (lambda: Conv2d(1, 4, 2.5), "got 2.5"),
        (lambda: Conv2d(1, 4, 3, stride=0), "stride is .* got 0"),
        (lambda: Conv2d(1, 4, 3, padding=-1), "padding is .* got -1"),
        (lambda: MaxPool2d((2, 3)), r"stride is .* got \(2, 3\)"),
    ],
)
def test_wrong_input_gets_a_message_with_help(call, says):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=says) as caught:
            call()
    assert "\nhelp: " in str(caught.value)
