"""Generated from modules/09_spatial/spatial_dev.py: edit that file, then run `make package`.

Chapter 09 of the book, Spatial.
"""

__all__ = [
    "output_size",
    "windows",
    "framed",
    "im2col",
    "product",
    "col2im",
    "Convolution",
    "conv2d",
    "Conv2d",
    "max_pool",
    "MaxPooling",
    "AveragePooling",
    "max_pool2d",
    "avg_pool2d",
    "MaxPool2d",
    "AvgPool2d",
    "Flatten",
    "BatchNorm2d",
]

import math

import numpy as np

from tinytorch.core.autograd import Function, recorded
from tinytorch.core.layers import Layer
from tinytorch.core.tensor import Tensor, contract, operand, wrap
from tinytorch.utils import buffers
from tinytorch.errors import spatial as errors


# cell 09-output-size
def output_size(size, kernel, stride=1, padding=0):
    """How many places a kernel has along an axis.

    Args: size, pixels along the axis; kernel, entries along it; stride, from one place
        to the next; padding, zeros at each end; all ints.
    Raises: ValueError if the kernel is longer than the padded axis.

    EXAMPLE:
    >>> output_size(5, 3), output_size(5, 3, padding=1), output_size(6, 3, stride=2)
    (3, 5, 2)
    """
    room = size + 2 * padding - kernel
    if room < 0:
        raise errors.kernel_too_large(size, kernel, padding)
    return room // stride + 1


# cell 09-windows
def windows(x, kernel, stride=1):
    """What each entry of a kernel meets, over all its places.

    Args: x, an array (..., H, W); kernel, its height and width, a pair; stride, an int.
    Returns: a list of kh * kw views of x, each (..., height, width), one for each entry
        of the kernel, row by row.

    EXAMPLE:
    >>> [view.tolist() for view in windows(np.arange(5)[None], (1, 3))]
    [[[0, 1, 2]], [[1, 2, 3]], [[2, 3, 4]]]
    """
    height = output_size(x.shape[-2], kernel[0], stride)
    width = output_size(x.shape[-1], kernel[1], stride)
    views, down, right = [], stride * height, stride * width
    for i, j in np.ndindex(*kernel):
        views.append(x[..., i : i + down : stride, j : j + right : stride])
    return views


# cell 09-framed
def framed(x, padding):
    """An array (N, C, H, W) as (C, N, …, …), in a frame of zeros."""
    x = x.swapaxes(0, 1)  # (C, N, H, W), a view
    if padding == 0:
        return x
    c, n, h, w = x.shape
    whole = buffers.zeros((c, n, h + 2 * padding, w + 2 * padding), x.dtype)
    whole[..., padding:-padding, padding:-padding] = x
    return whole


# cell 09-im2col
def im2col(x, kernel, stride=1, padding=0):
    """The patches under a kernel at all its places, as the columns of a matrix.

    Takes an array x (N, C, H, W), and returns one (C * kh * kw, N * height * width).

    EXAMPLE:
    >>> im2col(np.arange(5.0).reshape(1, 1, 1, 5), (1, 3)).tolist()
    [[0.0, 1.0, 2.0], [1.0, 2.0, 3.0], [2.0, 3.0, 4.0]]
    """
    views = windows(framed(x, padding), kernel, stride)
    channels, *places = views[0].shape  # C, and [N, height, width]
    columns = buffers.empty((channels, len(views), *places), x.dtype)
    for e, view in enumerate(views):
        columns[:, e] = view  # (C, N, height, width)
    return columns.reshape(channels * len(views), -1)


# cell 09-product
def product(columns, weight, bias, places):
    """The feature maps of all images, an array (N, O, height, width).

    Args: columns, an array (C * kh * kw, N * height * width); weight, (O, C, kh, kw);
        bias, (O,) or None; places, the tuple (N, height, width).

    EXAMPLE:
    >>> columns, weight = im2col(np.ones((2, 1, 2, 3)), (2, 2)), np.ones((1, 1, 2, 2))
    >>> product(columns, weight, np.array([10.0]), (2, 1, 2)).tolist()
    [[[[14.0, 14.0]]], [[[14.0, 14.0]]]]
    """
    rows = contract(weight.reshape(len(weight), -1), columns)  # (O, N * height * width)
    if bias is not None:
        rows += bias[:, None]
    return rows.reshape(len(weight), *places).swapaxes(0, 1)


# cell 09-col2im
def col2im(columns, shape, kernel, stride=1, padding=0):
    """Add up, for each pixel, what stands in the columns where it was copied to.

    Takes an array (C * kh * kw, N * height * width), and what im2col got: the shape of
    x, (N, C, H, W), kernel, stride, padding. Returns an array of x's shape.

    EXAMPLE:
    >>> col2im(np.ones((3, 3)), (1, 1, 1, 5), (1, 3)).tolist()
    [[[[1.0, 2.0, 3.0, 2.0, 1.0]]]]
    """
    n, c, h, w = shape
    whole = buffers.zeros((c, n, h + 2 * padding, w + 2 * padding), columns.dtype)
    views = windows(whole, kernel, stride)
    rows = columns.reshape(c, len(views), *views[0].shape[1:])
    for e, view in enumerate(views):
        view += rows[:, e]  # (C, N, height, width)
    inner = whole[..., padding : padding + h, padding : padding + w]
    return inner.swapaxes(0, 1)  # (N, C, H, W)


# cell 09-convolution
class Convolution(Function):
    """conv2d as one operation of the graph."""

    uses = 2

    def forward(self, x, weight, bias=None, stride=1, padding=0):
        """Take Tensors (N, C, H, W), (O, C, kh, kw) and (O,); return (N, O, …, …)."""
        if np.ndim(x) != 4 or x.shape[1] != weight.shape[1]:
            raise errors.no_images(np.shape(x), weight.shape[1])
        self.how = kernel, stride, padding = weight.shape[2:], stride, padding
        sizes = zip(x.shape[2:], kernel, strict=True)
        places = [output_size(size, k, stride, padding) for size, k in sizes]
        self.columns = im2col(operand(x), *self.how)
        bias = None if bias is None else bias.data
        return wrap(product(self.columns, weight.data, bias, (len(x), *places)))

    def backward(self, grad):
        """The gradients at x, weight and bias, where they are wanted."""
        x, weight = self.values()
        grad = grad.swapaxes(0, 1).reshape(len(weight), -1)  # (O, N * height * width)
        to_bias = self.needs(2) and grad.sum(axis=1)  # (O,)
        to_weight = False
        if self.needs(1):
            to_weight = contract(grad, self.columns.T).reshape(weight.shape)
        if not self.needs(0):
            return False, to_weight, to_bias
        columns = contract(weight.reshape(len(weight), -1).T, grad)
        return col2im(columns, x.shape, *self.how), to_weight, to_bias


# cell 09-conv2d
def conv2d(x, weight, bias=None, stride=1, padding=0):
    """The feature maps (N, O, …, …) of x (N, C, H, W) by weight (O, C, kh, kw)."""
    return Convolution().forward(x, weight, bias, stride, padding)


conv2d = recorded(Convolution, conv2d)


# cell 09-conv-class
class Conv2d(Layer):
    """Convolution; weight (out_channels, in_channels, kh, kw), bias (out_channels,)."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0,
                 bias=True, rng=None):
        if min(in_channels, out_channels) < 1:
            raise errors.no_channels(in_channels, out_channels)
        shape = out_channels, in_channels, *errors.kernel_pair(kernel_size)
        draws = np.random.default_rng(rng).standard_normal(shape, np.float32)
        self.weight = Tensor(draws) * math.sqrt(2 / math.prod(shape[1:]))
        self.bias = Tensor([0.0] * out_channels) if bias else None
        self.stride = errors.whole_number("stride", stride, 1)
        self.padding = errors.whole_number("padding", padding, 0)

    def forward(self, x):
        """x (N, in_channels, H, W) -> (N, out_channels, height, width)"""
        return conv2d(x, self.weight, self.bias, self.stride, self.padding)


# cell 09-max-pool
def max_pool(x, kernel, stride):
    """The largest number of each window of x (..., H, W), a new array.

    EXAMPLE:
    >>> max_pool(np.array([[1, 0, 2, 3], [4, 1, 0, 1]]), (2, 2), 2).tolist()
    [[4, 3]]
    """
    views = windows(x, kernel, stride)
    largest = views[0].copy()  # (..., height, width)
    for view in views[1:]:
        largest = np.maximum(largest, view)
    return largest


# cell 09-max-pooling
class MaxPooling(Function):
    """The largest number of each window, as one operation of the graph."""

    uses, uses_result = 1, True

    def forward(self, x, kernel, stride):
        """Take a Tensor (N, C, H, W); return (N, C, height, width)."""
        return wrap(max_pool(operand(x), kernel, stride))

    def backward(self, grad):
        """To the first number of each window that equals the largest."""
        x, largest = self.values()
        _, kernel, stride = self.inputs
        out = np.zeros_like(x)
        open_still = np.ones(largest.shape, bool)  # windows whose largest is not found
        to_views = windows(out, kernel, stride)
        for view, to_view in zip(windows(x, kernel, stride), to_views, strict=True):
            here = (view == largest) & open_still
            open_still ^= here
            to_view += grad * here
        return (out,)


# cell 09-average-pooling
class AveragePooling(Function):
    """The mean of each window, as one operation of the graph."""

    def forward(self, x, kernel, stride):
        """Take a Tensor (N, C, H, W); return (N, C, height, width)."""
        return wrap(sum(windows(operand(x), kernel, stride)) / math.prod(kernel))

    def backward(self, grad):
        """An equal part to each number of a window."""
        x, kernel, stride = self.inputs
        out, part = np.zeros_like(x.data), grad / math.prod(kernel)
        for view in windows(out, kernel, stride):
            view += part
        return (out,)


# cell 09-pool-functions
def max_pool2d(x, kernel, stride):
    """The largest of each window of x (N, C, H, W); kernel is a pair."""
    return MaxPooling().forward(x, kernel, stride)


# cell 09-pool-functions
def avg_pool2d(x, kernel, stride):
    """The mean of each window of x (N, C, H, W); kernel is a pair."""
    return AveragePooling().forward(x, kernel, stride)


max_pool2d = recorded(MaxPooling, max_pool2d)
avg_pool2d = recorded(AveragePooling, avg_pool2d)


# cell 09-pool-layers
class MaxPool2d(Layer):
    """The largest number of each window; the stride is kernel_size if left out."""

    pool = staticmethod(max_pool2d)

    def __init__(self, kernel_size, stride=None):
        self.kernel = errors.kernel_pair(kernel_size)
        stride = kernel_size if stride is None else stride
        self.stride = errors.whole_number("stride", stride, 1)

    def forward(self, x):
        """x (N, C, H, W) -> (N, C, height, width)"""
        if np.ndim(x) != 4:
            raise errors.no_images(np.shape(x))
        return self.pool(x, self.kernel, self.stride)


# cell 09-pool-layers
class AvgPool2d(MaxPool2d):
    """The mean of each window; the stride is kernel_size if left out."""

    pool = staticmethod(avg_pool2d)


# cell 09-pool-layers
class Flatten(Layer):
    """All axes but the first become one, so that a linear layer can follow."""

    def forward(self, x):
        """x (N, ...) -> (N, the product of the other sizes)"""
        return x.reshape(len(x), math.prod(x.shape[1:]))


# cell 09-batch-norm-class
class BatchNorm2d(Layer):
    """Each channel with mean 0 and variance 1, then times weight, plus bias (C,)."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        self.weight = Tensor([1.0] * num_features)  # gamma
        self.bias = Tensor([0.0] * num_features)  # beta
        self.running_mean = np.zeros(num_features, np.float32)
        self.running_var = np.ones(num_features, np.float32)
        self.eps, self.momentum = eps, momentum

    def __call__(self, x):
        if x.ndim != 4 or x.shape[1] != self.weight.numel():
            raise errors.no_images(x.shape, self.weight.numel())
        if self.training and x.numel() <= x.shape[1]:
            raise errors.one_value(x.shape)
        return self.forward(x)

    def follow(self, x, mean, variance):
        """Move the running statistics towards those of a batch, each (1, C, 1, 1)."""
        count = x.numel() // x.shape[1]  # numbers in each channel
        mean, variance = mean.data.reshape(-1), variance.data.reshape(-1)  # (C,)
        self.running_mean += self.momentum * (mean - self.running_mean)
        unbiased = variance * (count / (count - 1))
        self.running_var += self.momentum * (unbiased - self.running_var)

    def per_channel(self, values):
        """Values (C,) as a Tensor (1, C, 1, 1), to meet a batch."""
        values = values if isinstance(values, Tensor) else Tensor(values)
        return values.reshape(1, -1, 1, 1)

    # cell 09-batch-norm
    def forward(self, x):
        """Normalize each channel of x, a Tensor (N, C, H, W).

        EXAMPLE:
        >>> BatchNorm2d(1)(Tensor([[[[3.0, 5.0]]]])).data.round(3).tolist()
        [[[[-1.0, 1.0]]]]
        """
        if self.training:
            mean = x.mean(axis=(0, 2, 3), keepdims=True)  # (1, C, 1, 1)
            variance = ((x - mean) ** 2).mean(axis=(0, 2, 3), keepdims=True)
            self.follow(x, mean, variance)
        else:
            mean, variance = map(self.per_channel, (self.running_mean, self.running_var))
        normal = (x - mean) / (variance + self.eps).sqrt()  # (N, C, H, W)
        return normal * self.per_channel(self.weight) + self.per_channel(self.bias)
