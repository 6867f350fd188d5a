"""The errors of chapter 09, Spatial, and the argument checks that raise them."""

from typing import Any

import numpy as np

from tinytorch.errors import Shape


def no_setting(name: str, value: object, least: int) -> ValueError:
    """ValueError: a setting of a layer is not a whole number of at least `least`.

    Args: name, "kernel_size", "stride" or "padding".
    """
    return ValueError(
        f"{name} is a whole number of at least {least}"
        f"{', or a pair of them' if name == 'kernel_size' else ''}, got {value!r}\n"
        "help: Conv2d(1, 8, kernel_size=3, stride=1, padding=1) keeps the image's size"
    )


def kernel_too_large(size: int, kernel: int, padding: int) -> ValueError:
    """ValueError: a kernel is larger than the padded input along an axis.

    Args: size, of the input, kernel, of the kernel, and padding, on each side; all
        along that axis, in pixels.
    """
    padded = f"{size} + 2·{padding} = {size + 2 * padding}" if padding else f"{size}"
    return ValueError(
        f"a kernel of {kernel} does not fit into an input of {padded}\n"
        "help: use a smaller kernel, more padding, or fewer pooling layers before"
    )


def no_channels(in_channels: object, out_channels: object) -> ValueError:
    """ValueError: in_channels or out_channels of a convolution is below 1."""
    return ValueError(
        "a convolution needs at least 1 channel on each side, "
        f"got {in_channels} and {out_channels}\n"
        "help: pass the size of axis 1 of x, then the number of feature maps"
    )


def no_images(shape: Shape, channels: int | None = None) -> ValueError:
    """ValueError: x is not a batch of images with the layer's number of channels.

    Args: shape, of x; channels, how many the layer takes, None for any number.
    """
    wanted = "N, C, height, width" if channels is None else f"N, {channels}, …, …"
    cure = (
        "add the axes that are missing: x.reshape(-1, 1, 8, 8) makes rows of 64 pixels "
        "images of one channel"
        if len(shape) != 4
        else "the channels are axis 1; make in_channels of this layer the out_channels "
        "of the one before"
    )
    return ValueError(
        f"a batch of images has shape ({wanted}), got {shape}\nhelp: {cure}"
    )


def one_value(shape: Shape) -> ValueError:
    """ValueError: in training, batch normalization got one number in each channel.

    Args: shape, of its input.
    """
    return ValueError(
        f"a batch of shape {shape} has one number in each channel, and no spread\n"
        "help: train with larger batches (drop_last=True), or switch to use: .eval()"
    )


def whole_number(name: str, value: object, least: int) -> int:
    """Return a setting of a layer as an int, after checking it.

    Args: name, of the setting, for the message.
    Raises: ValueError unless value is a whole number of at least `least`.
    """
    if not isinstance(value, (int, np.integer)) or value < least:
        raise no_setting(name, value, least)
    return int(value)


def kernel_pair(kernel_size: Any) -> tuple[int, int]:
    """Return a kernel's height and width, given as a pair or as one number for both.

    Raises: ValueError unless both are whole numbers of at least 1.
    """
    both = kernel_size if isinstance(kernel_size, (tuple, list)) else [kernel_size] * 2
    if len(both) != 2:
        raise no_setting("kernel_size", kernel_size, 1)
    height, width = (whole_number("kernel_size", size, 1) for size in both)
    return height, width
