"""A small data set and a map in characters, for examples in chapters 06 and 07."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def show_path(
    path: Sequence[tuple[float, float]], width: int = 61, height: int = 9
) -> None:
    """Print points on a map of characters, x from 0 to 10 and y from -1 to 1.

    The points are numbered from 0, and each is drawn as the last digit of its number.
    Where two points meet, the earlier is drawn. Points outside the map are left out.

    Args: path, points (x, y) in order; width, height, of the map in characters.
    """
    rows = [[" "] * width for _ in range(height)]
    for number, (x, y) in list(enumerate(path))[::-1]:  # early points on top
        if 0 <= x <= 10 and abs(y) <= 1:
            row, column = (1 - y) * (height - 1) / 2, x * (width - 1) / 10
            rows[round(row)][round(column)] = str(number % 10)
    print("\n".join("".join(row).rstrip() for row in rows))


def spirals(
    rng: np.random.Generator | int, count: int, mistakes: float = 0.0
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return points on three spiral arms, and for each point the label of its arm.

    Args: rng, a numpy Generator or a seed; count, the number of points on each arm;
        mistakes, the share of points, from 0 to 1, whose label is drawn at random.
    Returns: in random order, the points, (3 * count, 2) float32, and their labels 0, 1
        or 2, (3 * count,) int64.
    """
    rng = np.random.default_rng(rng)
    arm = np.repeat([0, 1, 2], count)
    far = np.tile(np.linspace(0.1, 1, count), 3)
    angle = 5 * far + 2.1 * arm + rng.normal(0, 0.1, 3 * count)
    points = far * np.array([np.sin(angle), np.cos(angle)])  # (2, 3 * count)
    arm = np.where(rng.random(3 * count) < mistakes, rng.integers(0, 3, 3 * count), arm)
    order = rng.permutation(3 * count)
    return points.T[order].astype(np.float32), arm[order]
