"""Workloads W2 and W3 (of workloads.py) in numpy, with buffers that are made once.

A convolution is one matrix product. Images have the shape (channels, N, height, width),
so that the product needs no transposed copy.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tools.bench import raw
from tools.bench.workloads import Array, Problem


class Patches:
    """One convolution with stride 1, forward and backward: im2col, matrix products.

    Args: x_shape, shape of the images (channels, N, height, width); weight, the kernels
        (O, channels, k, k); padding, in pixels on each side; dtype, of the buffers.
    """

    def __init__(
        self, x_shape: Sequence[int], weight: Array, padding: int, dtype: Any
    ) -> None:
        channels, n, h, w = x_shape
        count, _, self.k, _ = weight.shape
        self.padding, self.size = padding, (h, w)
        self.places = h + 2 * padding - self.k + 1, w + 2 * padding - self.k + 1
        framed = channels, n, h + 2 * padding, w + 2 * padding
        self.framed, self.back = np.zeros(framed, dtype), np.empty(framed, dtype)
        self.columns = np.empty((channels, self.k**2, n, *self.places), dtype)
        self.rows = self.columns.reshape(channels * self.k**2, -1)
        self.to_columns = np.empty_like(self.columns)
        self.out = np.empty((count, n, *self.places), dtype)

    def windows(self, framed: Array) -> list[Array]:
        """Return a view of padded images for each of a kernel's k * k entries.

        The view has the numbers by which the entry is multiplied.
        """
        (h, w), k = self.places, self.k
        return [framed[..., i : i + h, j : j + w] for i in range(k) for j in range(k)]

    def inner(self, framed: Array) -> Array:
        """Return a view of padded images without the padding."""
        p, (h, w) = self.padding, self.size
        return framed[..., p : p + h, p : p + w]

    def forward(self, x: Array, weight: Array, bias: Array) -> Array:
        """Return the feature maps (O, N, height, width) of the images x."""
        if self.padding:
            self.inner(self.framed)[...] = x
            x = self.framed
        for e, view in enumerate(self.windows(x)):
            self.columns[:, e] = view
        out = self.out.reshape(len(weight), -1)
        np.matmul(weight.reshape(len(weight), -1), self.rows, out=out)
        out += bias[:, None]
        return self.out

    def backward(
        self, grad: Array, weight: Array, to_weight: Array, to_bias: Array
    ) -> None:
        """Write the gradients of weight and bias into to_weight and to_bias.

        Args: grad, the gradient of the maps (O, N, height, width).
        """
        grad = grad.reshape(len(weight), -1)
        grad.sum(axis=1, out=to_bias)
        to_weight[...] = (self.rows @ grad.T).T.reshape(weight.shape)

    def backward_to_x(self, grad: Array, weight: Array) -> Array:
        """Return the gradient of the images; grad is the gradient of the maps."""
        grad = grad.reshape(len(weight), -1)
        matrix, rows = weight.reshape(len(weight), -1), self.to_columns
        np.matmul(matrix.T, grad, out=rows.reshape(len(self.rows), -1))
        self.back.fill(0)
        for e, view in enumerate(self.windows(self.back)):
            view += rows[:, e]
        return self.inner(self.back)


class Halving:
    """Max pooling with windows of 2 by 2, forward and backward.

    If a window has several largest numbers, the first of them gets the gradient.

    Args: shape, of the images (channels, N, height, width); dtype, of the buffers.
    """

    def __init__(self, shape: Sequence[int], dtype: Any) -> None:
        self.out = np.empty((*shape[:2], shape[2] // 2, shape[3] // 2), dtype)
        self.back = np.empty(shape, dtype)
        self.open = np.empty(self.out.shape, bool)

    @staticmethod
    def corners(x: Array) -> list[Array]:
        """Return four views of x: the windows' upper left numbers, upper right, …"""
        return [x[..., i::2, j::2] for i in (0, 1) for j in (0, 1)]

    def forward(self, x: Array) -> Array:
        """Return the largest number of each window of the images x."""
        self.x, (first, second, *rest) = x, self.corners(x)
        np.maximum(first, second, out=self.out)
        for corner in rest:
            np.maximum(self.out, corner, out=self.out)
        return self.out

    def backward(self, grad: Array) -> Array:
        """Return the gradient of the images; grad is the gradient of the output."""
        self.open.fill(True)
        for x, back in zip(self.corners(self.x), self.corners(self.back), strict=True):
            here = (x == self.out) & self.open
            self.open ^= here
            np.multiply(grad, here, out=back)
        return self.back


class LeNet(raw.Program):
    """W2: two convolutions with pooling, three linear layers, and an SGD step."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        x, _ = problem.data
        n, dtype, p = len(x), x.dtype, self.parameters
        self.x = x.swapaxes(0, 1)
        self.one = Patches((1, n, 28, 28), p[0], 2, dtype)
        self.half_one = Halving(self.one.out.shape, dtype)
        self.two = Patches(self.half_one.out.shape, p[2], 0, dtype)
        self.half_two = Halving(self.two.out.shape, dtype)
        flat = np.empty((n, 400), dtype)
        head = Problem(p[4:], (flat, problem.data[1]), lr=problem.lr)
        self.head = raw.Classifier(head)
        self.to_flat = np.empty_like(flat)
        self.slopes[4:] = self.head.slopes
        self.moves = [np.empty_like(array) for array in p]

    def forward_backward(self) -> Any:
        """Compute the loss and the gradient of each parameter; return the loss."""
        p, g, head = self.parameters, self.slopes, self.head
        a = self.one.forward(self.x, *p[:2])
        np.maximum(a, 0, out=a)
        b = self.two.forward(self.half_one.forward(a), *p[2:4])
        np.maximum(b, 0, out=b)
        pooled = self.half_two.forward(b)  # (16, N, 5, 5)
        head.x.reshape(-1, 16, 5, 5)[...] = pooled.swapaxes(0, 1)
        loss = head.forward_backward()
        np.matmul(head.arrived[0], p[4].T, out=self.to_flat)
        back = self.half_two.backward(self.to_flat.reshape(-1, 16, 5, 5).swapaxes(0, 1))
        back *= b > 0
        self.two.backward(back, p[2], g[2], g[3])
        back = self.half_one.backward(self.two.backward_to_x(back, p[2]))
        back *= a > 0
        self.one.backward(back, p[0], g[0], g[1])
        return loss

    update = raw.Network.update


class Convolution(raw.Program):
    """W3: one convolution, forward and backward."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        x, weight, _ = self.parameters
        shape = x.swapaxes(0, 1).shape
        self.patches = Patches(shape, weight, 1, x.dtype)
        self.grad = np.ascontiguousarray(problem.data[0].swapaxes(0, 1))

    def forward_backward(self) -> Any:
        """Compute maps and gradients; return the sum of maps times their gradients."""
        x, weight, bias = self.parameters
        maps = self.patches.forward(x.swapaxes(0, 1), weight, bias)
        _, to_weight, to_bias = self.slopes
        self.patches.backward(self.grad, weight, to_weight, to_bias)
        back = self.patches.backward_to_x(self.grad, weight)
        self.slopes[0] = back.swapaxes(0, 1)
        return np.vdot(maps, self.grad)
