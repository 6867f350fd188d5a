"""Generated from modules/08_dataloader/dataloader_dev.py: edit that file, then run `make package`.

Chapter 08 of the book, DataLoader.
"""

__all__ = [
    "Dataset",
    "TensorDataset",
    "batches",
    "stack",
    "collate",
    "DataLoader",
    "RandomHorizontalFlip",
    "RandomCrop",
    "Compose",
]

import numpy as np

from tinytorch.core.autograd import no_grad
from tinytorch.core.tensor import Tensor, operand
from tinytorch.errors import dataloader as errors


# cell 08-dataset
class Dataset:
    """Examples that can be counted and fetched; inherit it and define the two below."""

    def __len__(self):
        raise errors.not_defined(type(self).__name__, "__len__")

    def __getitem__(self, place):
        raise errors.not_defined(type(self).__name__, "__getitem__")

    # cell 08-fetch
    def fetch(self, positions):
        """The examples at these positions as a batch, got one by one."""
        return collate([self[place] for place in positions])


# cell 08-dataset
class TensorDataset(Dataset):
    """Examples that lie in Tensors: entry i of each of them makes example i."""

    def __init__(self, *tensors):
        self.tensors = [x if isinstance(x, Tensor) else Tensor(x) for x in tensors]
        lengths = [len(x) for x in self.tensors]
        if len(set(lengths)) != 1:
            raise errors.unlike_lengths(lengths)

    def __len__(self):
        return len(self.tensors[0])

    def __getitem__(self, place):
        return tuple(tensor[place] for tensor in self.tensors)  # each without axis 0

    # cell 08-fetch-all
    def fetch(self, positions):
        """The examples at these positions as a batch, picked all at once."""
        return self[positions]


# cell 08-batches
def batches(order, batch_size, drop_last=False):
    """Cut a row of positions into batches.

    Args: order, a list or array of positions; batch_size, an int of at least 1;
        drop_last, True to leave out a last batch that is short.
    Returns: a list of slices of order, of batch_size each but perhaps for the last.

    EXAMPLE:
    >>> batches([4, 0, 5, 2, 1, 6, 3], 3)
    [[4, 0, 5], [2, 1, 6], [3]]
    """
    starts = range(0, len(order), batch_size)
    pieces = [order[start : start + batch_size] for start in starts]
    if drop_last and pieces and len(pieces[-1]) < batch_size:
        pieces.pop()
    return pieces


# cell 08-stack
def stack(values):
    """A Tensor (n, ...) of n Tensors, arrays or numbers of one shape (...)."""
    arrays = [operand(value) for value in values]
    shapes = [np.shape(array) for array in arrays]
    if shapes.count(shapes[0]) < len(shapes):
        raise errors.unlike_examples(shapes)
    return Tensor(np.stack(arrays), np.float32 if type(arrays[0]) is float else None)


# cell 08-collate
def collate(examples):
    """Make a batch of a list of examples, tuples of equal length.

    Returns: a tuple of that length: a Tensor of all first parts, one of all second …
    Raises: ValueError, from stack, if parts that belong together differ in shape.

    EXAMPLE:
    >>> [part.tolist() for part in collate([([1.0, 2.0], 7), ([3.0, 4.0], 9)])]
    [[[1.0, 2.0], [3.0, 4.0]], [7, 9]]
    """
    return tuple(stack(parts) for parts in zip(*examples, strict=True))


# cell 08-loader
class DataLoader:
    """All of a Dataset in batches, once per loop; with shuffle in a new order each."""

    def __init__(self, dataset, batch_size=1, shuffle=False, drop_last=False, rng=None):
        if not isinstance(dataset, Dataset):
            raise errors.not_dataset(dataset)
        if not isinstance(batch_size, (int, np.integer)) or batch_size < 1:
            raise errors.no_batch_size(batch_size)
        if len(dataset) == 0:
            raise errors.no_examples()
        if drop_last and batch_size > len(dataset):
            raise errors.nothing_left(len(dataset), batch_size)
        self.dataset, self.batch_size, self.drop_last = dataset, batch_size, drop_last
        self.shuffle, self.rng = shuffle, np.random.default_rng(rng)

    def __len__(self):
        count, rest = divmod(len(self.dataset), self.batch_size)
        return count + (rest > 0 and not self.drop_last)

    # cell 08-loader-iter
    def __iter__(self):
        """One batch after the other, until each example was there once.

        EXAMPLE:
        >>> loader = DataLoader(TensorDataset([5, 6, 7]), batch_size=2)
        >>> [x.tolist() for (x,) in loader]
        [[5.0, 6.0], [7.0]]
        """
        n = len(self.dataset)
        order = self.rng.permutation(n) if self.shuffle else np.arange(n)  # (n,)
        for positions in batches(order, self.batch_size, self.drop_last):
            with no_grad():
                batch = self.dataset.fetch(positions)
            yield batch


# cell 08-flip
class RandomHorizontalFlip:
    """Mirror an image (..., height, width) left to right with probability p."""

    def __init__(self, p=0.5, rng=None):
        if not 0 <= p <= 1:
            raise errors.no_probability(p)
        self.p, self.rng = p, np.random.default_rng(rng)

    def __call__(self, image):
        return image[..., ::-1] if self.rng.random() < self.p else image


# cell 08-crop-class
class RandomCrop:
    """Cut size by size pixels out of an image at a random place, framed by zeros."""

    def __init__(self, size, padding=0, rng=None):
        if size < 1 or padding < 0:
            raise errors.no_crop(size, padding)
        self.size, self.padding, self.rng = size, padding, np.random.default_rng(rng)

    def framed(self, image):
        """The image with zeros on all sides, an array that is large enough."""
        if image.ndim < 2 or min(image.shape[-2:]) + 2 * self.padding < self.size:
            raise errors.too_small(image.shape, self.size, self.padding)
        pad, (*front, height, width) = self.padding, image.shape
        whole = np.zeros((*front, height + 2 * pad, width + 2 * pad), image.dtype)
        whole[..., pad : pad + height, pad : pad + width] = image.data
        return whole

    # cell 08-crop
    def __call__(self, image):
        """Cut the window out of the framed image.

        Args: image, a Tensor (..., height, width).
        Returns: a Tensor (..., size, size).
        Raises: ValueError if the window does not fit.

        EXAMPLE:
        >>> RandomCrop(2)(Tensor(np.ones((3, 5, 4)))).shape
        (3, 2, 2)
        """
        whole = self.framed(image)  # (..., height + 2 padding, width + 2 padding)
        height, width = whole.shape[-2:]
        top = self.rng.integers(height - self.size + 1)
        left = self.rng.integers(width - self.size + 1)
        return Tensor(whole[..., top : top + self.size, left : left + self.size])


# cell 08-compose
class Compose:
    """Transforms, or any functions of an image, one after the other."""

    def __init__(self, *transforms):
        self.transforms = transforms

    def __call__(self, image):
        for transform in self.transforms:
            image = transform(image)
        return image
