"""A small model with its optimizer, schedule and data, for the tests of training."""

import numpy as np

from tinytorch.core.layers import Dropout, Linear, Sequential
from tinytorch.core.optimizers import Adam
from tinytorch.core.tensor import Tensor
from tinytorch.core.training import CosineSchedule


def leaf(numbers, dtype="float32"):
    return Tensor(np.array(numbers, dtype), requires_grad=True)


def small(rng=0, p=0.5, width=8):
    """A model with dropout, an optimizer and a schedule."""
    rng = np.random.default_rng(rng)
    model = Sequential(Linear(3, width, rng=rng), Dropout(p, rng), Linear(width, 2))
    model[2].weight.data[:] = rng.normal(size=(width, 2))
    optimizer = Adam(model.parameters(), lr=0.05)
    return model, optimizer, CosineSchedule(optimizer, 30, warmup_steps=3)


def data(count=22, size=5, seed=3):
    """Batches of five, the last one of two."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(count, 3)).astype(np.float32), rng.integers(0, 2, count)
    cuts = range(0, count, size)
    return [(Tensor(x[i : i + size]), y[i : i + size]) for i in cuts], (x, y)
