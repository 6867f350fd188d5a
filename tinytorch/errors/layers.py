"""The errors of chapter 03, Layers."""


def no_forward(name: str) -> NotImplementedError:
    """NotImplementedError: the subclass `name` of Layer does not define forward."""
    return NotImplementedError(
        f"{name} has no forward of its own\n"
        f"help: define forward(self, x) in class {name}"
    )


def no_layer_size(in_features: object, out_features: object) -> ValueError:
    """ValueError: in_features or out_features of Linear is below 1."""
    return ValueError(
        "a linear layer needs at least 1 input and 1 output, "
        f"got {in_features} and {out_features}\n"
        "help: pass the size of the last axis of x, then the number of outputs"
    )


def no_probability(p: object) -> ValueError:
    """ValueError: p, Dropout's probability of dropping a number, is not in [0, 1)."""
    return ValueError(
        f"Dropout drops with a probability p, 0 <= p < 1, got {p!r}\n"
        "help: 0.1 drops one number in ten; p = 1 would leave nothing to scale up"
    )


def not_callable(place: int, value: object) -> TypeError:
    """TypeError: `value`, an argument of Sequential, cannot be called on a Tensor.

    Args: place, the number of the argument, from 0; value, a class or any object that
        is not callable.
    """
    text = " ".join(repr(value).split())
    text = text if len(text) <= 60 else text[:57] + "..."
    if isinstance(value, type):
        text = f"the class {value.__name__}"
        cure = f"make a layer of it: {value.__name__}(…), with parentheses"
    elif isinstance(value, (list, tuple)):
        cure = "pass the layers one by one, or with a star: Sequential(*layers)"
    else:
        cure = "pass layers, activations or functions, one by one"
    return TypeError(
        f"Sequential needs something to call on x, got {text} (place {place})\n"
        f"help: {cure}"
    )
