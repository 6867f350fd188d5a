"""Chapter 09 against PyTorch: convolution, pooling, batch normalization."""

import numpy as np
import pytest
from convolution_inputs import convolutions
from hypothesis import given, settings

from tinytorch.core.spatial import AvgPool2d, BatchNorm2d, MaxPool2d, conv2d
from tinytorch.core.tensor import Tensor

settings.register_profile("book", deadline=None, max_examples=40)
settings.load_profile("book")


@given(convolutions())
@settings(max_examples=25)
def test_convolution_agrees_with_pytorch(given_values):
    torch = pytest.importorskip("torch")
    *arrays, stride, padding = given_values
    ours = [Tensor(array, requires_grad=True) for array in arrays]
    theirs = [torch.tensor(array, requires_grad=True) for array in arrays]
    got = conv2d(*ours, stride, padding)
    wanted = torch.nn.functional.conv2d(*theirs, stride=stride, padding=padding)
    np.testing.assert_allclose(got.data, wanted.detach().numpy(), atol=1e-10)
    g = np.random.default_rng(0).normal(size=got.shape)
    got.backward(g)
    wanted.backward(torch.tensor(g))
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.grad, other.grad.numpy(), atol=1e-10)


def test_pooling_agrees_with_pytorch_on_ties_too():
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).integers(0, 3, (2, 3, 7, 6)).astype(float)
    for kernel, stride in [(2, 2), (3, 1), (3, 2)]:
        for ours, theirs in [
            (MaxPool2d(kernel, stride), torch.nn.MaxPool2d(kernel, stride)),
            (AvgPool2d(kernel, stride), torch.nn.AvgPool2d(kernel, stride)),
        ]:
            a, b = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
            got, wanted = ours(a), theirs(b)
            g = np.random.default_rng(1).normal(size=got.shape)
            got.backward(g)
            wanted.backward(torch.tensor(g))
            np.testing.assert_allclose(got.data, wanted.detach().numpy())
            np.testing.assert_allclose(a.grad, b.grad.numpy(), atol=1e-12)


def test_batch_normalization_agrees_with_pytorch():
    torch = pytest.importorskip("torch")
    ours, theirs = BatchNorm2d(3), torch.nn.BatchNorm2d(3)
    rng = np.random.default_rng(0)
    for mode in (True, True, False):
        x = rng.normal(1, 4, (5, 3, 4, 2)).astype("float32")
        got = ours.train(mode)(Tensor(x))
        wanted = theirs.train(mode)(torch.tensor(x))
        np.testing.assert_allclose(got.data, wanted.detach().numpy(), atol=2e-6)
    for mine, other in [
        (ours.running_mean, theirs.running_mean),
        (ours.running_var, theirs.running_var),
    ]:
        np.testing.assert_allclose(mine, other.numpy(), rtol=1e-5)
