"""Types: the attributes that tinytorch/graph reads of a Tensor and of its Function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Function(Protocol):
    """A recorded operation: an object of chapter 05's class Function."""

    inputs: tuple[Any, ...] | None  # arguments of the call, Tensors and others
    grad: NDArray[Any] | None  # the gradient at the result, during a backward pass


class Tensor(Protocol):
    """A Tensor with gradients, as chapter 05 makes it."""

    data: NDArray[Any]
    requires_grad: bool
    grad: NDArray[Any] | None  # of a leaf after backward(); of all with retain_graph
    grad_fn: Function | None  # None for a leaf
