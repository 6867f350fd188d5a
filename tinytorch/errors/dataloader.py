"""The errors of chapter 08, DataLoader."""

from collections.abc import Sequence

from tinytorch.errors import Shape


def not_defined(name: str, method: str) -> NotImplementedError:
    """NotImplementedError: class `name`, a Dataset, does not define `method`."""
    return NotImplementedError(
        f"{name} does not define {method}\n"
        f"help: define {method} in class {name}; a Dataset needs __len__, the number "
        "of its examples, and __getitem__(i), which returns example i as a tuple"
    )


def unlike_lengths(lengths: Sequence[int]) -> ValueError:
    """ValueError: the Tensors of a TensorDataset differ in length, or there are none.

    Args: lengths, the size of axis 0 of each Tensor; may be empty.
    """
    told = f"lengths {lengths}" if lengths else "no Tensors at all"
    return ValueError(
        f"a TensorDataset needs Tensors with one entry for each example, got {told}\n"
        "help: pass, for instance, 100 images and their 100 labels"
    )


def unlike_examples(shapes: Sequence[Shape]) -> ValueError:
    """ValueError: the examples of a batch differ in shape and cannot be stacked.

    Args: shapes, of the examples in order; at least one differs from the first.
    """
    other = next(i for i, shape in enumerate(shapes) if shape != shapes[0])
    return ValueError(
        f"examples of a batch must be alike: the first has shape {shapes[0]}, "
        f"number {other} has {shapes[other]}\n"
        "help: crop or pad them to one size, for instance with RandomCrop"
    )


def no_batch_size(batch_size: object) -> ValueError:
    """ValueError: batch_size is not a whole number of at least 1."""
    return ValueError(
        f"batch_size is a whole number of at least 1, got {batch_size!r}\n"
        "help: 32 or 64 is usual; len(dataset) makes one batch of all examples"
    )


def not_dataset(value: object) -> TypeError:
    """TypeError: `value`, the dataset argument of a DataLoader, is not a Dataset."""
    return TypeError(
        f"a DataLoader reads from a Dataset, got {type(value).__name__}\n"
        "help: wrap arrays, as in TensorDataset(images, labels), or write a class of "
        "your own: class Mine(Dataset), with __len__ and __getitem__"
    )


def no_examples() -> ValueError:
    """ValueError: the Dataset of a DataLoader has length 0."""
    return ValueError(
        "this data set is empty, so there is no batch to make\n"
        "help: look at len(dataset) where it is made: a filter or a path may be wrong"
    )


def nothing_left(count: int, batch_size: int) -> ValueError:
    """ValueError: with drop_last=True, `count` examples fill not even one batch."""
    return ValueError(
        f"drop_last=True leaves nothing: {count} examples, batch_size {batch_size}\n"
        f"help: use a batch_size of at most {count}, or drop_last=False"
    )


def no_probability(p: object) -> ValueError:
    """ValueError: p, the probability that an image is flipped, is not from 0 to 1."""
    return ValueError(
        f"a probability lies between 0 and 1, got {p!r}\n"
        "help: 0.5 flips every other image, on average"
    )


def no_crop(size: object, padding: object) -> ValueError:
    """ValueError: RandomCrop was given a size below 1 or a padding below 0."""
    return ValueError(
        "RandomCrop needs a size of at least 1 and a padding of at least 0, "
        f"got {size!r} and {padding!r}\n"
        "help: RandomCrop(8, padding=1) shifts an image of 8 by 8 by up to one pixel"
    )


def too_small(shape: Shape, size: int, padding: int) -> ValueError:
    """ValueError: RandomCrop cannot cut its square out of an image of this shape.

    It has fewer than two axes, or even with padding is smaller than the square.

    Args: shape, of the image, (..., height, width); size, of the square, and padding on
        each side, in pixels.
    """
    return ValueError(
        f"cannot cut {size} by {size} pixels out of an image of shape {shape} with "
        f"{padding} pixels of padding\n"
        f"help: crop to at most {min(shape[-2:]) + 2 * padding}, or pad more"
        if len(shape) >= 2
        else f"an image has at least two axes, (..., height, width), got {shape}\n"
        "help: reshape rows of pixels first, as in x.reshape(8, 8)"
    )
