"""Generated from modules/02_activations/activations_dev.py: edit that file, then run `make package`.

Chapter 02 of the book, Activations.
"""

__all__ = [
    "ReLU",
    "Sigmoid",
    "Tanh",
    "GELU",
    "Softmax",
]

import math


# cell 02-relu
class ReLU:
    """Rectified linear unit: the larger of x and 0, element by element."""

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        """Set what is negative to 0.

        Args: x, a Tensor of any shape.
        Returns: a new Tensor of x's shape and dtype; x stays as it is.

        EXAMPLE:
        >>> ReLU()(Tensor([[-1.0, 2.0], [3.0, -4.0]])).tolist()
        [[0.0, 2.0], [3.0, 0.0]]
        """
        return x.maximum(0)  # any shape -> the same shape


# cell 02-sigmoid
class Sigmoid:
    """The sigmoid 1 / (1 + exp(-x)), element by element, for x of any size."""

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        """Squeeze every element into the interval from 0 to 1.

        Args: x, a Tensor of any shape.
        Returns: a new Tensor of x's shape.

        EXAMPLE:
        >>> Sigmoid()(Tensor([-1000.0, 0.0, 1000.0])).tolist()
        [0.0, 0.5, 1.0]
        """
        return x.minimum(0).exp() / (1 + x.minimum(-x).exp())  # the shape of x


# cell 02-tanh
class Tanh:
    """The hyperbolic tangent, from -1 to 1, element by element."""

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        """Squeeze every element of a Tensor into the interval from -1 to 1."""
        return x.tanh()  # any shape -> the same shape


# cell 02-gelu
class GELU:
    """Gaussian error linear unit, in the form with tanh, element by element."""

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        """Multiply each element by a gate between 0 and 1 that opens as it grows.

        Args: x, a Tensor of any shape.
        Returns: a new Tensor of x's shape.

        EXAMPLE:
        >>> GELU()(Tensor([0.0, 100.0])).tolist()
        [0.0, 100.0]
        """
        c = x.maximum(-10).minimum(10)  # for use inside tanh
        inside = math.sqrt(2 / math.pi) * (c + 0.044715 * c**3)  # the shape of x
        return 0.5 * x * (1 + inside.tanh())  # the shape of x


# cell 02-softmax-class
class Softmax:
    """Scores along the axis dim into shares, none negative, that add up to 1."""

    def __init__(self, dim=-1):
        self.dim = dim

    def __call__(self, x):
        return self.forward(x)

    # cell 02-softmax
    def forward(self, x):
        """Turn scores into shares, however large the scores are.

        Args: x, a Tensor of scores that has the axis self.dim.
        Returns: a new Tensor of x's shape; along self.dim it adds up to 1.
        Raises: ValueError if x has no such axis.

        EXAMPLE:
        >>> Softmax()(Tensor([[1000.0, 1000.0], [-5.0, -5.0]])).tolist()
        [[0.5, 0.5], [0.5, 0.5]]
        """
        largest = x.max(axis=self.dim, keepdims=True)  # size 1 along dim
        powers = (x - largest).exp()  # the shape of x
        return powers / powers.sum(axis=self.dim, keepdims=True)  # the shape of x
