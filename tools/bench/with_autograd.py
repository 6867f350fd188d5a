"""Base classes of the workloads' programs in both frameworks, ours and PyTorch.

They hold the code that is the same in both. The subclasses, in ours.py and
with_pytorch.py, define how to make a parameter and how to get a tensor's numbers.
"""

from typing import Any

from tools.bench.workloads import Array, Problem


class Program:
    """Base class; see raw.py for the methods of a program.

    The parameters are the framework's tensors, which require gradients.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.parameters = [self.parameter(array) for array in problem.parameters]

    @staticmethod
    def parameter(array: Array) -> Any:
        """Return a tensor of these numbers that requires gradients."""
        raise NotImplementedError

    @staticmethod
    def numbers(tensor: Any) -> Array:
        """Return a tensor's numbers as a numpy array, without a copy."""
        raise NotImplementedError

    def gradients(self) -> list[Array]:
        """Return the gradient of each parameter."""
        raise NotImplementedError

    def values(self) -> list[Array]:
        """Return each parameter's numbers, as they are now."""
        return [self.numbers(p) for p in self.parameters]

    def update(self) -> None:
        """Clear the gradients; programs with an optimizer override this."""
        for p in self.parameters:
            p.grad = None


class Network(Program):
    """Base class of a multilayer perceptron: a model, a batch (x, y), and a loss."""

    model: Any
    x: Any
    y: Any
    loss: Any  # called with prediction and target, gives a tensor of one number

    def forward_backward(self) -> Array:
        """Compute the loss and the gradient of each parameter; return the loss."""
        loss = self.loss(self.model(self.x), self.y)
        loss.backward()
        return self.numbers(loss)


class OptimizerStep:
    """Mixin class whose update() takes a step of self.optimizer."""

    optimizer: Any

    def update(self) -> None:
        """Take a step, and clear the gradients."""
        self.optimizer.step()
        self.optimizer.zero_grad()


class Chain(Program):
    """W5a: x becomes x * a + b, many times."""

    def forward_backward(self) -> Array:
        """Compute the last value and the gradients of x, a and b; return the value."""
        x, a, b = self.parameters
        for _ in range(self.problem.steps):
            x = x * a
            x = x + b
        x.backward()
        return self.numbers(x)


class Doubling(Program):
    """W5b: x + x, twenty times."""

    def forward_backward(self) -> Array:
        """Compute the last value and the gradient of x; return the value."""
        (x,) = self.parameters
        for _ in range(self.problem.steps):
            x = x + x
        x.backward()
        return self.numbers(x)
