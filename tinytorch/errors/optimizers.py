"""The errors of chapter 06, Optimizers, and the looks at what an optimizer is given."""

import math


def usable(params, tensor):
    """The parameters as a list, if an optimizer can work with them.

    Args: params, Tensors in a list or another iterable; tensor, the class Tensor.
    Raises: TypeError or ValueError that says which parameter is unfit, and why.
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
    first = {}  # the place where each parameter was met first
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


def rate(name, value, below=math.inf):
    """The value as a float, if 0 <= value < below; else ValueError with its name."""
    if not 0 <= value < below:
        allowed = f"0 <= {name} < {below}" if below < math.inf else f"{name} >= 0"
        raise ValueError(
            f"an optimizer needs {allowed}, got {value!r}\nhelp: {_CURES[name]}"
        )
    return float(value)


_CURES = {
    "lr": "a step goes against the slope by itself; try lr=0.01",
    "weight_decay": "0 leaves the weights alone; usual values are 0.0001 to 0.1",
    "momentum": "0.9 is usual; with 1 and more a step would never fade",
    "beta1": "betas say how slowly the averages forget; (0.9, 0.999) is usual",
    "beta2": "betas say how slowly the averages forget; (0.9, 0.999) is usual",
}


def pair(betas):
    """The two betas of Adam as a tuple of floats, each from 0 to below 1."""
    if not isinstance(betas, (tuple, list)) or len(betas) != 2:
        raise ValueError(
            f"Adam takes two betas, got {betas!r}\nhelp: write betas=(0.9, 0.999)"
        )
    return rate("beta1", betas[0], 1), rate("beta2", betas[1], 1)


def positive(name, value):
    """The value as a float, if it is finite and above 0; else ValueError."""
    if not 0 < value < math.inf:
        raise ValueError(
            f"an optimizer needs {name} > 0, got {value!r}\n"
            "help: it keeps a gradient of 0 from dividing 0 by 0; 1e-8 is usual"
        )
    return float(value)


def nothing_to_step(count):
    """RuntimeError: not one of `count` parameters has a gradient."""
    return RuntimeError(
        f"step() found no gradient on any of {count} parameters\n"
        "help: call loss.backward() after zero_grad() and before step(), and compute "
        "the loss from the parameters that this optimizer was given"
    )


def _not_a_tensor(place, value):
    kind = type(value).__name__
    cure = "pass Tensors, as model.parameters() lists them"
    if kind in ("tuple", "dict"):
        cure = "groups of parameters are not known here: use an optimizer for each"
    elif callable(value):
        cure = "pass layer.parameters(), not the layer"
    return TypeError(f"parameter {place} is a {kind}, not a Tensor\nhelp: {cure}")


def _frozen(place, shape):
    return ValueError(
        f"parameter {place}, of shape {shape}, requires no gradient, so no step would "
        "ever move it\nhelp: leave it out, as in [p for p in params if "
        "p.requires_grad], or set p.requires_grad = True"
    )


def _computed(place, shape):
    return ValueError(
        f"parameter {place}, of shape {shape}, was computed from other Tensors, and "
        "gradients are kept where they end\nhelp: pass the Tensor it was computed from"
    )


def _repeated(first, place):
    return ValueError(
        f"parameter {place} is the same Tensor as parameter {first}, and would be "
        "moved twice in a step\nhelp: keep each once, as in list(dict.fromkeys(params))"
    )
