"""`plot.boundary`: the regions of a plane in which a model gives each answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from tinytorch.errors import plot as errors
from tinytorch.utils.pictures import svg
from tinytorch.utils.pictures.picture import Picture

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Ints = NDArray[np.integer]
    Floats = NDArray[np.floating]


def boundary(
    answer: Callable[[NDArray[np.float32]], ArrayLike],
    points: ArrayLike,
    labels: ArrayLike,
    steps: int = 40,
    xlabel: str = "",
    ylabel: str = "",
) -> Picture:
    """Draw the regions in which a model gives each answer, and points of known class.

    Args: answer, a function that takes an array (n, 2) of float32 places and returns
        a number for each: a class id, or a number between two ids, such as the
        probability of class 1, which is drawn as a mixture of their colors; points,
        an array (m, 2); labels, their m class ids; steps, squares on each side of the
        grid of places; xlabel, ylabel, the names of the axes.
    Returns: a Picture.
    Raises: ValueError if points, labels or answers have other shapes, or there are no
        points.
    """
    plane, classes = np.asarray(points, float), np.asarray(labels).reshape(-1)
    if (
        plane.ndim != 2
        or plane.shape[1] != 2
        or len(classes) != len(plane)
        or not len(plane)
    ):
        raise errors.no_points(plane.shape, classes.shape)
    low, high = plane.min(axis=0), plane.max(axis=0)
    margin = 0.12 * np.where(high > low, high - low, 1)
    low, high = low - margin, high + margin
    places = _centers(low, high, steps)
    answers = np.asarray(answer(places.astype(np.float32)), float)
    if answers.size != steps * steps:
        raise errors.no_answers(answers.shape, steps * steps)
    answers = answers.reshape(steps, steps)
    inside = (plane - low) / (high - low)  # (m, 2), from 0 to 1
    ids = classes.astype(int)
    return Picture(
        _as_svg(answers, inside, ids, low, high, xlabel, ylabel),
        _as_text(answers, inside, ids),
    )


def _centers(low: Floats, high: Floats, steps: int) -> Floats:
    """Return the centers of the squares of a grid, (steps * steps, 2), row by row.

    The first row is the top one.

    Args: low, high, the lower left and the upper right corner of the grid, (2,) each.
    """
    centers = (np.arange(steps) + 0.5) / steps  # along an axis, in parts of its length
    xs, ys = low[0] + centers * (high - low)[0], high[1] - centers * (high - low)[1]
    return np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)


def _as_text(
    answers: Floats, inside: Floats, ids: Ints, width: int = 48, height: int = 20
) -> str:
    """Return the picture in characters: a shade for each class, a mark for each point.

    Args: as in `_as_svg`; width, height, of the picture without its legend, in
        characters.
    """
    steps = len(answers)
    rows = (np.arange(height) + 0.5) / height * steps
    columns = (np.arange(width) + 0.5) / width * steps
    coarse = np.rint(answers[np.ix_(rows.astype(int), columns.astype(int))]).astype(int)
    shades = "·▒ ░▓"
    grid = [[shades[number % len(shades)] for number in row] for row in coarse]
    for (x, y), number in zip(inside, ids, strict=True):
        grid[int((1 - y) * height)][int(x * width)] = svg.MARKS[number % len(svg.MARKS)]
    known = sorted(set(ids.tolist()))
    names = [
        f"{svg.MARKS[i % len(svg.MARKS)]} in {shades[i % len(shades)]!r}: {i}"
        for i in known
    ]
    return "\n".join(["   ".join(names), *map("".join, grid)])


def _as_svg(
    answers: Floats,
    inside: Floats,
    ids: Ints,
    low: Floats,
    high: Floats,
    xlabel: str,
    ylabel: str,
    side: int = 300,
) -> str:
    """Return the picture as SVG: the regions, a square of `side` pixels, with a legend.

    Args: answers, (steps, steps), the top row first; inside, the points, (m, 2), with
        (0, 0) at the lower left corner of the square and (1, 1) at the upper right;
        ids, the classes of the points, (m,); low, high, (2,), the numbers at these
        corners.
    """
    x0, y0 = 62, 14
    parts = [svg.pixels(x0, y0, side, side, _pale_colors(answers))]
    for (x, y), number in zip(inside, ids, strict=True):
        parts.append(svg.dot(x0 + x * side, y0 + (1 - y) * side, number))
    for i, name in enumerate([f"{low[0]:.3g}", f"{high[0]:.3g}"]):
        parts.append(
            svg.words(x0 + i * side, y0 + side + 18, name, "middle", "tt-soft")
        )
    for i, name in enumerate([f"{low[1]:.3g}", f"{high[1]:.3g}"]):
        parts.append(
            svg.words(x0 - 8, y0 + side - i * side + 4, name, "end", "tt-soft")
        )
    parts.append(svg.words(x0 + side / 2, y0 + side + 20, xlabel, "middle"))
    parts.append(svg.words(16, y0 + side / 2, ylabel, "middle", turn=-90))
    for i, number in enumerate(sorted(set(ids.tolist()))):
        y = y0 + 10 + 22 * i
        parts.append(svg.dot(x0 + side + 24, y, number))
        parts.append(svg.words(x0 + side + 38, y + 4, f"class {number}"))
    label = f"regions of {len(set(ids.tolist()))} classes and {len(ids)} points"
    return svg.document(x0 + side + 120, y0 + side + 34, label, parts)


def _pale_colors(answers: Floats) -> NDArray[np.uint8]:
    """Return the color of each square, bytes (steps, steps, 3).

    The colors of the two nearest classes are mixed, and then thinned to 40 % on white,
    so that points stand out from the regions.
    """
    below = np.floor(answers).astype(int)
    share = (answers - below)[..., None]  # of the class above, from 0 to 1
    table = np.array([svg.color(i) for i in range(len(svg.COLORS))])
    classes = len(table)
    mixed = table[below % classes] * (1 - share) + table[(below + 1) % classes] * share
    return np.round(255 + 0.4 * (mixed - 255)).astype(np.uint8)
