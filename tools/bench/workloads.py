"""Table of the workloads that are timed, and the numbers (Problem) that each uses."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
# The modules of tools/bench with the workloads' programs, one module for each library.
PYTORCH = "with_pytorch"
LIBRARIES = ("raw", "ours", *([PYTORCH] if find_spec("torch") else []))


class Program(Protocol):
    """A program that runs a workload with one library; see also raw.py."""

    def forward_backward(self) -> Any:
        """Compute the loss and the gradients; return the loss."""

    def gradients(self) -> list[Array]:
        """Return the gradient of each parameter."""

    def values(self) -> list[Array]:
        """Return each parameter's numbers."""

    def update(self) -> None:
        """Prepare for the next step, with a step of an optimizer if there is one."""


@dataclass
class Problem:
    """The numbers of a workload; a program of any library works on a copy of them."""

    parameters: list[Array]  # the arrays whose gradients are computed
    data: tuple[Array, ...] = ()  # the other arrays; (x, y) for networks
    steps: int = 0  # how often Chain and Doubling repeat their operations
    lr: float = 0.01  # learning rate, in workloads with an optimizer

    def copy(self, dtype: str = "float32") -> "Problem":
        """Return a copy of the numbers, with those of float type converted to dtype."""

        def fresh(array: Array) -> Array:
            return array.astype(dtype if array.dtype.kind == "f" else array.dtype)

        parameters, data = (
            list(map(fresh, self.parameters)),
            tuple(map(fresh, self.data)),
        )
        return replace(self, parameters=parameters, data=data)


@dataclass
class Workload:
    """One row of the table.

    target and gate are bounds of the ratio of the framework's time to raw numpy's: the
    target is the aim; above the gate, `make bench` fails.
    """

    name: str
    description: str
    target: float
    gate: float
    make: Callable[[], Problem]
    program: str  # "Class" in raw.py, ours.py, …; "family:Class" in family_raw.py, …

    def start(self, library: str, dtype: str = "float32") -> Program:
        """Return a new program in one of LIBRARIES, on a copy of the numbers."""
        family, _, name = self.program.rpartition(":")
        module = f"{family}_{library}" if family else library
        kind = getattr(import_module(f"tools.bench.{module}"), name)
        program: Program = kind(self.make().copy(dtype))
        return program


def floats(rng: np.random.Generator, *shape: int) -> Array:
    """Return an array of standard normal float32 numbers."""
    return rng.standard_normal(shape, np.float32)


def network(batch: int, *sizes: int, classes: bool = True) -> Problem:
    """Return the parameters of a multilayer perceptron, and a batch (x, y) for it.

    Args: batch, rows of x and y; sizes, those of the layers, from input to output;
        classes, True for class ids as y, False for floats.
    """
    rng = np.random.default_rng(0)
    parameters: list[Array] = []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        weight = floats(rng, n_in, n_out) * np.float32(np.sqrt(2 / n_in))
        parameters += [weight, floats(rng, n_out) * np.float32(0.1)]
    x = floats(rng, batch, sizes[0])
    ids = rng.integers(0, sizes[-1], batch)
    return Problem(parameters, (x, ids if classes else floats(rng, batch, sizes[-1])))


def chain() -> Problem:
    """Return x, a, b for repeating x = x * a + b; a is near 1, so x stays small."""
    numbers = [np.array([v], np.float32) for v in (1.0, 1.0001, 0.001)]
    return Problem(numbers, steps=500)


def doubling() -> Problem:
    """Return x for repeating x = x + x twenty times."""
    return Problem([np.array([1.5], np.float32)], steps=20)


def scores() -> Problem:
    """Return logits of 64 rows and 10,000 classes, and the right class of each row."""
    rng = np.random.default_rng(0)
    return Problem([floats(rng, 64, 10_000)], (rng.integers(0, 10_000, 64),))


def lenet() -> Problem:
    """Return LeNet's parameters, 32 images of 28 by 28 pixels, and their class ids."""
    rng = np.random.default_rng(0)
    convolutions, linears = (
        [(6, 1, 5, 5), (16, 6, 5, 5)],
        [(400, 120), (120, 84), (84, 10)],
    )
    parameters: list[Array] = []
    for shape in (*convolutions, *linears):
        inputs = np.prod(shape[1:]) if len(shape) == 4 else shape[0]
        parameters.append(floats(rng, *shape) * np.float32(np.sqrt(2 / inputs)))
        outputs = shape[0] if len(shape) == 4 else shape[1]
        parameters.append(floats(rng, outputs) * np.float32(0.1))
    return Problem(parameters, (floats(rng, 32, 1, 28, 28), rng.integers(0, 10, 32)))


def convolution() -> Problem:
    """Return 8 images, 32 kernels and biases, and the gradient of the feature maps."""
    rng = np.random.default_rng(0)
    weight = floats(rng, 32, 16, 3, 3) * np.float32(0.1)
    parameters = [floats(rng, 8, 16, 32, 32), weight, floats(rng, 32)]
    return Problem(parameters, (floats(rng, 8, 32, 32, 32),))


ALL = [
    Workload(
        *("W1", "MLP 784-256-128-10, batch 64, SGD step", 1.10, 1.25),
        *(lambda: network(64, 784, 256, 128, 10), "Classifier"),
    ),
    Workload(
        *("W1a", "the same, Adam step", 1.10, 1.25),
        *(lambda: network(64, 784, 256, 128, 10), "AdamClassifier"),
    ),
    Workload(
        *("W1b", "the same MLP, batch 1", 1.10, 1.30),
        *(lambda: network(1, 784, 256, 128, 10), "Classifier"),
    ),
    Workload(
        *("W1s", "MLP 2-16-16-1, batch 1, squared error", 1.80, 2.50),
        *(lambda: network(1, 2, 16, 16, 1, classes=False), "Regressor"),
    ),
    Workload(
        *("W2", "LeNet, 32 images of 28 by 28, SGD step", 1.25, 1.60),
        *(lenet, "images:LeNet"),
    ),
    Workload(
        *("W3", "Conv2d (8, 16, 32, 32), 32 kernels 3 by 3", 1.40, 2.10),
        *(convolution, "images:Convolution"),
    ),
    Workload("W5a", "chain of 1,000 products and sums", 2.00, 3.00, chain, "Chain"),
    Workload("W5b", "x = x + x, twenty times", 4.00, 8.00, doubling, "Doubling"),
    Workload(
        *("W6", "softmax cross-entropy (64, 10000)", 1.10, 1.30),
        *(scores, "CrossEntropy"),
    ),
]
