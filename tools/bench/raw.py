"""The workloads of workloads.py in plain numpy, with buffers that are made once.

Their time is what the framework's is compared with, and their results in float64 are
what all other programs are checked against.

A program, in any library, is made from a Problem. Its methods: forward_backward()
returns the loss; gradients() and values() return lists of arrays, one for each
parameter; update() prepares for the next step, with a step of an optimizer if the
workload has one.
"""

from typing import Any

import numpy as np

from tools.bench.workloads import Array, Problem


class Program:
    """Base class: the parameters are arrays, and each has a buffer for its gradient."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.parameters = problem, problem.parameters
        self.slopes = [np.empty_like(array) for array in self.parameters]

    def gradients(self) -> list[Array]:
        """Return each parameter's gradient; forward_backward() overwrites them."""
        return self.slopes

    def values(self) -> list[Array]:
        """Return the parameters."""
        return self.parameters

    def update(self) -> None:
        """Do nothing; programs with an optimizer override this."""


class Network(Program):
    """A multilayer perceptron with ReLU between its layers, and its SGD step."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.x, self.y = problem.data
        biases = self.parameters[1::2]
        self.results = [np.empty((len(self.x), b.size), b.dtype) for b in biases]
        self.arrived = [np.empty_like(result) for result in self.results]
        self.moves = [np.empty_like(array) for array in self.parameters]

    def loss(self, prediction: Array, out: Array) -> Any:
        """Return the loss; write the prediction's gradient to out. For subclasses."""
        raise NotImplementedError

    def forward_backward(self) -> Any:
        """Compute the loss and the gradient of each parameter; return the loss."""
        h, p, last = self.x, self.parameters, len(self.results) - 1
        for i, out in enumerate(self.results):
            np.matmul(h, p[2 * i], out=out)
            out += p[2 * i + 1]
            if i < last:
                np.maximum(out, 0, out=out)
            h = out
        loss = self.loss(h, self.arrived[-1])
        for i in range(last, -1, -1):
            below, grad = self.results[i - 1] if i else self.x, self.arrived[i]
            np.matmul(below.T, grad, out=self.slopes[2 * i])
            grad.sum(axis=0, out=self.slopes[2 * i + 1])
            if i:
                onward = self.arrived[i - 1]
                np.matmul(grad, p[2 * i].T, out=onward)
                onward *= below > 0
        return loss

    def update(self) -> None:
        """Take an SGD step; the gradients are not changed, as in a framework."""
        arrays = zip(self.parameters, self.slopes, self.moves, strict=True)
        for value, slope, move in arrays:
            np.multiply(slope, self.problem.lr, out=move)
            value -= move


def cross_entropy(logits: Array, ids: Array, rows: Array, out: Array) -> Any:
    """Return the mean cross-entropy of logits (N, C) and class ids (N,).

    Args: rows, the numbers from 0 to N-1; out (N, C), to which the gradient of the
        logits is written.
    """
    np.subtract(logits, logits.max(axis=1, keepdims=True), out=out)
    picked = out[rows, ids]
    np.exp(out, out=out)
    sums = out.sum(axis=1, keepdims=True)
    loss = (np.log(sums[:, 0]) - picked).mean()
    out *= 1 / (len(rows) * sums)
    out[rows, ids] -= 1 / len(rows)
    return loss


class Classifier(Network):
    """W1 and W1b: cross-entropy on class ids."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.rows = np.arange(len(self.y))

    def loss(self, prediction: Array, out: Array) -> Any:
        """Return the loss; write the gradient of the prediction to out."""
        return cross_entropy(prediction, self.y, self.rows, out)


class AdamClassifier(Classifier):
    """W1a: cross-entropy on class ids, with an Adam step instead of SGD."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.means = [np.zeros_like(array) for array in self.parameters]
        self.squares = [np.zeros_like(array) for array in self.parameters]
        self.steps = 0

    def update(self) -> None:
        """Take a step of Adam, with beta 0.9 and 0.999 and epsilon 1e-8."""
        self.steps += 1
        first, second = 1 - 0.9**self.steps, np.sqrt(1 - 0.999**self.steps).item()
        kept = self.slopes, self.means, self.squares, self.moves
        for value, slope, mean, square, move in zip(
            self.parameters, *kept, strict=True
        ):
            mean *= 0.9
            np.multiply(slope, 1 - 0.9, out=move)
            mean += move
            square *= 0.999
            np.multiply(slope, slope, out=move)
            move *= 1 - 0.999
            square += move
            np.sqrt(square, out=move)
            move /= second
            move += 1e-8
            np.divide(mean, move, out=move)
            move *= self.problem.lr / first
            value -= move


class Regressor(Network):
    """W1s: mean squared error."""

    def loss(self, prediction: Array, out: Array) -> Any:
        """Return the loss; write the gradient of the prediction to out."""
        np.subtract(prediction, self.y, out=out)
        loss = (out * out).mean()
        out *= 2 / out.size
        return loss


class Chain(Program):
    """W5a: x becomes x * a + b, many times."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        x = self.parameters[0]
        self.results = [x, *(np.empty_like(x) for _ in range(2 * problem.steps))]
        self.product = np.empty_like(x)

    def forward_backward(self) -> Any:
        """Compute the last value and the gradients of x, a and b; return the value."""
        _, a, b = self.parameters
        values, last = self.results, 2 * self.problem.steps
        for i in range(0, last, 2):
            np.multiply(values[i], a, out=values[i + 1])
            np.add(values[i + 1], b, out=values[i + 2])
        grad, to_a, to_b = self.slopes
        grad[...], to_a[...], to_b[...] = 1, 0, 0
        for i in range(last - 2, -1, -2):
            to_b += grad
            np.multiply(grad, values[i], out=self.product)
            to_a += self.product
            grad *= a
        return values[last]


class Doubling(Program):
    """W5b: x + x, twenty times."""

    def forward_backward(self) -> Any:
        """Compute the last value and the gradient of x; return the value."""
        # No buffers here: numpy is faster at making an array of one number than at
        # writing into an existing one.
        x = self.parameters[0]
        for _ in range(self.problem.steps):
            x = x + x
        grad = np.ones_like(x)
        for _ in range(self.problem.steps):
            grad = grad + grad
        self.slopes = [grad]
        return x


class CrossEntropy(Program):
    """W6: only cross-entropy and its gradient, for many classes."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.rows = np.arange(len(problem.data[0]))

    def forward_backward(self) -> Any:
        """Compute the loss and the gradient of the logits; return the loss."""
        ids, (logits,) = self.problem.data[0], self.parameters
        return cross_entropy(logits, ids, self.rows, self.slopes[0])
