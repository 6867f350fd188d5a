"""For the tests of gradients: held against trying, in float64."""

import numpy as np

from tinytorch import Tensor, no_grad

H = 1e-5  # the step; float64 rounds at 1e-16, so a slope of size 1 is good to 1e-10

# Operations that are held against trying, and against PyTorch where it is installed.
BINARY = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
    "maximum": lambda a, b: a.maximum(b),
    "minimum": lambda a, b: a.minimum(b),
}
PLAIN = {
    "exp": lambda x: x.exp(),
    "log": lambda x: x.log(),
    "sqrt": lambda x: x.sqrt(),
    "tanh": lambda x: x.tanh(),
    "neg": lambda x: -x,
    "c - x": lambda x: 3 - x,
    "c / x": lambda x: 3 / x,
    "c ** x": lambda x: 3**x,
}


def numbers(seed, *shapes, low=0.3, high=2.0, signs=False):
    """Float64 arrays of these shapes, no two numbers in them nearer than many steps.

    So no two of them tie, and none is near 0, where functions may have kinks or poles.
    """
    rng = np.random.default_rng(seed)
    sizes = [int(np.prod(shape)) for shape in shapes]
    grid = np.linspace(low, high, max(sum(sizes), 2))[: sum(sizes)]
    values = rng.permutation(grid)
    if signs:
        values = values * rng.choice([-1.0, 1.0], values.size)
    parts = np.split(values, np.cumsum(sizes)[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


def tried(function, arrays, weights):
    """Slopes of (function(*arrays) * weights).sum() by central difference."""

    def loss():
        with no_grad():
            return float((function(*map(Tensor, arrays)).data * weights).sum())

    slopes = [np.zeros_like(array) for array in arrays]
    for array, slope in zip(arrays, slopes, strict=True):
        for place in np.ndindex(array.shape):
            number = array[place]
            array[place] = number + H
            up = loss()
            array[place] = number - H
            slope[place] = (up - loss()) / (2 * H)
            array[place] = number
    return slopes


def assert_slopes(function, *arrays):
    """Assert that backward agrees with trying, for each of some float64 arrays.

    Two unlike gradients are sent back, so that no mistake cancels in a sum; the rule
    is that of the design: |a - n| <= 1e-6 max(|a|, |n|) + 1e-8.
    """
    inputs = [Tensor(array.copy(), requires_grad=True) for array in arrays]
    out = function(*inputs)
    assert out.dtype == np.float64
    weights = np.cos(np.arange(out.numel())).reshape(out.shape) + 0.1
    out.backward(weights)
    wanted = tried(function, [array.copy() for array in arrays], weights)
    for place, (x, slope) in enumerate(zip(inputs, wanted, strict=True)):
        assert isinstance(x.grad, np.ndarray)
        assert (x.grad.shape, x.grad.dtype) == (x.shape, x.dtype)
        allowed = 1e-6 * np.maximum(abs(x.grad), abs(slope)) + 1e-8
        wrong = abs(x.grad - slope) - allowed
        assert (wrong <= 0).all(), f"input {place}: {x.grad} by backward, {slope} tried"
