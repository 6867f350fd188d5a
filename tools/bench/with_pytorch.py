"""The workloads of workloads.py in PyTorch, on one thread."""

from typing import Any

import torch

from tools.bench import with_autograd
from tools.bench.workloads import Array, Problem

torch.set_num_threads(1)


class Program(with_autograd.Program):
    """Base class: the parameters are tensors that require gradients."""

    @staticmethod
    def parameter(array: Array) -> Any:
        """Return a tensor that shares the array's memory and requires gradients."""
        return torch.from_numpy(array).requires_grad_()

    @staticmethod
    def numbers(tensor: Any) -> Array:
        """Return a tensor's numbers, without a copy."""
        numbers: Array = tensor.detach().numpy()
        return numbers

    def gradients(self) -> list[Array]:
        """Return the gradient of each parameter."""
        return [p.grad.numpy() for p in self.parameters]


class Network(Program, with_autograd.Network):
    """A multilayer perceptron with ReLU between its layers, and its SGD step."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        layers: list[Any] = []
        for weight, bias in zip(
            self.parameters[::2], self.parameters[1::2], strict=True
        ):
            linear = torch.nn.Linear(*weight.shape)
            # PyTorch keeps a weight as (out, in), our framework as (in, out).
            linear.weight = torch.nn.Parameter(weight.detach().T.contiguous())
            linear.bias = torch.nn.Parameter(bias.detach())
            layers += [linear, torch.nn.ReLU()]
        self.model = torch.nn.Sequential(*layers[:-1])
        self.parameters = list(self.model.parameters())
        self.x, self.y = map(torch.from_numpy, problem.data)

    def gradients(self) -> list[Array]:
        """Return the gradient of each parameter, with weights as (in, out)."""
        return [array.T for array in super().gradients()]

    def values(self) -> list[Array]:
        """Return each parameter's current numbers, with weights as (in, out)."""
        return [array.T for array in super().values()]

    def update(self) -> None:
        """Move each parameter against its gradient."""
        with torch.no_grad():
            for p in self.parameters:
                p.sub_(p.grad, alpha=self.problem.lr)
                p.grad = None


class Classifier(Network):
    """W1 and W1b: cross-entropy on class ids."""

    def loss(self, prediction: Any, target: Any) -> Any:
        """Return the mean cross-entropy of scores and class ids."""
        return torch.nn.functional.cross_entropy(prediction, target)


class AdamClassifier(with_autograd.OptimizerStep, Classifier):
    """W1a: cross-entropy on class ids, with an Adam step instead of SGD."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.optimizer = torch.optim.Adam(self.parameters, problem.lr)


class Regressor(Network):
    """W1s: mean squared error."""

    def loss(self, prediction: Any, target: Any) -> Any:
        """Return the mean of the squared differences."""
        return torch.nn.functional.mse_loss(prediction, target)


class Chain(Program, with_autograd.Chain):
    """W5a: x becomes x * a + b, many times."""


class Doubling(Program, with_autograd.Doubling):
    """W5b: x + x, twenty times."""


class CrossEntropy(Program):
    """W6: only cross-entropy and its gradient, for many classes."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.ids = torch.from_numpy(problem.data[0])

    def forward_backward(self) -> Array:
        """Compute the loss and the gradient of the logits; return the loss."""
        loss = torch.nn.functional.cross_entropy(self.parameters[0], self.ids)
        loss.backward()
        return self.numbers(loss)
