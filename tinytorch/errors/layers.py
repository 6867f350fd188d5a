"""The errors of chapter 03, Layers."""


def no_forward(name: str) -> NotImplementedError:
    """NotImplementedError: class `name`, a Layer, defines no forward."""
    return NotImplementedError(
        f"{name} has no forward of its own\n"
        f"help: define forward(self, x) in class {name}"
    )


def no_layer_size(in_features: object, out_features: object) -> ValueError:
    """ValueError: Linear was given a number of inputs or outputs below 1."""
    return ValueError(
        "a linear layer needs at least 1 input and 1 output, "
        f"got {in_features} and {out_features}\n"
        "help: pass the size of the last axis of x, then the number of outputs"
    )


def no_probability(p: object) -> ValueError:
    """ValueError: p, the share that Dropout drops, lies outside of 0 <= p < 1."""
    return ValueError(
        f"Dropout drops with a probability p, 0 <= p < 1, got {p!r}\n"
        "help: 0.1 drops one number in ten; p = 1 would leave nothing to scale up"
    )


def not_callable(place: int, value: object) -> TypeError:
    """TypeError: Sequential was given `value`, which cannot be called, as a layer.

    Args: place, the number of the argument, from 0.
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
