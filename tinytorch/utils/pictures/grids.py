"""`plot.images`: images in a grid, such as digits, filters or feature maps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tinytorch.errors import plot as errors
from tinytorch.utils.pictures import svg
from tinytorch.utils.pictures.picture import Picture

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.floating]

SHADES = " ░▒▓█"  # characters of pictures as text, from light to dark


def images(
    array: ArrayLike,
    titles: Iterable[object] = (),
    columns: int | None = None,
    size: int = 64,
) -> Picture:
    """Draw the images of an array in a grid.

    All images share one scale. Without negative numbers the smallest number is white
    and the largest black, like ink on paper. Otherwise 0 is white, positive numbers are
    blue and negative ones orange, with equal strength for equal absolute values.

    Args: array, of shape (H, W), (N, H, W) or (N, C, H, W), where each channel is an
        image; titles, texts for the first images or for all; columns, images in a row,
        by default C if there are several channels, otherwise 8; size, the width of an
        image in the SVG, in pixels.
    Returns: a Picture.
    Raises: ValueError if the array has fewer or more axes, or no numbers.
    """
    numbers = np.asarray(array, float)
    if not 2 <= numbers.ndim <= 4 or numbers.size == 0:
        raise errors.no_images(numbers.shape)
    if numbers.ndim == 4 and columns is None and numbers.shape[1] > 1:
        columns = numbers.shape[1]
    numbers = numbers.reshape(-1, *numbers.shape[-2:])  # (N, H, W)
    columns = min(columns or 8, len(numbers))
    names = [str(title) for title in titles][: len(numbers)]
    names += [""] * (len(numbers) - len(names))
    scaled = _scaled(numbers)
    return Picture(
        _images_as_svg(scaled, names, columns, size),
        _images_as_text(scaled, names, columns),
    )


def _scaled(array: Floats) -> Floats:
    """Return numbers scaled to 0 to 1, or to -1 to 1 if some are negative.

    nan becomes 0 before, and so do all numbers if they are equal and not negative.
    """
    array = np.nan_to_num(array)
    low, high = array.min(), array.max()
    if low < 0:
        return array / max(-low, high)
    return (array - low) / (high - low) if high > low else np.zeros_like(array)


def _images_as_text(scaled: Floats, titles: Sequence[str], columns: int) -> str:
    """Return the grid in characters, two for each pixel.

    Args: scaled, images (N, H, W) with numbers from -1 to 1; titles, N texts, which may
        be ""; columns, images in a row.
    """
    width, blocks = 2 * scaled.shape[2], []
    for start in range(0, len(scaled), columns):
        row = list(range(start, min(start + columns, len(scaled))))
        if any(titles[i] for i in row):
            blocks.append("   ".join(f"{titles[i][:width]:<{width}}" for i in row))
        for y in range(scaled.shape[1]):
            blocks.append("   ".join(map(_shaded, scaled[row, y])))
        blocks.append("")
    return "\n".join(line.rstrip() for line in blocks[:-1])


def _shaded(values: Floats) -> str:
    """Return a row of pixels in characters, two for each; "--" for numbers < -0.125."""
    shade = [SHADES[round(4 * abs(v))] if v >= -0.125 else "-" for v in values]
    return "".join(character * 2 for character in shade)


def _images_as_svg(
    scaled: Floats, titles: Sequence[str], columns: int, size: int
) -> str:
    """Return the grid as SVG, each image `size` pixels wide, its title above it.

    Args: scaled, titles, columns, as in `_images_as_text`.
    """
    height = size * scaled.shape[1] / scaled.shape[2]
    above = 20 if any(titles) else 0
    parts, gap, orange, blue = [], 10, svg.color(1), svg.color(0)
    for i, values in enumerate(scaled):
        x = gap + i % columns * (size + gap)
        y = gap + i // columns * (height + above + gap)
        if titles[i]:
            parts.append(
                svg.words(x + size / 2, y + 13, titles[i], "middle", "tt-soft")
            )
        dark = np.where(values[..., None] < 0, orange, blue if scaled.min() < 0 else 20)
        colors = 255 + np.abs(values)[..., None] * (dark - 255)  # (H, W, 3)
        pixels = np.round(colors).astype(np.uint8)
        parts.append(svg.pixels(x, y + above, size, height, pixels))
    rows = -(-len(scaled) // columns)
    label = f"{len(scaled)} images of {scaled.shape[1]} by {scaled.shape[2]} pixels"
    wide, high = gap + columns * (size + gap), gap + rows * (height + above + gap)
    return svg.document(wide, high, label, parts)
