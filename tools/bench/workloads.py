"""What is timed: a row for each workload, and the numbers that it works on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec

import numpy as np

LIBRARIES = {
    name: f"tools.bench.{name}"
    for name in ("raw", "ours", "torch")
    if name != "torch" or find_spec("torch")
}


@dataclass
class Problem:
    """The numbers of a workload; a program of any library takes copies of them.

    parameters, a list of arrays that gradients are asked for; data, the arrays besides
    (for W1 and its like the inputs and the targets); steps, where the work repeats one
    step; lr, the learning rate where there is an update.
    """

    parameters: list
    data: tuple = ()
    steps: int = 0
    lr: float = 0.01

    def copy(self, dtype="float32"):
        """The same numbers in new memory, floats as this dtype."""

        def fresh(array):
            return array.astype(dtype if array.dtype.kind == "f" else array.dtype)

        parameters, data = (
            list(map(fresh, self.parameters)),
            tuple(map(fresh, self.data)),
        )
        return replace(self, parameters=parameters, data=data)


@dataclass
class Workload:
    """One row of the table.

    make() gives the Problem; program is the class that works on it, in each module of
    LIBRARIES (see raw.py); target and gate bound the ratio of our time to that of raw
    numpy: the target is what is aimed at, above the gate the run fails.
    """

    name: str
    what: str
    target: float
    gate: float
    make: Callable[[], Problem]
    program: str  # "Class", or "family:Class" for those in family_raw.py and its like

    def start(self, library, dtype="float32"):
        """A new program in a library, a key of LIBRARIES, on numbers of its own."""
        family, _, name = self.program.rpartition(":")
        module = f"tools.bench.{family}_{library}" if family else LIBRARIES[library]
        kind = getattr(import_module(module), name)
        return kind(self.make().copy(dtype))


def floats(rng, *shape):
    """Standard normal float32 numbers."""
    return rng.standard_normal(shape, np.float32)


def network(batch, *sizes, classes=True):
    """A multilayer perceptron: weights, biases, a batch, and class ids or numbers."""
    rng = np.random.default_rng(0)
    parameters = []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        weight = floats(rng, n_in, n_out) * np.float32(np.sqrt(2 / n_in))
        parameters += [weight, floats(rng, n_out) * np.float32(0.1)]
    x = floats(rng, batch, sizes[0])
    ids = rng.integers(0, sizes[-1], batch)
    return Problem(parameters, (x, ids if classes else floats(rng, batch, sizes[-1])))


def chain():
    """x * a + b, again and again: numbers near 1, so that none grows out of hand."""
    numbers = [np.array([v], np.float32) for v in (1.0, 1.0001, 0.001)]
    return Problem(numbers, steps=500)


def doubling():
    """x + x, twenty times."""
    return Problem([np.array([1.5], np.float32)], steps=20)


def scores():
    """Logits of 64 rows and 10,000 classes, and the right class of each row."""
    rng = np.random.default_rng(0)
    return Problem([floats(rng, 64, 10_000)], (rng.integers(0, 10_000, 64),))


def lenet():
    """A small network for images of 28 by 28: its weights, 32 images, class ids."""
    rng, shapes = np.random.default_rng(0), [(6, 1, 5, 5), (16, 6, 5, 5)]
    parameters = []
    for shape in [*shapes, (400, 120), (120, 84), (84, 10)]:
        inputs = np.prod(shape[1:]) if len(shape) == 4 else shape[0]
        parameters.append(floats(rng, *shape) * np.float32(np.sqrt(2 / inputs)))
        outputs = shape[0] if len(shape) == 4 else shape[1]
        parameters.append(floats(rng, outputs) * np.float32(0.1))
    return Problem(parameters, (floats(rng, 32, 1, 28, 28), rng.integers(0, 10, 32)))


def convolution():
    """8 images of 16 channels, 32 kernels, and gradients at the maps."""
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
