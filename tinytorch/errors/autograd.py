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
    """ValueError: backward() without an argument, of a Tensor of several numbers."""
    return ValueError(
        f"backward() starts from a single number, this Tensor has shape {shape}\n"
        "help: reduce it first, as in x.sum().backward(), or pass a gradient of its "
        "shape"
    )


def unlike_gradient(given: Shape, shape: Shape) -> ValueError:
    """ValueError: backward(gradient) with a gradient of another shape than the Tensor.

    Args: given, the shape of the gradient; shape, that of the Tensor.
    """
    return ValueError(
        f"backward got a gradient of shape {given} for a Tensor of shape {shape}\n"
        "help: there is one slope for each number, so the shapes must be equal"
    )


def graph_freed() -> RuntimeError:
    """RuntimeError: backward() reached a part of the graph that was freed before."""
    return RuntimeError(
        "the graph of this result was freed by the first backward\n"
        "help: compute the result again, or keep its graph with "
        "backward(retain_graph=True)"
    )


def changed(name: str) -> RuntimeError:
    """RuntimeError: an array was edited that the backward of Function `name` reads."""
    return RuntimeError(
        f"a value that the backward of {name} needs was changed after it was used\n"
        "help: change .data before the forward pass or after backward(), or compute "
        "the result again"
    )


def not_float(dtype: np.dtype) -> TypeError:
    """TypeError: a Tensor of integers (or another dtype) was to require a gradient."""
    return TypeError(
        f"only floats have slopes, and this Tensor holds {dtype}\n"
        "help: make it of floats, as in Tensor(data, dtype='float32')"
    )


def compare_slopes(
    place: int, slopes: NDArray[np.float64] | None, tried: NDArray[np.float64]
) -> None:
    """Raise AssertionError unless the gradients of one input of gradcheck agree.

    Two numbers a and n agree if |a - n| <= 1e-6 * max(|a|, |n|) + 1e-8.

    Args: place, the number of the input, from 0; slopes, the gradient that backward
        computed, None for zeros; tried, the one by central differences, same shape.
    """
    slopes = np.zeros_like(tried) if slopes is None else slopes
    allowed = 1e-6 * np.maximum(np.abs(slopes), np.abs(tried)) + 1e-8
    wrong = np.argwhere(~(np.abs(slopes - tried) <= allowed))  # nan is wrong, too
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
