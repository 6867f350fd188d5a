"""Images in a grid, for `plot.images`: digits, filters, feature maps."""

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

SHADES = " ░▒▓█"  # in text, from light to dark


def images(
    array: ArrayLike,
    titles: Iterable[object] = (),
    columns: int | None = None,
    size: int = 64,
) -> Picture:
    """Draw images in a grid, light to dark; with negative numbers, orange, white, blue.

    All images share one scale. Without negative numbers the smallest number is white
    and the largest black, as ink on paper. Otherwise 0 is white, and numbers of equal
    size on both sides of it are equally strong.

    Args: array, of shape (H, W), (N, H, W) or (N, C, H, W), of which the last gives
        each example a row of its channels; titles, a text for each image, if any;
        columns, images in a row, 8 by default; size, the width of an image in a page,
        in pixels.
    Returns: a Picture.
    Raises: ValueError if the array has other axes, or no numbers.
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
    """Scale numbers to 0 to 1, or to -1 to 1 if some are negative; nan becomes 0."""
    array = np.nan_to_num(array)
    low, high = array.min(), array.max()
    if low < 0:
        return array / max(-low, high)
    return (array - low) / (high - low) if high > low else np.zeros_like(array)


def _images_as_text(scaled: Floats, titles: Sequence[str], columns: int) -> str:
    """Return images (N, H, W) in characters, two for a pixel, in rows of the grid."""
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
    """Return a row of pixels, two characters each; `-` for one clearly below 0."""
    shade = [SHADES[round(4 * abs(v))] if v >= -0.125 else "-" for v in values]
    return "".join(character * 2 for character in shade)


def _images_as_svg(
    scaled: Floats, titles: Sequence[str], columns: int, size: int
) -> str:
    """Return images (N, H, W) as SVG, each `size` pixels wide, with titles above."""
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
