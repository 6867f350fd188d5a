"""Generated from modules/04_losses/losses_dev.py: edit that file, then run `make package`.

Chapter 04 of the book, Losses.
"""

__all__ = [
    "as_tensor",
    "alike",
    "MSELoss",
    "log_softmax",
    "class_ids",
    "cross_entropy",
    "CrossEntropyLoss",
    "bce_from_probabilities",
    "bce_from_logits",
    "check_probabilities",
    "BinaryCrossEntropyLoss",
]

import numpy as np

from tinytorch.core.tensor import Tensor, as_numbers
from tinytorch.errors import losses as errors


# cell 04-alike
def as_tensor(value):
    """The value itself if it is a Tensor, otherwise a new Tensor of it."""
    return value if isinstance(value, Tensor) else Tensor(value)


# cell 04-alike
def alike(prediction, target):
    """Prediction and target as two Tensors of one shape.

    Raises: ValueError if their shapes differ, or there is nothing to compare.
    """
    prediction = as_tensor(prediction)
    if not isinstance(target, Tensor) or target.dtype.kind != "f":
        target = Tensor(target, np.result_type(prediction.dtype, np.float32))
    if prediction.shape != target.shape:
        raise errors.unlike(prediction.shape, target.shape)
    if prediction.numel() == 0:
        raise errors.nothing_to_average(prediction.shape)
    return prediction, target


# cell 04-mse
class MSELoss:
    """Mean squared error: the average of the squared differences."""

    def __call__(self, prediction, target):
        return self.forward(prediction, target)

    def forward(self, prediction, target):
        """Compare element by element.

        Args: prediction, a Tensor; target, a Tensor, list or array of its shape.
        Returns: a Tensor of shape ().
        Raises: ValueError, from alike, if the shapes differ.

        EXAMPLE:
        >>> MSELoss()(Tensor([1.0, 2.0]), Tensor([1.0, 4.0])).item()
        2.0
        """
        prediction, target = alike(prediction, target)
        return ((prediction - target) ** 2).mean()  # (any shape) -> ()


# cell 04-log-softmax
def log_softmax(x, dim=-1):
    """The logarithm of softmax along an axis, even where exp would overflow.

    Args: x, a Tensor of scores; dim, the axis along which the classes lie.
    Returns: a Tensor of x's shape; its exp sums to 1 along dim.
    Raises: ValueError if x has no axis dim.

    EXAMPLE:
    >>> log_softmax(Tensor([[0.0, 1000.0]])).tolist()
    [[-1000.0, 0.0]]
    """
    x = as_tensor(x)
    shifted = x - x.max(axis=dim, keepdims=True)  # x's shape
    return shifted - shifted.exp().sum(axis=dim, keepdims=True).log()  # x's shape


# cell 04-class-ids
def class_ids(targets, shape):
    """Targets as an array of ints, each a valid class id.

    Args: targets, whole numbers of any type; shape, that of the logits, (..., C).
    Returns: an array of ints of shape (...).
    Raises: ValueError if the shapes do not fit, or an id is not from 0 to C - 1.
    """
    ids = as_numbers(targets)
    if not shape or ids.shape != shape[:-1]:
        raise errors.no_class_ids(shape, ids.shape)
    if ids.size == 0:
        raise errors.nothing_to_average(shape)
    valid = (ids >= 0) & (ids < shape[-1]) & (ids == np.floor(ids))  # (...)
    if not valid.all():
        place = tuple(np.argwhere(~valid)[0].tolist())  # of the first bad id
        raise errors.bad_class_id(ids[place].item(), place, shape[-1])
    return ids.astype(np.intp)


# cell 04-cross-entropy
def cross_entropy(logits, targets):
    """The mean surprise at the right class, over all rows of the logits.

    Args: logits, a Tensor of scores (N, C) or (N, ..., C); targets, class ids of
        shape (N, ...), whole numbers in a list, array or Tensor.
    Returns: a Tensor of shape ().
    Raises: ValueError, from class_ids, if an id or a shape is wrong.

    EXAMPLE:
    >>> round(cross_entropy(Tensor([[2, 0, 1], [0, 0, 3]]), [2, 0]).item(), 4)
    2.2513
    """
    logits = as_tensor(logits)
    ids = class_ids(targets, logits.shape).reshape(-1)  # one id for each row
    logits = logits.reshape(ids.size, logits.shape[-1])  # (rows, C)
    picked = log_softmax(logits)[np.arange(ids.size), ids]  # (rows,)
    return -picked.mean()  # ()


# cell 04-cross-entropy-loss
class CrossEntropyLoss:
    """cross_entropy as an object: the mean surprise at the right class."""

    def __call__(self, prediction, target):
        return self.forward(prediction, target)

    def forward(self, prediction, target):
        """Take logits (N, ..., C) and class ids (N, ...); return a scalar Tensor."""
        return cross_entropy(prediction, target)


SMALLEST = 2.0**-126  # of float32 in full precision; its log is about -87.34


# cell 04-bce-probabilities
def bce_from_probabilities(p, y):
    """Binary cross-entropy of probabilities, finite at exactly 0 and 1 too.

    Args: p, a Tensor of probabilities of yes; y, a Tensor of targets, p's shape.
    Returns: a Tensor of shape ().

    EXAMPLE:
    >>> round(bce_from_probabilities(Tensor([0.9]), Tensor([1.0])).item(), 4)
    0.1054
    """
    yes = p.maximum(SMALLEST).log()  # p's shape
    no = (1 - p).maximum(SMALLEST).log()  # p's shape
    return -(y * yes + (1 - y) * no).mean()  # ()


# cell 04-bce-logits
def bce_from_logits(x, y):
    """Binary cross-entropy of scores, finite however large they are.

    Args: x, a Tensor of scores, high for yes; y, a Tensor of targets, x's shape.
    Returns: a Tensor of shape ().

    EXAMPLE:
    >>> bce_from_logits(Tensor([200.0, -200.0]), Tensor([0.0, 0.0])).item()
    100.0
    """
    rest = (1 + x.minimum(-x).exp()).log()  # x's shape
    return (x.maximum(0.0) + rest - x * y).mean()  # ()


# cell 04-bce-loss
def check_probabilities(name, values):
    """Raise ValueError unless all numbers of a Tensor lie between 0 and 1."""
    numbers = np.asarray(values)
    outside = numbers[~((numbers >= 0) & (numbers <= 1))]  # nan is outside, too
    if outside.size:
        raise errors.not_probability(name, outside[0].item())


# cell 04-bce-loss
class BinaryCrossEntropyLoss:
    """The mean surprise of yes-or-no answers, from probabilities or from logits."""

    def __init__(self, from_logits=False):
        self.from_logits = from_logits

    def __call__(self, prediction, target):
        return self.forward(prediction, target)

    def forward(self, prediction, target):
        """Take a Tensor and targets of its shape; return a scalar Tensor."""
        prediction, target = alike(prediction, target)
        check_probabilities("target", target)
        if self.from_logits:
            return bce_from_logits(prediction, target)
        check_probabilities("prediction", prediction)
        return bce_from_probabilities(prediction, target)
