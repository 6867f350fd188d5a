"""Small worlds for the demonstrations of chapters 06 and 07."""

import numpy as np


def show_path(path, width=61, height=9):
    """Print points on a map, x from 0 to 10 and y from -1 to 1, seen from above.

    Args: path, pairs of numbers in order; each is drawn as the last digit of its
        place, and where two meet the earlier one is seen. What lies outside is left
        out. width and height, of the map in characters.
    """
    rows = [[" "] * width for _ in range(height)]
    for number, (x, y) in list(enumerate(path))[::-1]:  # early steps on top
        if 0 <= x <= 10 and abs(y) <= 1:
            row, column = (1 - y) * (height - 1) / 2, x * (width - 1) / 10
            rows[round(row)][round(column)] = str(number % 10)
    print("\n".join("".join(row).rstrip() for row in rows))


def spirals(rng, count, mistakes=0.0):
    """Points on three spiral arms, and the arm that each is said to lie on.

    Args: rng, a numpy Generator or a seed; count, points on an arm, an int; mistakes,
        the share of points whose arm is drawn at random.
    Returns: a float32 array (3 * count, 2), and an array of 0, 1 or 2 (3 * count,), in
        random order.
    """
    rng = np.random.default_rng(rng)
    arm = np.repeat([0, 1, 2], count)
    far = np.tile(np.linspace(0.1, 1, count), 3)
    angle = 5 * far + 2.1 * arm + rng.normal(0, 0.1, 3 * count)
    points = far * np.array([np.sin(angle), np.cos(angle)])  # (2, 3 * count)
    arm = np.where(rng.random(3 * count) < mistakes, rng.integers(0, 3, 3 * count), arm)
    order = rng.permutation(3 * count)
    return points.T[order].astype(np.float32), arm[order]
