"""The errors of chapter 04, Losses."""

from tinytorch.errors import Shape


def unlike(prediction: Shape, target: Shape) -> ValueError:
    """ValueError: the shapes of prediction and target differ."""
    cure = "as many of each are needed: look at where the two were made"
    if [n for n in prediction if n != 1] == [n for n in target if n != 1]:
        cure = f"give both the same shape, for example with target.reshape{prediction}"
    return ValueError(
        f"prediction has shape {prediction}, target {target}: "
        f"a loss compares number with number\nhelp: {cure}"
    )


def nothing_to_average(shape: Shape) -> ValueError:
    """ValueError: the Tensors of this shape that a loss compares hold no numbers."""
    return ValueError(
        f"a loss is a mean, and shape {shape} holds nothing to average\n"
        "help: look for the step that made this batch empty"
    )


def not_probability(name: str, value: float) -> ValueError:
    """ValueError: a number given to BinaryCrossEntropyLoss is not from 0 to 1.

    Args: name, "prediction" or "target", where it was found; value, the number, or NaN.
    """
    cures = {
        "prediction": "for raw scores use BinaryCrossEntropyLoss(from_logits=True)",
        "target": "write 1 for yes and 0 for no",
    }
    lost = "NaN is no number: look for the step where it first appears"
    cure = lost if value != value else cures[name]  # only NaN differs from itself
    return ValueError(
        f"{name} must lie between 0 and 1, but holds {value:.7g}\nhelp: {cure}"
    )


def no_class_ids(logits: Shape, targets: Shape) -> ValueError:
    """ValueError: targets do not hold exactly one class id for each row of logits.

    Args: logits, targets, the shapes of both; logits may be (), which has no rows.
    """
    if not logits:
        return ValueError(
            "logits have shape (), but need an axis with a score for each class\n"
            "help: one example with C classes has shape (C,), a batch (N, C)"
        )
    cure = "give one class id per row of logits, not one for each class"
    if targets == logits:
        cure = "for a number per class: np.argmax(targets, axis=-1) makes ids of them"
    return ValueError(
        f"logits {logits} need class ids of shape {logits[:-1]}, got shape {targets}\n"
        f"help: {cure}"
    )


def bad_class_id(value: float, place: Shape, classes: int) -> ValueError:
    """ValueError: a class id in targets is out of range, or is not a whole number.

    Args: value, the class id; place, its index in targets, () if targets is a single
        id; classes, the number of classes, 0 if the logits' last axis is empty.
    """
    if classes == 0:
        return ValueError(
            "logits whose last axis has size 0 leave no classes to choose from\n"
            "help: give each row one score per class"
        )
    where = f"targets[{', '.join(map(str, place))}]" if place else "targets"
    reason = "out of range" if float(value).is_integer() else "not a whole number"
    return ValueError(
        f"{where} is {value}, {reason}: with {classes} classes ids go from 0 to "
        f"{classes - 1}\nhelp: count classes from 0; logits have one column for each"
    )
