"""The workloads of workloads.py written with the framework, as users would."""

from typing import Any

import tinytorch
from tinytorch import nn
from tinytorch.core.optimizers import Adam
from tools.bench import with_autograd
from tools.bench.workloads import Array, Problem


class Program(with_autograd.Program):
    """Base class: the parameters are Tensors that require gradients."""

    @staticmethod
    def parameter(array: Array) -> Any:
        """Return a Tensor of these numbers that requires gradients."""
        return tinytorch.Tensor(array, requires_grad=True)

    @staticmethod
    def numbers(tensor: Any) -> Array:
        """Return a Tensor's numbers, without a copy."""
        numbers: Array = tensor.data
        return numbers

    def gradients(self) -> list[Array]:
        """Return the gradient of each parameter."""
        return [p.grad for p in self.parameters]


class Network(Program, with_autograd.Network):
    """A multilayer perceptron with ReLU between its layers, and its SGD step."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        layers: list[Any] = []
        for array, weight, bias in zip(
            problem.parameters[::2],
            self.parameters[::2],
            self.parameters[1::2],
            strict=True,
        ):
            linear = nn.Linear(*array.shape)
            linear.weight, linear.bias = weight, bias
            layers += [linear, nn.ReLU()]
        self.model = nn.Sequential(*layers[:-1])
        x, y = problem.data
        self.x, self.y = tinytorch.Tensor(x), tinytorch.Tensor(y)

    def update(self) -> None:
        """Move each parameter against its gradient."""
        lr = self.problem.lr
        for p in self.parameters:
            p.data -= lr * p.grad
            p.grad = None


class Classifier(Network):
    """W1 and W1b: cross-entropy on class ids."""

    loss = nn.CrossEntropyLoss()


class AdamClassifier(with_autograd.OptimizerStep, Classifier):
    """W1a: cross-entropy on class ids, with an Adam step instead of SGD."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.optimizer = Adam(self.parameters, problem.lr)


class Regressor(Network):
    """W1s: mean squared error."""

    loss = nn.MSELoss()


class Chain(Program, with_autograd.Chain):
    """W5a: x becomes x * a + b, many times."""


class Doubling(Program, with_autograd.Doubling):
    """W5b: x + x, twenty times."""


class CrossEntropy(Program):
    """W6: only cross-entropy and its gradient, for many classes."""

    def forward_backward(self) -> Array:
        """Compute the loss and the gradient of the logits; return the loss."""
        (logits,), (ids,) = self.parameters, self.problem.data
        loss = tinytorch.cross_entropy(logits, ids)
        loss.backward()
        return self.numbers(loss)
