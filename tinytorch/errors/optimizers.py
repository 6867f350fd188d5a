"""The errors of chapter 06, Optimizers, and the argument checks that raise them."""

import math
from collections.abc import Iterable
from typing import Any

from tinytorch.errors import Shape


def usable(params: Iterable[Any], tensor: type[Any]) -> list[Any]:
    """Return an optimizer's parameters as a list, after checking them.

    Args: params, Tensors in a list or another iterable; tensor, the class Tensor.
    Raises: TypeError if params is a single Tensor, or a parameter is not a Tensor;
        ValueError if there are no parameters, or one requires no gradient, was
        computed from other Tensors, or is there twice.
    """
    if isinstance(params, tensor):
        raise TypeError(
            "an optimizer takes a list of parameters, got a single Tensor\n"
            "help: put it into a list, as in SGD([weight], lr=0.1)"
        )
    params = list(params)
    if not params:
        raise ValueError(
            "an optimizer needs at least one parameter, got none\n"
            "help: pass model.parameters(); layers kept in a dict are not found there"
        )
    first: dict[int, int] = {}  # {id of a parameter: its first place in the list}
    for place, p in enumerate(params):
        if not isinstance(p, tensor):
            raise _not_a_tensor(place, p)
        if not p.requires_grad:
            raise _frozen(place, p.shape)
        if p.grad_fn is not None:
            raise _computed(place, p.shape)
        if first.setdefault(id(p), place) != place:
            raise _repeated(first[id(p)], place)
    return params


def rate(name: str, value: float, below: float = math.inf) -> float:
    """Return a setting of an optimizer as a float, after checking its range.

    Args: name, of the setting, a key of `_CURES` such as "lr".
    Raises: ValueError unless 0 <= value < below.
    """
    if not 0 <= value < below:
        allowed = f"0 <= {name} < {below}" if below < math.inf else f"{name} >= 0"
        raise ValueError(
            f"an optimizer needs {allowed}, got {value!r}\nhelp: {_CURES[name]}"
        )
    return float(value)


_CURES = {  # {name of a setting: the advice in its error message}
    "lr": "a step goes against the slope by itself; try lr=0.01",
    "weight_decay": "0 leaves the weights alone; usual values are 0.0001 to 0.1",
    "momentum": "0.9 is usual; with 1 and more a step would never fade",
    "beta1": "betas say how slowly the averages forget; (0.9, 0.999) is usual",
    "beta2": "betas say how slowly the averages forget; (0.9, 0.999) is usual",
}


def pair(betas: Any) -> tuple[float, float]:
    """Return Adam's two betas as floats, after checking them.

    Raises: ValueError unless betas is a tuple or list of two numbers, 0 <= beta < 1.
    """
    if not isinstance(betas, (tuple, list)) or len(betas) != 2:
        raise ValueError(
            f"Adam takes two betas, got {betas!r}\nhelp: write betas=(0.9, 0.999)"
        )
    return rate("beta1", betas[0], 1), rate("beta2", betas[1], 1)


def positive(name: str, value: float) -> float:
    """Return a setting as a float. Raises ValueError unless 0 < value < infinity.

    Args: name, of the setting, for the message.
    """
    if not 0 < value < math.inf:
        raise ValueError(
            f"an optimizer needs {name} > 0, got {value!r}\n"
            "help: it keeps a gradient of 0 from dividing 0 by 0; 1e-8 is usual"
        )
    return float(value)


def nothing_to_step(count: int) -> RuntimeError:
    """RuntimeError: step() was called with no gradient on any of `count` parameters."""
    return RuntimeError(
        f"step() found no gradient on any of {count} parameters\n"
        "help: call loss.backward() after zero_grad() and before step(), and compute "
        "the loss from the parameters that this optimizer was given"
    )


def _not_a_tensor(place: int, value: object) -> TypeError:
    kind = type(value).__name__
    cure = "pass Tensors, as model.parameters() lists them"
    if kind in ("tuple", "dict"):
        cure = "groups of parameters are not known here: use an optimizer for each"
    elif callable(value):
        cure = "pass layer.parameters(), not the layer"
    return TypeError(f"parameter {place} is a {kind}, not a Tensor\nhelp: {cure}")


def _frozen(place: int, shape: Shape) -> ValueError:
    return ValueError(
        f"parameter {place}, of shape {shape}, requires no gradient, so no step would "
        "ever move it\nhelp: leave it out, as in [p for p in params if "
        "p.requires_grad], or set p.requires_grad = True"
    )


def _computed(place: int, shape: Shape) -> ValueError:
    return ValueError(
        f"parameter {place}, of shape {shape}, was computed from other Tensors, and "
        "gradients are kept where they end\nhelp: pass the Tensor it was computed from"
    )


def _repeated(first: int, place: int) -> ValueError:
    return ValueError(
        f"parameter {place} is the same Tensor as parameter {first}, and would be "
        "moved twice in a step\nhelp: keep each once, as in list(dict.fromkeys(params))"
    )
