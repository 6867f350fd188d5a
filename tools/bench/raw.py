"""The workloads by hand in numpy, into buffers made once: the time to compare with.

A program of any library is made from a Problem, and has forward_backward(), which
returns the loss; gradients() and values(), lists of arrays with one for each parameter;
and update(), which gets ready for the next step, by an SGD step where the workload has
one. In float64, these programs give the results that all others are checked against.
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
        """Return the gradients of the last forward_backward(), valid until the next."""
        return self.slopes

    def values(self) -> list[Array]:
        """Return the parameters."""
        return self.parameters

    def update(self) -> None:
        """Take no step: the base of programs that only compute gradients."""


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
        """Return the loss; write the gradient of the prediction to out."""
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
        """Move each parameter against its gradient, which stays, as in a framework."""
        arrays = zip(self.parameters, self.slopes, self.moves, strict=True)
        for value, slope, move in arrays:
            np.multiply(slope, self.problem.lr, out=move)
            value -= move


def cross_entropy(logits: Array, ids: Array, rows: Array, out: Array) -> Any:
    """Return the mean cross-entropy of logits (N, C) and class ids (N,).

    rows are the numbers 0 to N-1; the gradient of the logits is written to out (N, C).
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
    """W1a: the same, with an Adam step."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.means = [np.zeros_like(array) for array in self.parameters]
        self.squares = [np.zeros_like(array) for array in self.parameters]
        self.steps = 0

    def update(self) -> None:
        """Move each parameter by the mean of its gradients over their size."""
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
    """W5a: x * a + b, again and again."""

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
        # No buffers here: numpy makes an array of one number faster than it fills one.
        x = self.parameters[0]
        for _ in range(self.problem.steps):
            x = x + x
        grad = np.ones_like(x)
        for _ in range(self.problem.steps):
            grad = grad + grad
        self.slopes = [grad]
        return x


class CrossEntropy(Program):
    """W6: the loss alone, on many classes."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.rows = np.arange(len(problem.data[0]))

    def forward_backward(self) -> Any:
        """Compute the loss and the gradient of the logits; return the loss."""
        ids, (logits,) = self.problem.data[0], self.parameters
        return cross_entropy(logits, ids, self.rows, self.slopes[0])
