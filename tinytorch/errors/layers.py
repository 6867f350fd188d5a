"""The errors of chapter 03, Layers."""


def no_forward(name):
    """NotImplementedError: the class `name` of a layer defines no forward."""
    return NotImplementedError(
        f"{name} has no forward of its own\n"
        f"help: define forward(self, x) in class {name}"
    )


def no_layer_size(in_features, out_features):
    """ValueError: a linear layer needs at least one input and one output."""
    return ValueError(
        "a linear layer needs at least 1 input and 1 output, "
        f"got {in_features} and {out_features}\n"
        "help: pass the size of the last axis of x, then the number of outputs"
    )


def no_probability(p):
    """ValueError: p is not a probability with which Dropout can drop."""
    return ValueError(
        f"Dropout drops with a probability p, 0 <= p < 1, got {p!r}\n"
        "help: 0.1 drops one number in ten; p = 1 would leave nothing to scale up"
    )


def not_callable(place, value):
    """TypeError: number `place` of the things given to Sequential is no layer."""
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
