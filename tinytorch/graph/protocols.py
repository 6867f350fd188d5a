"""What the graph reads of a Tensor and of the Function that made it: types alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Function(Protocol):
    """An operation that was recorded: chapter 05's class Function."""

    inputs: tuple[Any, ...] | None  # what it was called with, Tensors and others
    grad: NDArray[Any] | None  # the gradient at its result, during backward


class Tensor(Protocol):
    """A Tensor with gradients, as chapter 05 makes it."""

    data: NDArray[Any]
    requires_grad: bool
    grad: NDArray[Any] | None  # of a leaf, after backward
    grad_fn: Function | None  # None for a leaf
