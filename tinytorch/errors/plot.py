"""The errors of the pictures in `tinytorch.utils.plot`."""


def nothing_to_draw(names):
    """ValueError: the curves of these names hold no finite number."""
    held = f"the curves {', '.join(names)} hold" if names else "there are no curves, so"
    return ValueError(
        f"{held} no number to draw\n"
        "help: pass a dict of lists, as in plot.lines({'train': losses}); nan and inf "
        "leave gaps, and log=True leaves out what is not above 0"
    )


def no_curve(name, xs, ys):
    """ValueError: the curve of this name is no row of numbers, or xs and ys differ."""
    return ValueError(
        f"the curve {name!r} has xs of shape {xs} and ys of shape {ys}\n"
        "help: pass a flat list of numbers, or a tuple (xs, ys) of two as long"
    )


def no_images(shape):
    """ValueError: an array of this shape holds no images."""
    return ValueError(
        f"images come in shape (H, W), (N, H, W) or (N, C, H, W), got {shape}\n"
        "help: reshape rows of pixels, as in x.reshape(-1, 8, 8)"
    )


def no_points(points, labels):
    """ValueError: points and labels of these shapes are no points of a plane."""
    return ValueError(
        f"a boundary needs points (m, 2) and m labels, got {points} and {labels}\n"
        "help: pick two features of each example, as in x[:, :2]"
    )


def no_answers(shape, places):
    """ValueError: the model gave answers of this shape for so many places."""
    return ValueError(
        f"answer must give one number for each of {places} places, got shape {shape}\n"
        "help: return class ids, as in scores.argmax(axis=1)"
    )
