"""The errors of the pictures in `tinytorch.utils.plot`."""

from collections.abc import Sequence

from tinytorch.errors import Shape


def nothing_to_draw(names: Sequence[str]) -> ValueError:
    """ValueError: the curves of these names hold no number that can be drawn.

    Args: names, of all curves of the plot; empty if there are none.
    """
    held = f"the curves {', '.join(names)} hold" if names else "there are no curves, so"
    return ValueError(
        f"{held} no number to draw\n"
        "help: pass a dict of lists, as in plot.lines({'train': losses}); nan and inf "
        "leave gaps, and log=True leaves out what is not above 0"
    )


def no_curve(name: str, xs: Shape, ys: Shape) -> ValueError:
    """ValueError: a curve's xs and ys do not both have the same shape (n,)."""
    return ValueError(
        f"the curve {name!r} has xs of shape {xs} and ys of shape {ys}\n"
        "help: pass a flat list of numbers, or a tuple (xs, ys) of two as long"
    )


def no_images(shape: Shape) -> ValueError:
    """ValueError: an array of this shape cannot be drawn as images, or is empty."""
    return ValueError(
        f"images come in shape (H, W), (N, H, W) or (N, C, H, W), got {shape}\n"
        "help: reshape rows of pixels, as in x.reshape(-1, 8, 8)"
    )


def no_points(points: Shape, labels: Shape) -> ValueError:
    """ValueError: arrays of these shapes are not points (m, 2) and their m labels."""
    return ValueError(
        f"a boundary needs points (m, 2) and m labels, got {points} and {labels}\n"
        "help: pick two features of each example, as in x[:, :2]"
    )


def no_answers(shape: Shape, places: int) -> ValueError:
    """ValueError: a model's answers of this shape are not one number for each place.

    Args: places, the number of places that the model was asked about.
    """
    return ValueError(
        f"answer must give one number for each of {places} places, got shape {shape}\n"
        "help: return class ids, as in scores.argmax(axis=1)"
    )
