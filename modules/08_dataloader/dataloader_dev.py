# %% [markdown]
r"""
# Module 08: DataLoader

A training step wants a batch: 64 images in one Tensor, drawn at random from thousands. What you have is a pile, often
sorted. In this chapter you build what lies between: a `Dataset`, which knows its examples one by one, and a
`DataLoader`, which deals them out in batches, in a new order each time, and in the same orders again when you ask for
them. On the way images can be shifted or mirrored, so that a small pile goes further.

**Learning Objectives:**

- Build a `DataLoader`, and say what an epoch, a batch and the short last batch are.
- Shuffle so that every order is equally likely, and show why a simpler way is not fair.
- Turn images into new ones that keep their label, and name changes that do not.
- Measure what a batch costs before the model sees it, and say when a model waits for its data.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "08-imports"}}
#| default_exp core.dataloader
#| names Dataset TensorDataset DataLoader Compose RandomCrop RandomHorizontalFlip
#| export
import numpy as np

from tinytorch.core.autograd import no_grad
from tinytorch.core.tensor import Tensor, operand
from tinytorch.errors import dataloader as errors

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "08-tools"}}
from tinytorch.core.activations import ReLU
from tinytorch.core.layers import Linear, Sequential
from tinytorch.core.losses import cross_entropy
from tinytorch.core.optimizers import SGD
from tinytorch.core.tensor import extend
from tinytorch.core.training import Trainer
from tinytorch.data import load_digits
from tinytorch.utils import plot
from tinytorch.utils.check import expect, expect_error, expect_tensor
from tinytorch.utils.measure import bars, seconds, show, table, traced

# %% [markdown]
r"""
## Part 1: Mathematical Foundations

The loss that we want to make small is a mean over all examples, and so is its gradient. To know that gradient exactly
one has to look at every example, for a single step. But a mean can be estimated: ask a few, chosen at random, and
take theirs. Such a few are a **batch**, and going once through all examples, batch by batch, is an **epoch**.

How good is the estimate? As in chapter 03, the variance of a sum of independent numbers is the sum of their
variances. So if one example's value scatters with variance $\sigma^2$, the mean of $B$ of them has the variance
$B \sigma^2 / B^2$, and strays from the true mean by about

$$\frac{\sigma}{\sqrt{B}}$$

Four times the examples halve the error. The data of this chapter are 1,437 images of handwritten digits, 8 by 8
pixels, with 360 more to test on (`tinytorch/data/README.md` says whose they are). Here is how far the mean of one
pixel in a batch lies from its mean in all images, over a thousand batches of each size:
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "08-estimate"}}
images, labels, unseen_images, unseen_labels = load_digits()  # (1437, 1, 8, 8), …
pixel, rng, rows = images[:, 0, 4, 3], np.random.default_rng(0), []  # (1437,)
for size in [1, 4, 16, 64, 256]:
    means = pixel[rng.integers(0, 1437, (1000, size))].mean(axis=1)  # (1000,)
    error = np.sqrt(((means - pixel.mean()) ** 2).mean())
    rows.append([size, f"{error:.3f}", f"{pixel.std() / size**0.5:.3f}"])
print(table(["batch size", "error, measured", "σ / √B"], rows))

# %% [markdown]
r"""
A batch of 64 is off by an eighth of $\sigma$, for a 22nd of the work. So an epoch makes 23 steps instead of one, and
as long as the gradient is larger than that error, each goes roughly the right way. But this holds for examples drawn
*at random*. The first 64 of a sorted pile all show the same digit, and say little about the others.

### Computational Complexity

For $n$ examples of $d$ numbers, in batches of $B$. There is no arithmetic: loading is copying, and Python.

| | cost |
|---|---|
| batches in an epoch | $n/B$, rounded up with a short last batch, or down without it |
| a new order | $n$ draws, and $8n$ bytes for the positions; the examples stay where they are |
| a batch | $Bd$ numbers copied |

## A Dataset Knows Its Examples

All that a loader must know of a data set is how many examples there are, and how to get number $i$, be it from an
array, a file or a camera. Python has words for both: `len(dataset)` calls `__len__`, and `dataset[i]` calls
`__getitem__(i)`. An example is a tuple, such as an image and its label. `Dataset` is the class that others inherit:
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "08-dataset"}}
#| export
class Dataset:
    """Examples that can be counted and fetched; inherit it and define the two below."""

    def __len__(self):
        raise errors.not_defined(type(self).__name__, "__len__")

    def __getitem__(self, place):
        raise errors.not_defined(type(self).__name__, "__getitem__")


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

# %% [markdown]
r"""
```text
   TensorDataset(images, labels)

   images      image 0    image 1    image 2    image 3        (4, 1, 8, 8)
   labels         5          0          4          1           (4,)
                             ▲
                  example 1: (image 1, 0)
```

The example at a place is what stands there in each of the Tensors. A Tensor takes a list or an array of positions as
well, so `dataset[[3, 0]]` gives two examples at once: a tuple of Tensors whose first axis has size 2. It saves time later.

:::{predict} `images` has shape (1437, 1, 8, 8). What shape has the image in `train[0]`, the first example?
:shows: the first: {}
- [ ] `(1, 1, 8, 8)`: a list of positions keeps axis 0, as in `train[[0]]`; a single position removes it.
- [ ] `(8, 8)`: only axis 0 goes. The next one, of size 1, is the one color that these images have.
- [x] `(1, 8, 8)`: axis 0 counts the images and goes; one color, 8 rows and 8 columns are left.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "08-digits"}}
train = TensorDataset(images, labels)
print(f"{len(train)} examples; the first: {train[0][0].shape}, {train[0][1].item()}")
plot.images(images[:16], titles=labels[:16], size=56)

# %% [markdown]
r"""
## Cutting into Batches

A loader moves no examples around. It puts their *positions*, the numbers 0 to $n - 1$, in some order, and cuts that
row into pieces of `batch_size`. What is left at the end makes a short batch. A mean over 3 examples scatters far more
than one over 64, so `drop_last=True` can leave it out.

```text
   order      4  0  5  2  1  6  3                  batch_size 3
   batches    4  0  5 │ 2  1  6 │ 3                the last is short: kept, or dropped
```
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "08-batches"}}
#| export
def batches(order, batch_size, drop_last=False):
    """Cut a row of positions into batches.

    Args: order, a list or array of positions; batch_size, an int of at least 1;
        drop_last, True to leave out a last batch that is short.
    Returns: a list of slices of order, of batch_size each but perhaps for the last.

    TODO: return the pieces in their order.

    APPROACH:
    1. The pieces begin at 0, batch_size, 2 * batch_size, … below len(order).
    2. Cut out of order from each beginning to batch_size further on.
    3. If drop_last, and there is a last piece and it is short, take it off.

    EXAMPLE:
    >>> batches([4, 0, 5, 2, 1, 6, 3], 3)
    [[4, 0, 5], [2, 1, 6], [3]]

    HINT: range(start, stop, step) counts in steps; a slice may reach past the end.
    """
    ### BEGIN SOLUTION
    starts = range(0, len(order), batch_size)
    pieces = [order[start : start + batch_size] for start in starts]
    if drop_last and pieces and len(pieces[-1]) < batch_size:
        pieces.pop()
    return pieces
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Batches

Rows that divide evenly and rows that do not, with and without the rest; rows shorter than a batch; and an array.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "08-batches-check"}}
def test_batches():
    """Every position once, in order; the rest kept or dropped."""
    row = [4, 0, 5, 2, 1, 6, 3]
    cases = [(row, 3, False, [[4, 0, 5], [2, 1, 6], [3]])]
    cases += [(row, 3, True, [[4, 0, 5], [2, 1, 6]]), (row, 7, True, [row])]
    cases += [(row[:6], 3, True, [[4, 0, 5], [2, 1, 6]]), (row, 9, False, [row])]
    cases += [(row, 9, True, []), (row[:2], 1, True, [[4], [0]]), ([], 3, True, [])]
    for order, size, drop, expected in cases:
        what = f"batches({order}, {size}, {drop})"
        expect(what, batches(order, size, drop), expected)
    pieces = [[int(i) for i in piece] for piece in batches(np.arange(5), 2)]
    expect("batches(np.arange(5), 2)", pieces, [[0, 1], [2, 3], [4]])
    ### BEGIN HIDDEN TESTS
    expect("without drop_last", batches([8, 9, 7], 2), [[8, 9], [7]])
    expect("no positions", batches([], 4), [])
    expect("an array", batches(np.arange(3), 2)[1].tolist(), [2])
    expect("no positions, dropped", batches([], 4, drop_last=True), [])
    ### END HIDDEN TESTS


test_batches()

# %% [markdown]
r"""
## A Fair Shuffle

A fair shuffle makes each of the $n!$ orders equally likely. Here is a way that looks fair: go through the row, and
swap each card with any card, chosen at random. With three cards there are $3 \cdot 3 \cdot 3 = 27$ equally likely
ways to choose. Try them all, and count how often each order comes out:

:::{predict} In how many of the 27 ways do the cards end where they began, as `[0, 1, 2]`?
:shows: [0, 1, 2] {}
- [ ] `1`: that is the way in which each card is swapped with itself. But two swaps can also undo each other.
- [x] `4`: and as 27 is no multiple of 6, some other orders must come more often.
- [ ] `4.5`: 27 ways for 6 orders would be that many each; but a way is whole, so no sharing is fair.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "08-unfair"}}
counts = {}
for way in range(27):
    order = [0, 1, 2]
    for i, j in enumerate([way // 9, way // 3 % 3, way % 3]):
        order[i], order[j] = order[j], order[i]
    counts[str(order)] = counts.get(str(order), 0) + 1
print(bars("ways to each order", dict(sorted(counts.items())), ""))

# %% [markdown]
r"""
27 ways cannot be shared evenly among 6 orders, so some come up more often, and more cards do not mend it. The remedy
is old (Fisher and Yates, 1938; by swaps, Durstenfeld, 1964). Draw for the *last* place among all $n$ cards, and that
place is done. Draw for the one before among the $n - 1$ cards that remain; and so on. That is $n \cdot (n-1) \cdots 1
= n!$ ways, one for each order.

```text
   0  1  2  3  4        draw from 5 cards: place 1, swap it with place 4
   0  4  2  3 │ 1       draw from 4 cards: place 3, it stays
   0  4  2 │ 3  1       draw from 3 cards: place 0, swap it with place 2
   2  4 │ 0  3  1       draw from 2 cards: …
```
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "08-shuffled"}}
def shuffled(n, rng):
    """A list of the numbers 0 to n - 1, in an order that the Generator rng draws.

    TODO: draw a card for each place, from the last to the second.

    APPROACH:
    1. Start with the list of the numbers in order.
    2. For each place from n - 1 down to 1, draw one of the places 0 to that place,
       itself included: rng.integers(k) gives a number from 0 to k - 1.
    3. Swap the cards at the two places.

    EXAMPLE:
    >>> sorted(shuffled(5, np.random.default_rng(0)))
    [0, 1, 2, 3, 4]

    HINT: range(5, 0, -1) counts down from 5 to 1; a[i], a[j] = a[j], a[i] swaps.
    """
    ### BEGIN SOLUTION
    cards = list(range(n))
    for place in range(n - 1, 0, -1):
        drawn = rng.integers(place + 1)
        cards[place], cards[drawn] = cards[drawn], cards[place]
    return cards
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Shuffle

Every card once; and each of six orders about 3,000 times in 18,000 (the way above would give 2,667 or 3,333).
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "08-shuffled-check"}}
def test_shuffled():
    """All cards, every order about equally often, and the generator that was given."""
    for n in [1, 2, 10]:
        got = shuffled(n, np.random.default_rng(n))
        kind = type(got).__name__, sorted(got)
        expect(f"shuffled({n}), its type and cards", kind, ("list", [*range(n)]))
    rng, counts = np.random.default_rng(1), {}
    for _ in range(18_000):
        order = str(shuffled(3, rng))
        counts[order] = counts.get(order, 0) + 1
    expect("different orders of 3 cards", len(counts), 6)
    for order, count in counts.items():
        expect(f"{order} came {count} times, near 3,000", 2790 < count < 3210, True)
    pair = [shuffled(50, np.random.default_rng(seed)) for seed in (4, 4)]
    expect("the same seed, the same order", pair[0] == pair[1], True)
    ### BEGIN HIDDEN TESTS
    expect("50 cards stay in order", pair[0] == list(range(50)), False)
    expect("no cards", shuffled(0, rng), [])
    expect("asked again", shuffled(50, rng) == shuffled(50, rng), False)
    ### END HIDDEN TESTS


test_shuffled()

# %% [markdown]
r"""
The loader will use `rng.permutation(n)`, which shuffles in the same way, in compiled code.

## From Examples to a Batch

Three examples are a list of three tuples, an image and a label each. A batch is the other way round: a tuple of two
Tensors, the images and the labels. To turn one into the other is to *collate*, as one does with sheets of paper.

```text
   [(image 4, label 4),                (images (3, 1, 8, 8),
    (image 0, label 0),     ────►       labels (3,))
    (image 5, label 5)]
```

The helper `stack` puts values of one shape, Tensors, arrays or numbers, on top of each other along a new first axis.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "08-stack"}}
#| export
def stack(values):
    """A Tensor (n, ...) of n Tensors, arrays or numbers of one shape (...)."""
    arrays = [operand(value) for value in values]
    shapes = [np.shape(array) for array in arrays]
    if shapes.count(shapes[0]) < len(shapes):
        raise errors.unlike_examples(shapes)
    return Tensor(np.stack(arrays), np.float32 if type(arrays[0]) is float else None)

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "08-collate"}}
#| export
def collate(examples):
    """Make a batch of a list of examples, tuples of equal length.

    Returns: a tuple of that length: a Tensor of all first parts, one of all second …
    Raises: ValueError, from stack, if parts that belong together differ in shape.

    TODO: collect the parts that belong together, and stack each collection.

    APPROACH:
    1. zip(*examples) passes the examples to zip one by one; it gives all first parts,
       then all second parts, …
    2. Stack each of these.
    3. Return the Tensors as a tuple.

    EXAMPLE:
    >>> [part.tolist() for part in collate([([1.0, 2.0], 7), ([3.0, 4.0], 9)])]
    [[[1.0, 2.0], [3.0, 4.0]], [7, 9]]

    HINT: list(zip(*[("a", 1), ("b", 2)])) is [("a", "b"), (1, 2)].
    """
    ### BEGIN SOLUTION
    return tuple(stack(parts) for parts in zip(*examples, strict=True))
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Collate

Examples with two parts, and with one.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "08-collate-check"}}
def test_collate():
    """A tuple of Tensors, one for each part of an example."""
    data = TensorDataset(np.arange(16, dtype="float32").reshape(4, 2, 2), [7, 0, 7, 3])
    got = collate([data[3], data[0], data[1]])
    expect("collate gives a", type(got).__name__, "tuple")
    images = [[[12, 13], [14, 15]], [[0, 1], [2, 3]], [[4, 5], [6, 7]]]
    expect_tensor("the images", got[0], images)
    expect_tensor("the labels", got[1], [3, 7, 0])
    (only,) = collate([(1.5,), (2.5,)])
    expect_tensor("one part, floats", only, [1.5, 2.5])
    ### BEGIN HIDDEN TESTS
    three = collate([([1.0], 2, [3.0, 4.0])])
    expect("three parts", [x.shape for x in three], [(1, 1), (1,), (1, 2)])
    unlike = [(np.zeros((8, 8)), 1), (np.zeros((8, 9)), 2)]
    expect_error("images that differ", lambda: collate(unlike), "number 1 has (8, 9)")
    expect("ints stay ints", collate([(1,), (2,)])[0].dtype.kind, "i")
    pair = collate([(np.float32(1), [2.0]), (np.float32(3), [4.0])])
    expect_tensor("numpy's scalars", pair[0], [1, 3])
    ### END HIDDEN TESTS


test_collate()

# %% [markdown]
r"""
One step is missing between positions and a batch: to fetch the examples. Any `Dataset` can do that one by one, but a
`TensorDataset` can pick all of them out of each Tensor at once, in compiled code. So each has a `fetch` of its own.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "08-fetch"}}
#| export
@extend(Dataset)
def fetch(self, positions):
    """The examples at these positions as a batch, got one by one."""
    return collate([self[place] for place in positions])

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "08-fetch-all"}}
#| export
@extend(TensorDataset)
def fetch(self, positions):
    """The examples at these positions as a batch, picked all at once."""
    return self[positions]

# %% [markdown]
r"""
## The Loader

```text
   DataLoader                                                              for x, y in loader:
   ┌──────────────────────────────────────────────────────────────────┐
   │  0 1 2 … n-1 ──► order ──► positions ──► dataset.fetch ──► batch │ ───► model(x), loss …
   └──────────────────────────────────────────────────────────────────┘
        shuffle        batch_size,
                       drop_last
```

The class holds the settings. As with layers, `rng` is a Generator or a seed. The loader keeps *one* Generator for its
whole life: each epoch asks it for another order, and a loader made anew from that seed goes through the same orders.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "08-loader"}}
#| export
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

# %% [markdown]
r"""
`for batch in loader` asks `__iter__` for something that gives one batch after the other. The easiest way to write it
is a *generator function*, one with `yield` in it. Each turn of the loop runs it as far as the next `yield`, takes the
value there, and leaves it waiting, all its variables as they were. So a batch is fetched when the loop asks for it, and
not before. And to fetch it is no part of the model: nothing of that should be recorded for `backward`, hence `no_grad`.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "08-loader-iter"}}
#| export
@extend(DataLoader)
def __iter__(self):
    """One batch after the other, until each example was there once.

    TODO: yield the batches of one epoch.

    APPROACH:
    1. With n examples, the order is self.rng.permutation(n) if self.shuffle, and
       np.arange(n) otherwise.
    2. Cut it with batches, as batch_size and drop_last say.
    3. For the positions of each piece, fetch the batch from the data set, inside
       with no_grad(): and then, outside of it, yield the batch.

    EXAMPLE:
    >>> loader = DataLoader(TensorDataset([5, 6, 7]), batch_size=2)
    >>> [x.tolist() for (x,) in loader]
    [[5.0, 6.0], [7.0]]

    HINT: a yield inside no_grad would leave it on while the loop's body runs.
    """
    ### BEGIN SOLUTION
    n = len(self.dataset)
    order = self.rng.permutation(n) if self.shuffle else np.arange(n)  # (n,)
    for positions in batches(order, self.batch_size, self.drop_last):
        with no_grad():
            batch = self.dataset.fetch(positions)
        yield batch
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Loader

Batches in order and in random orders, the same from the same seed; no batch fetched too early; and what is recorded.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "08-loader-iter-check"}}
def test_loader():
    """What comes, in which order, and what is recorded meanwhile."""
    data = TensorDataset(Tensor(range(10, 17), requires_grad=True), np.arange(7))
    plain, fetched, fetch = DataLoader(data, batch_size=3), [], data.fetch

    def epoch(loader):
        return [x.tolist() for x, y in loader if (x - y == 10).data.all()]

    got = [epoch(plain) for _ in range(2)]
    expect("in order, twice", got, [[[10, 11, 12], [13, 14, 15], [16]]] * 2)
    got = epoch(DataLoader(data, 3, drop_last=True))
    expect("with drop_last", got, [[10, 11, 12], [13, 14, 15]])
    one, two = (DataLoader(data, 3, shuffle=True, rng=rng) for rng in (0, 0))
    first, second = epoch(one), epoch(one)
    expect("shuffled, all there", sorted(sum(first, [])), [*range(10, 17)])
    expect("another order in the next epoch", first != second, True)
    expect("from the same seed", [epoch(two), epoch(two)], [first, second])
    weight = Tensor([2.0], requires_grad=True)
    made = [((weight * x).requires_grad, x.requires_grad) for x, y in plain]
    expect("recorded: products in the loop, batches", made, [(True, False)] * 3)
    data.fetch = lambda positions: fetched.append(len(positions)) or fetch(positions)
    next(iter(plain))
    expect("calls of fetch for the first batch, examples each", fetched, [3])
    ### BEGIN HIDDEN TESTS
    expect("shuffled, sizes", [len(x) for x in second], [3, 3, 1])
    ### END HIDDEN TESTS


test_loader()

# %% [markdown]
r"""
Does the order matter? `Trainer.fit` of chapter 07 takes anything that gives batches in a loop, so a loader, too. Below
a linear layer learns the digits for one epoch of 23 steps: once from a sorted pile, all zeros before all ones, and once
from the same pile, shuffled. Then it names the 360 digits that it has not seen.

:::{predict} Each way shows the layer every image once. What does it get right after the *sorted* pile?
:shows: sorted: … {} right
- [ ] `83%`, as much as after the shuffled one: it saw the same images, but what it learned early was undone later.
- [ ] `50%`, the digits of the second half: what undoes the zeros undoes the fives as well, as soon as sixes come.
- [x] `10%`, as much as by guessing: a batch of one digit teaches to say that digit, whatever the image.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "08-order-matters"}}
def named_after_an_epoch(loader):
    model = Linear(64, 10, rng=0)
    Trainer(model, SGD(model.parameters(), lr=0.5), cross_entropy).fit(loader)
    return model(Tensor(unseen_images.reshape(-1, 64))).data.argmax(axis=1)  # (360,)

by_label = np.argsort(labels, kind="stable")
pile = TensorDataset(images[by_label].reshape(-1, 64), labels[by_label])
for name, shuffle in [("sorted", False), ("shuffled", True)]:
    loader = DataLoader(pile, batch_size=64, shuffle=shuffle, rng=0)
    named = named_after_an_epoch(loader)
    print(f"{name}: {len(loader)} steps, {(named == unseen_labels).mean():.0%} right")
    print("  how often it said 0, 1, … 9:", np.bincount(named, minlength=10))

# %% [markdown]
r"""
On the sorted pile the layer learns to say 0, then unlearns it to say 1, and so on; at the end it calls every image
a 9. The same images, each seen once, but shuffled, teach it all digits but one: it hardly ever says 8 as yet.

## New Images out of Old Ones

A shifted 3 is still a 3. If a model sees each image in slightly different positions, it cannot rely on single pixels,
and learns what all 3s have in common. This is **augmentation**: a random change, another one each time the image is
fetched, that leaves the label true. What does depends on the task. A mirrored cat is a cat; a mirrored 2 is none. A
*transform* takes an image, a Tensor whose last two axes are height and width, and returns another.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "08-flip"}}
#| export
class RandomHorizontalFlip:
    """Mirror an image (..., height, width) left to right with probability p."""

    def __init__(self, p=0.5, rng=None):
        if not 0 <= p <= 1:
            raise errors.no_probability(p)
        self.p, self.rng = p, np.random.default_rng(rng)

    def __call__(self, image):
        return image[..., ::-1] if self.rng.random() < self.p else image

# %% [markdown]
r"""
The next one shifts, and its core is yours. Put a frame of zeros around the image, `padding` pixels wide, and cut a
window of `size` by `size` out of the whole, at a place drawn at random:

```text
   image 3 by 3, padding 1: 5 by 5           window of 3 by 3, top 0, left 2

    .  .  .  .  .                                    .  .  .
    .  1  2  3  .                                    2  3  .
    .  4  5  6  .           ────►                    5  6  .
    .  7  8  9  .
    .  .  .  .  .           the image, moved down by one and left by one
```

The top row of the window can be any from 0 to the framed height less `size`, that one included: here 0, 1 or 2.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "08-crop-class"}}
#| export
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

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "08-crop"}}
#| export
@extend(RandomCrop)
def __call__(self, image):
    """Cut the window out of the framed image.

    Args: image, a Tensor (..., height, width).
    Returns: a Tensor (..., size, size).
    Raises: ValueError if the window does not fit.

    TODO: draw the window's place, top and left, and cut the window out.

    APPROACH:
    1. Draw top from 0 to the framed height less self.size, both ends included.
    2. Draw left likewise, from the framed width.
    3. Cut self.size rows from top on, and self.size columns from left on.
    4. Return the window as a Tensor.

    EXAMPLE:
    >>> RandomCrop(2)(Tensor(np.ones((3, 5, 4)))).shape
    (3, 2, 2)

    HINT: rng.integers(k) stops at k - 1, so draw with one more than the last place.
    """
    whole = self.framed(image)  # (..., height + 2 padding, width + 2 padding)
    ### BEGIN SOLUTION
    height, width = whole.shape[-2:]
    top = self.rng.integers(height - self.size + 1)
    left = self.rng.integers(width - self.size + 1)
    return Tensor(whole[..., top : top + self.size, left : left + self.size])
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Crop

All places of the window, each about equally often, in an image that is wider than high; the frame; and axes in front.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "08-crop-check"}}
def test_crop():
    """Shape, every place, and pixels that come from the image or the frame."""
    image = Tensor(np.arange(1, 11, dtype="float32").reshape(2, 5))  # (2, 5)
    crop, seen = RandomCrop(2, rng=0), {}
    expect("a crop is a", type(crop(image)).__name__, "Tensor")
    for _ in range(1000):
        got = crop(image).tolist()
        seen[str(got)] = seen.get(str(got), 0) + 1
    windows = [str([[1.0 + i, 2.0 + i], [6.0 + i, 7.0 + i]]) for i in range(4)]
    expect("windows of 2 by 2 in an image of 2 by 5", sorted(seen), sorted(windows))
    expect("each of the four over 190 times", min(seen.values()) > 190, True)
    framed = RandomCrop(3, padding=1, rng=0)
    moved = {str(framed(image[:, :2]).tolist()) for _ in range(100)}
    expect("windows of 3 by 3 around an image of 2 by 2", len(moved), 4)
    first = str([[0.0, 0.0, 0.0], [0.0, 1.0, 2.0], [0.0, 6.0, 7.0]])
    expect("one of them, at top 0 and left 0", first in moved, True)
    again = {str(RandomCrop(2, rng=5)(image).tolist()) for _ in range(20)}
    expect("different first windows from one seed", len(again), 1)
    shapes = {crop(Tensor(np.ones((9, 2, 3)))).shape for _ in range(20)}
    expect("shapes of crops of (9, 2, 3)", shapes, {(9, 2, 2)})
    ### BEGIN HIDDEN TESTS
    expect_error("too large", lambda: RandomCrop(4)(image), "crop to at most 2")
    expect("kind", str(crop(Tensor(np.ones((3, 3), "float32"))).dtype), "float32")
    tall = {str(RandomCrop(1, rng=i)(image.T).tolist()) for i in range(100)}
    expect("every pixel of a tall image", len(tall), 10)
    ### END HIDDEN TESTS


test_crop()

# %% [markdown]
r"""
`Compose` chains transforms, as `Sequential` chains layers. `Augmented` is a data set of our own, which changes what
it gets from another. Below, in the first row, five digits; in the rows under them, what comes when they are fetched
four times. One transform too many is in the chain, as the 2 shows.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "08-compose"}}
#| export
class Compose:
    """Transforms, or any functions of an image, one after the other."""

    def __init__(self, *transforms):
        self.transforms = transforms

    def __call__(self, image):
        for transform in self.transforms:
            image = transform(image)
        return image

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "08-augmented"}}
class Augmented(Dataset):
    def __init__(self, dataset, transform):
        self.dataset, self.transform = dataset, transform

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, place):
        image, label = self.dataset[place]
        return self.transform(image), label

change = Compose(RandomCrop(8, padding=1, rng=0), RandomHorizontalFlip(rng=1))
augmented = Augmented(train, change)
shown = [[augmented[i][0].data[0] for i in range(5)] for _ in range(4)]
plot.images(np.concatenate([images[:5, 0], *shown]), columns=5, size=56)

# %% [markdown]
r"""
## Part 2: Systems Analysis

### Memory Profiling

A loop over an epoch needs the positions and a batch, whatever the size of the pile. To shuffle the pile itself means
to copy it. Here are both for 20,000 examples of 64 numbers:
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "08-memory"}}
pile = np.ones((20_000, 64), np.float32)  # (20000, 64)
loader = DataLoader(TensorDataset(pile), batch_size=64, shuffle=True, rng=0)
memory = {"the pile": pile.nbytes, "its positions": 8 * len(pile)}
memory["a loop over the loader"] = traced(lambda: [None for batch in loader])[1]
memory["the pile shuffled"] = traced(lambda: rng.permutation(pile))[1]
print(bars("20,000 examples", memory, "B"))

# %% [markdown]
r"""
The loop takes the positions, a slice of them for each of 313 batches, and two batches of 16 KiB, the old and the new.
The other way takes the pile once more. If that is larger than the memory, only the loop remains, and a `Dataset` that
reads from files.

### Timing That Scales

How long does the model wait? The table sets the time to load a batch beside the time that a small network (64 inputs,
32 units, 10 classes) takes for its forward and backward pass over it.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "08-timing"}}
model, rows = Sequential(Linear(64, 32, rng=0), ReLU(), Linear(32, 10, rng=1)), []
for size in [16, 64, 256]:
    chosen = rng.integers(0, len(train), size)  # (size,)
    x, y = train.fetch(chosen)  # (size, 1, 8, 8) and (size,)
    ways = [lambda c=chosen: train.fetch(c), lambda c=chosen: Dataset.fetch(train, c)]
    ways += [lambda c=chosen: augmented.fetch(c)]
    ways += [lambda x=x, y=y: cross_entropy(model(x.reshape(-1, 64)), y).backward()]
    times = [seconds(way) for way in ways]
    rows.append([size, *(show(time, "s") for time in times)])
print(table(["batch", "at once", "one by one", "augmented", "the network"], rows))

# %% [markdown]
r"""
Fetched at once, a batch costs little. One by one, each example costs a few calls in Python, several microseconds
whatever its size, and the two transforms more than that again. So these columns grow in step with the batch. The
network gains from large batches, and on a computer it soon waits longer for augmented images than it needs to learn
from them. (In the browser it may be the other way round: arithmetic is slowed down more there than Python's calls are.)
Put the network on a GPU, and in place of these 64 pixels take a photograph that must be read from a disk and decoded:
then loading is the first thing to look at when training is slow. What helps is to load *while* the model computes:

```text
   in turn        │ load 1 │ step 1 │ load 2 │ step 2 │ load 3 │ step 3 │

   ahead          │ load 1 │ load 2 │ load 3 │ load 4 │
                           │ step 1 │ step 2 │ step 3 │
```

A step then takes the longer of the two times instead of their sum; and with $k$ workers that load side by side, the
longer of the step and a $k$-th part of the load.

## Part 3: Production Context

`torch.utils.data` has the same parts under the same names; a list will do as a data set there, too.

| here | in PyTorch |
|---|---|
| `fetch(positions)` | an optional method `__getitems__`, used where a data set has it |
| `collate` | `collate_fn=`, which also knows dicts, and may pad texts to one length |
| one example after the other | `num_workers=4` loads ahead in processes; of threads, only one at a time runs Python |
| `rng=` | `generator=`; each worker gets a seed of its own, or all would draw the same crops |
| `RandomCrop`, `RandomHorizontalFlip`, `Compose([…])` | `torchvision.transforms`; its `Compose` takes a list |

"""

# %% [code] {"tags": ["main"], "nbgrader": {"grade_id": "08-main"}}
from tinytorch.utils.check import run_all_tests

if __name__ == "__main__":
    run_all_tests(globals())

# %% [markdown]
r"""
## 🤔 ML Systems Thinking

**1.** A step takes 50 ms on the GPU, and loading its batch 200 ms in one process. How long is an epoch of 1,000
steps in turn, with one worker that loads ahead, with two, with four, with eight?

:::{dropdown} Answer
In turn 250 s. With one worker the longer of 50 and 200 ms counts, 200 s; with two, 100 s; with four, 50 s, and
loading and computing are in balance. Eight change nothing, and cost the memory of eight processes and their batches.
:::

**2.** A test set is loaded with `shuffle=True, drop_last=True` and `batch_size=64`, and there are 360 images. What
does the accuracy say, and why does it differ from run to run although the model does not?

:::{dropdown} Answer
Five batches are 320 images; the other 40, different ones in each run, were never asked about. A test set is read
whole. And where the accuracies of batches are averaged, a short last batch must count by its size.
:::

**3.** Someone augments first and splits into training and test sets afterwards: each digit is stored ten times,
shifted, and a fifth of these images is drawn as the test set. The accuracy is 99.9 %. Is the model that good?

:::{dropdown} Answer
Nobody knows. Almost every test image has a shifted copy among the training images, so the model may have learned it
by heart. Split first; then augment the training part alone.
:::

## 🎯 Module Summary

You have built what feeds a model.

- A **batch** chosen at random estimates the whole gradient with an error of $\sigma / \sqrt B$; an **epoch** is all of them.
- A **Dataset** counts its examples and fetches one; a **DataLoader** orders positions, cuts them, fetches and yields.
- A **fair shuffle** draws each place among the cards that remain. The same seed gives the same orders.
- **Augmentation** changes images anew each time, by changes that keep the label true.
- Loading is memory traffic and Python. Fetch **at once** where you can, load **ahead** where you cannot.

What you built is `tinytorch.core.dataloader`. So far an image was a row of 64 numbers, and the model did not know
which pixels are neighbors. Chapter 09 tells it.
"""
