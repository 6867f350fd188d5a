"""Generated from modules/06_optimizers/optimizers_dev.py: edit that file, then run `make package`.

Chapter 06 of the book, Optimizers.
"""

__all__ = [
    "descend",
    "rooms",
    "Optimizer",
    "SGD",
    "blend",
    "Adam",
    "AdamW",
]

import math

import numpy as np

from tinytorch.core.autograd import enable_autograd
from tinytorch.core.tensor import Tensor
from tinytorch.errors import optimizers as errors

enable_autograd()


# cell 06-descend
def descend(weight, slope, lr, room):
    """Move an array of weights one step against their slopes, in place.

    Args: weight and slope, arrays of one shape; lr, a number; room, an array of that
        shape to work in, with anything in it. It may be the array slope itself.

    EXAMPLE:
    >>> weight, slope = np.array([1.0, 1.0]), np.array([2.0, 4.0])
    >>> descend(weight, slope, 0.1, room=np.empty(2))
    >>> weight.tolist()
    [0.8, 0.6]
    """
    np.multiply(slope, lr, out=room)
    weight -= room


# cell 06-rooms
def rooms(params):
    """For each parameter an array of its shape and type, all in the same memory."""
    block = np.empty(max(p.data.nbytes for p in params), np.uint8)  # bytes
    parts = [block[: p.data.nbytes].view(p.dtype) for p in params]
    return [part.reshape(p.shape) for part, p in zip(parts, params, strict=True)]


# cell 06-optimizer
class Optimizer:
    """Parameters, a learning rate, and what is kept from step to step."""

    def __init__(self, params, lr, weight_decay=0.0):
        self.params = errors.usable(params, Tensor)
        self.lr = errors.rate("lr", lr)
        self.weight_decay = errors.rate("weight_decay", weight_decay)
        self.room, self.sums = rooms(self.params), rooms(self.params)
        self.kept = {}  # name: a list of arrays, one for each parameter

    def keep(self, name):
        """Make and list an array of zeros for each parameter, kept between steps."""
        self.kept[name] = [np.zeros_like(p.data) for p in self.params]
        return self.kept[name]

    def zero_grad(self):
        """Forget the gradients, so that the next backward starts afresh."""
        for p in self.params:
            p.grad = None

    def decayed(self, place, weight, slope):
        """slope + weight_decay * weight, which leaves both as they are."""
        if not self.weight_decay:
            return slope
        np.multiply(weight, self.weight_decay, out=self.sums[place])
        return np.add(slope, self.sums[place], out=self.sums[place])

    # cell 06-step
    def step(self):
        """Move each parameter that has a gradient; RuntimeError if there is none.

        EXAMPLE:
        >>> class Show(Optimizer):
        ...     update = print
        >>> w = Tensor([2.0], requires_grad=True)
        >>> (w * w).backward()
        >>> Show([w], lr=0.1).step()
        0 [2.] [4.]
        """
        moved = [(place, p) for place, p in enumerate(self.params) if p.grad is not None]
        if not moved:
            raise errors.nothing_to_step(len(self.params))
        for place, p in moved:
            self.update(place, p.data, self.decayed(place, p.data, p.grad))


# cell 06-sgd-class
class SGD(Optimizer):
    """Stochastic gradient descent, with momentum and weight decay if wanted."""

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        super().__init__(params, lr, weight_decay)
        self.momentum = errors.rate("momentum", momentum, below=1)
        self.velocity = self.keep("velocity") if self.momentum else None

    # cell 06-sgd
    def update(self, place, weight, slope):
        """Move one array of weights by its velocity; without momentum, by its slope.

        EXAMPLE:
        >>> w, slope = Tensor([1.0], requires_grad=True), np.array([2.0], np.float32)
        >>> SGD([w], lr=0.5, momentum=0.9).update(0, w.data, slope)
        >>> w.tolist()
        [0.0]
        """
        if self.momentum:
            velocity = self.velocity[place]
            velocity *= self.momentum
            velocity += slope
            slope = velocity
        descend(weight, slope, self.lr, self.room[place])


# cell 06-adam-class
def blend(average, value, beta, room):
    """Move an array of averages toward an array of values: keep beta of the old."""
    average *= beta
    np.multiply(value, 1 - beta, out=room)  # value may be room itself
    average += room


# cell 06-adam-class
class Adam(Optimizer):
    """Each weight at a rate of its own: the mean of its slopes over their size."""

    def __init__(
        self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
    ):
        super().__init__(params, lr, weight_decay)
        self.betas, self.eps = errors.pair(betas), errors.positive("eps", eps)
        self.mean, self.square = self.keep("mean"), self.keep("square")
        self.steps = [0] * len(self.params)

    # cell 06-adam
    def update(self, place, weight, slope):
        """Move one array of weights by the mean of its slopes over their size.

        EXAMPLE:
        >>> w = Tensor([1.0], requires_grad=True)
        >>> Adam([w], lr=0.25).update(0, w.data, 1000 * w.data); w.tolist()
        [0.75]
        """
        mean, square, room = self.mean[place], self.square[place], self.room[place]
        t, (beta1, beta2) = self.steps[place] + 1, self.betas
        self.steps[place] = t
        blend(mean, slope, beta1, room)
        blend(square, np.multiply(slope, slope, out=room), beta2, room)
        np.sqrt(square, out=room)
        room /= math.sqrt(1 - beta2**t)
        room += self.eps
        descend(weight, np.divide(mean, room, out=room), self.lr / (1 - beta1**t), room)


# cell 06-adamw-class
class AdamW(Adam):
    """Adam, with weight decay beside its averages: 0.01, if not said otherwise."""

    def __init__(
        self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01
    ):
        super().__init__(params, lr, betas, eps, weight_decay)

    def decayed(self, place, weight, slope):
        """The slopes alone."""
        return slope

    # cell 06-adamw
    def update(self, place, weight, slope):
        """Shrink one array of weights in place, then move it as Adam does.

        EXAMPLE:
        >>> w = Tensor([8.0], requires_grad=True)
        >>> AdamW([w], 0.5, weight_decay=0.5).update(0, w.data, w.data.copy())
        >>> w.tolist()
        [5.5]
        """
        weight *= 1 - self.lr * self.weight_decay
        Adam.update(self, place, weight, slope)
