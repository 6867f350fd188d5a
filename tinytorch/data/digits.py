"""The data set of handwritten digits: 1,797 images of 8 by 8 pixels, with labels."""

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
    """Return the digits: 1,437 images and labels to train with, and 360 to test with.

    Returns: four arrays: the training images, (1437, 1, 8, 8) float32, from 0 (paper)
        to 1 (ink), and their labels, (1437,) int64 from 0 to 9; then the 360 images
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
    """Return a random split of examples in two parts with the same mix of classes.

    Args: labels, an array (n,) of class ids 0, 1, 2, …; share, the fraction of the
        examples that goes into the second part, from 0 to 1; seed, of the random
        numbers.
    Returns: the indices of the examples in each part, two arrays in rising order that
        together hold 0 to n - 1.
    """
    # RandomState gives the same numbers in every version of numpy. They are drawn in
    # the order of scikit-learn's train_test_split(..., stratify=labels), for equal
    # parts.
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
    """Return numbers rounded to ints, with the same sum up to rounding.

    The numbers with the largest fractions are rounded up, the others down; rng chooses
    among equal fractions.
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
