"""The errors of chapter 05, Autograd."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tinytorch.errors import Shape

if TYPE_CHECKING:
    from numpy.typing import NDArray


def no_gradient() -> RuntimeError:
    """RuntimeError: backward() of a Tensor that does not require a gradient."""
    return RuntimeError(
        "backward from a Tensor that requires no gradient: nothing was recorded\n"
        "help: set requires_grad = True on an input before computing with it, and "
        "compute outside no_grad"
    )


def not_scalar(shape: Shape) -> ValueError:
    """ValueError: backward() without a gradient, of a Tensor of this shape.

    Only a Tensor of exactly one number needs no gradient.
    """
    return ValueError(
        f"backward() starts from a single number, this Tensor has shape {shape}\n"
        "help: reduce it first, as in x.sum().backward(), or pass a gradient of its "
        "shape"
    )


def unlike_gradient(given: Shape, shape: Shape) -> ValueError:
    """ValueError: backward(gradient), where the gradient has not the Tensor's shape.

    Args: given, the gradient's shape; shape, the Tensor's.
    """
    return ValueError(
        f"backward got a gradient of shape {given} for a Tensor of shape {shape}\n"
        "help: there is one slope for each number, so the shapes must be equal"
    )


def graph_freed() -> RuntimeError:
    """RuntimeError: backward() reached a Function that an earlier backward() freed."""
    return RuntimeError(
        "the graph of this result was freed by the first backward\n"
        "help: compute the result again, or keep its graph with "
        "backward(retain_graph=True)"
    )


def changed(name: str) -> RuntimeError:
    """RuntimeError: an array that a Function saved for backward was edited in place.

    Args: name, of the Function's class.
    """
    return RuntimeError(
        f"a value that the backward of {name} needs was changed after it was used\n"
        "help: change .data before the forward pass or after backward(), or compute "
        "the result again"
    )


def not_float(dtype: np.dtype) -> TypeError:
    """TypeError: a Tensor of this dtype, which is no float, cannot have a gradient."""
    return TypeError(
        f"only floats have slopes, and this Tensor holds {dtype}\n"
        "help: make it of floats, as in Tensor(data, dtype='float32')"
    )


def compare_slopes(
    place: int, slopes: NDArray[np.float64] | None, tried: NDArray[np.float64]
) -> None:
    """Raise AssertionError unless two gradients of one input of gradcheck agree.

    Numbers a and n agree if |a - n| <= 1e-6 * max(|a|, |n|) + 1e-8; nan never does.

    Args: place, the number of the input, from 0; slopes, the gradient that backward
        computed, None for zeros; tried, the gradient by central differences, of the
        same shape.
    """
    slopes = np.zeros_like(tried) if slopes is None else slopes
    allowed = 1e-6 * np.maximum(np.abs(slopes), np.abs(tried)) + 1e-8
    # Not (difference > allowed), which is False for nan.
    wrong = np.argwhere(~(np.abs(slopes - tried) <= allowed))
    if len(wrong):
        at = tuple(wrong[0].tolist())
        raise AssertionError(
            f"gradcheck: input {place}, entry {at}: backward says {slopes[at]:.8g}, "
            f"trying says {tried[at]:.8g}\n"
            "help: look at the backward of each operation that the function uses; "
            "at a kink, as of max(x, 0) at 0, there is no single slope to find"
        )


def nothing_to_check() -> ValueError:
    """ValueError: gradcheck got no Tensor of floats among its inputs."""
    return ValueError(
        "gradcheck needs at least one Tensor of floats among the inputs\n"
        "help: pass what to differentiate by, as in gradcheck(f, Tensor([1.0, 2.0]))"
    )
