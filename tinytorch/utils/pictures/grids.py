"""Images in a grid: digits, filters, feature maps."""

import numpy as np

from tinytorch.errors import plot as errors
from tinytorch.utils.pictures import svg
from tinytorch.utils.pictures.picture import Picture

SHADES = " ░▒▓█"


def images(array, titles=(), columns=None, size=64):
    """Images in a grid, light to dark; with negative numbers, orange, white, blue.

    All images share one scale. Without negative numbers the smallest is white and the
    largest black, as ink on paper; else 0 is white, and what lies as far from it on
    both sides is equally strong.

    Args: array, (H, W), (N, H, W) or (N, C, H, W), in which each example gets a row;
        titles, a text for each image, if any; columns, images in a row, 8 by default;
        size, the width of an image in a page, in pixels.
    Returns: a Picture.
    Raises: ValueError if the array has other axes, or nothing in it.
    """
    array = np.asarray(array, float)
    if not 2 <= array.ndim <= 4 or array.size == 0:
        raise errors.no_images(array.shape)
    if array.ndim == 4 and columns is None and array.shape[1] > 1:
        columns = array.shape[1]
    array = array.reshape(-1, *array.shape[-2:])  # (N, H, W)
    columns = min(columns or 8, len(array))
    titles = [str(title) for title in titles][: len(array)]
    titles += [""] * (len(array) - len(titles))
    scaled = _scaled(array)
    return Picture(
        _images_as_svg(scaled, titles, columns, size),
        _images_as_text(scaled, titles, columns),
    )


def _scaled(array):
    """Numbers from 0 to 1, or from -1 to 1 if some are negative; nan becomes 0."""
    array = np.nan_to_num(array)
    low, high = array.min(), array.max()
    if low < 0:
        return array / max(-low, high)
    return (array - low) / (high - low) if high > low else np.zeros_like(array)


def _images_as_text(scaled, titles, columns):
    width, blocks = 2 * scaled.shape[2], []
    for start in range(0, len(scaled), columns):
        row = list(range(start, min(start + columns, len(scaled))))
        if any(titles[i] for i in row):
            blocks.append("   ".join(f"{titles[i][:width]:<{width}}" for i in row))
        for y in range(scaled.shape[1]):
            blocks.append("   ".join(map(_shaded, scaled[row, y])))
        blocks.append("")
    return "\n".join(line.rstrip() for line in blocks[:-1])


def _shaded(values):
    """A row of pixels, two characters each; `-` where one is clearly below 0."""
    shade = [SHADES[round(4 * abs(v))] if v >= -0.125 else "-" for v in values]
    return "".join(character * 2 for character in shade)


def _images_as_svg(scaled, titles, columns, size):
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
    shape = (
        f"{gap + columns * (size + gap)} {gap + rows * (height + above + gap)}".split()
    )
    label = f"{len(scaled)} images of {scaled.shape[1]} by {scaled.shape[2]} pixels"
    return svg.document(*map(float, shape), label, parts)
