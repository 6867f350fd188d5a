"""Generated from modules/03_layers/layers_dev.py: edit that file, then run `make package`.

Chapter 03 of the book, Layers.
"""

__all__ = [
    "linear",
    "initial_weight",
    "Layer",
    "Linear",
    "Sequential",
    "unpacked",
    "Dropout",
]

import math

import numpy as np

from tinytorch.core.tensor import Tensor
from tinytorch.errors import layers as errors


# cell 03-linear
def linear(x, weight, bias=None):
    """Weigh the inputs, add them up, and add the bias if there is one.

    Args: x, a Tensor (..., n_in); weight, (n_in, n_out); bias, (n_out,) or None.
    Returns: a Tensor (..., n_out).
    Raises: ValueError, drawn, if the shapes do not fit.

    EXAMPLE:
    >>> x, weight = Tensor([[1, 2, 3]]), Tensor([[1, 0], [0, 2], [-1, 1]])
    >>> linear(x, weight, Tensor([10, 20])).tolist()
    [[8.0, 27.0]]
    """
    out = x @ weight  # (..., n_in) @ (n_in, n_out) -> (..., n_out)
    return out if bias is None else out + bias


# cell 03-initial-weight
def initial_weight(in_features, out_features, rng):
    """Draw a weight matrix that passes a signal on through ReLU at its size.

    Args: in_features, out_features, ints of at least 1; rng, a numpy Generator.
    Returns: a float32 Tensor (in_features, out_features).
    Raises: ValueError if one of the two is less than 1.

    EXAMPLE:
    >>> initial_weight(3, 2, np.random.default_rng(0)).shape
    (3, 2)
    """
    if min(in_features, out_features) < 1:
        raise errors.no_layer_size(in_features, out_features)
    draws = Tensor(rng.standard_normal((in_features, out_features), np.float32))
    return draws * math.sqrt(2 / in_features)  # (in_features, out_features)


# cell 03-layer
class Layer:
    """What all layers share: the call, the walk to what is inside, and two modes."""

    training = True

    def forward(self, *inputs, **options):
        """What the layer computes. Each kind of layer defines its own."""
        raise errors.no_forward(type(self).__name__)

    def __call__(self, *inputs, **options):
        """Run forward: layer(x) is short for layer.forward(x)."""
        return self.forward(*inputs, **options)

    def __repr__(self):
        held = [(k, v) for k, v in vars(self).items() if isinstance(v, (Tensor, float))]
        parts = [f"{k} {v.shape if isinstance(v, Tensor) else v}" for k, v in held]
        return f"{type(self).__name__}({', '.join(parts)})"

    # cell 03-children
    def children(self):
        """The layers this one holds itself, in attributes or in lists or tuples there."""
        held = unpacked(list(vars(self).values()))
        return [item for item in held if isinstance(item, Layer)]

    # cell 03-modules
    def modules(self):
        """List this layer and all layers inside it, at any depth, each once.

        Returns: a list: the layer, its first child, all inside that, its second child, …

        EXAMPLE:
        >>> Sequential(Linear(2, 3), ReLU()).modules()[1:]
        [Linear(weight (2, 3), bias (3,))]
        """
        found, stack = {}, [self]  # a dict keeps the order, and finds a layer at once
        while stack:
            layer = stack.pop()
            if layer not in found:
                found[layer] = True
                stack += layer.children()[::-1]
        return list(found)

    # cell 03-parameters
    def parameters(self):
        """List the Tensors that this layer and those inside it hold, each once.

        Returns: a list of Tensors in the order of modules(), so the layer's own come
            first; within a layer, in the order of its attributes.

        EXAMPLE:
        >>> [p.shape for p in Sequential(Linear(2, 3), ReLU(), Linear(3, 1)).parameters()]
        [(2, 3), (3,), (3, 1), (1,)]
        """
        values = [value for layer in self.modules() for value in vars(layer).values()]
        return list(dict.fromkeys(v for v in values if isinstance(v, Tensor)))

    # cell 03-modes
    def train(self, mode=True):
        """Put this layer and all inside it into training mode, or out of it; returns it."""
        for layer in self.modules():
            layer.training = mode
        return self

    # cell 03-modes
    def eval(self):
        """Put this layer and all inside it to use, out of training mode; returns it."""
        return self.train(False)


# cell 03-linear-init
class Linear(Layer):
    """x @ weight + bias; weight (in_features, out_features), bias (out_features,)."""

    def forward(self, x):
        """x (..., in_features) -> (..., out_features)"""
        return linear(x, self.weight, self.bias)

    def __init__(self, in_features, out_features, bias=True, rng=None):
        """Make the parameters: random weights, and biases of zero.

        Args: the two sizes, ints; bias, False for none; rng, a Generator or a seed.

        EXAMPLE:
        >>> Linear(3, 2).bias.tolist(), Linear(3, 2, bias=False).bias
        ([0.0, 0.0], None)
        """
        rng = np.random.default_rng(rng)
        self.weight = initial_weight(in_features, out_features, rng)
        self.bias = Tensor([0.0] * out_features) if bias else None


# cell 03-sequential
class Sequential(Layer):
    """Layers, activations or functions, each called on what the one before returned."""

    def __init__(self, *layers):
        for place, layer in enumerate(layers):
            if isinstance(layer, type) or not callable(layer):
                raise errors.not_callable(place, layer)
        self.layers = list(layers)

    def forward(self, x):
        """Pass x through all layers."""
        for layer in self.layers:
            x = layer(x)
        return x

    def __getitem__(self, place):
        return self.layers[place]

    def __len__(self):
        return len(self.layers)

    def __repr__(self):
        names = [repr(x) if isinstance(x, Layer) else type(x).__name__ for x in self]
        return "\n  ".join(["Sequential(", *"\n".join(names).split("\n")]) + "\n)"


# cell 03-children
def unpacked(value):
    """A flat list: of the value alone, or of all that is in a list or tuple."""
    if not isinstance(value, (list, tuple)):
        return [value]
    return [item for part in value for item in unpacked(part)]


# cell 03-dropout-class
class Dropout(Layer):
    """In training, 0 with probability p, else x / (1 - p); in use, x."""

    def __init__(self, p=0.5, rng=None):
        if not 0 <= p < 1:
            raise errors.no_probability(p)
        self.p, self.rng = p, np.random.default_rng(rng)

    # cell 03-dropout
    def forward(self, x):
        """Drop numbers at random, if in training.

        Args: x, a Tensor of any shape.
        Returns: a Tensor of x's shape and dtype.

        EXAMPLE:
        >>> sorted(set(Dropout(0.5, rng=0)(Tensor([3.0] * 100)).tolist()))
        [0.0, 6.0]
        """
        if not self.training:
            return x
        keep = self.rng.random(x.shape, np.float32) >= self.p  # (any shape)
        return x * (Tensor(keep, x.dtype) / (1 - self.p))  # same shape
