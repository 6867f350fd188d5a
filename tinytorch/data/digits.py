"""Handwritten digits: 1,797 images of 8 by 8 pixels, and which digit each shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Images = NDArray[np.float32]
    Labels = NDArray[np.int64]

FILE = Path(__file__).parent / "digits.npz"


def load_digits() -> tuple[Images, Labels, Images, Labels]:
    """Load the digits: four fifths as training set, one fifth as test set.

    Returns: four arrays: the training images, (1437, 1, 8, 8) float32, from 0 (paper)
        to 1 (ink), and their labels, (1437,), ints from 0 to 9; then the 360 images
        and labels of the test set. Each call returns new arrays of equal content.
    """
    with np.load(FILE) as file:
        images, labels = file["images"], file["labels"].astype(np.int64)
    images = images[:, None].astype(np.float32) / 16  # (1797, 8, 8) -> (1797, 1, 8, 8)
    train, test = stratified_split(labels, 0.2, seed=0)
    return images[train], labels[train], images[test], labels[test]


def stratified_split(
    labels: NDArray[np.integer], share: float, seed: int
) -> tuple[NDArray[Any], ...]:
    """Split examples at random in two parts, with the same share of every class.

    Args: labels, an array (n,) of class ids 0, 1, 2, …; share, the part of
        examples in the second part, from 0 to 1; seed, of the random numbers.
    Returns: two arrays of positions, together 0 to n - 1, each in rising order.
    """
    # numpy's older generator, whose numbers never change, drawn from in the order in
    # which scikit-learn's train_test_split(..., stratify=labels) draws: same parts.
    rng = np.random.RandomState(seed)
    sizes = np.bincount(labels)
    wanted = sizes / len(labels) * (len(labels) - np.ceil(share * len(labels)))
    first = round_to_sum(wanted, rng)
    parts: tuple[list[Any], list[Any]] = ([], [])
    for label, count in enumerate(first):
        positions = rng.permutation(np.flatnonzero(labels == label))
        parts[0].append(positions[:count])
        parts[1].append(positions[count:])
    return tuple(np.sort(np.concatenate(part)) for part in parts)


def round_to_sum(
    wanted: NDArray[np.floating], rng: np.random.RandomState
) -> NDArray[Any]:
    """Round numbers to ints of the same sum.

    Up are rounded those with the largest fractions; rng chooses among equal ones.
    """
    rounded = np.floor(wanted).astype(int)
    missing = round(wanted.sum()) - rounded.sum()
    fractions = wanted - rounded
    for fraction in sorted(set(fractions.tolist()), reverse=True):
        if missing > 0:
            tied = np.flatnonzero(fractions == fraction)
            chosen = rng.choice(tied, min(len(tied), missing), replace=False)
            rounded[chosen] += 1
            missing -= len(chosen)
    return rounded
