"""Chapter 08: batches, shuffled orders and transforms."""

import math
import warnings
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinytorch.core.dataloader import (
    Compose,
    DataLoader,
    Dataset,
    RandomCrop,
    RandomHorizontalFlip,
    TensorDataset,
    batches,
    collate,
)
from tinytorch.core.tensor import Tensor
from tools import ROOT
from tools.chapters import parser


class Squares(Dataset):
    """A Dataset as a reader writes one: it computes its examples."""

    def __init__(self, count):
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, place):
        return float(place) ** 2, place


@given(st.integers(0, 40), st.integers(1, 12), st.booleans())
def test_batches_cut_a_row(count, size, drop):
    order = np.random.default_rng(count).permutation(count)
    pieces = batches(order, size, drop)
    assert all(len(piece) == size for piece in pieces[:-1])
    kept = count - count % size if drop else count
    assert np.concatenate([order[:0], *pieces]).tolist() == order[:kept].tolist()
    assert all(0 < len(piece) <= size for piece in pieces)


@given(st.integers(1, 30), st.integers(1, 12), st.booleans(), st.booleans())
def test_a_loop_sees_every_example_once(count, size, drop, shuffle):
    if drop and size > count:
        size = count
    loader = DataLoader(Squares(count), size, shuffle, drop, rng=0)
    for _ in range(2):
        seen = list(loader)
        assert len(seen) == len(loader)
        places = np.concatenate([np.asarray(y) for _, y in seen])
        assert len(set(places.tolist())) == len(places) == count - drop * (count % size)
        for x, y in seen:
            assert isinstance(x, Tensor) and x.dtype == np.float32
            assert x.tolist() == (y.data**2).tolist()
        if not shuffle:
            assert places.tolist() == list(range(len(places)))


def test_one_by_one_and_at_once_fetch_the_same():
    rng = np.random.default_rng(0)
    data = TensorDataset(
        rng.normal(size=(9, 2, 3)).astype("float32"), rng.integers(0, 5, 9)
    )
    positions = rng.permutation(9)[:5]
    for ours, theirs in zip(
        data.fetch(positions), Dataset.fetch(data, positions), strict=True
    ):
        assert ours.tolist() == theirs.tolist()
        assert (ours.shape, ours.dtype.kind) == (theirs.shape, theirs.dtype.kind)


def test_a_batch_is_a_copy():
    array = np.zeros((4, 2), np.float32)
    for x, y in [*DataLoader(TensorDataset(array, range(4)), 2)]:
        x.data += 1
        y.data += 1
    assert (array == 0).all()


def test_the_same_seed_gives_the_same_orders_and_each_epoch_another():
    data = TensorDataset(np.arange(100))

    def orders(rng):
        loader = DataLoader(data, 7, shuffle=True, rng=rng)
        return [[x.tolist() for (x,) in loader] for _ in range(3)]

    first = orders(5)
    assert first == orders(5) == orders(np.random.default_rng(5))
    assert first != orders(6)
    assert first[0] != first[1] != first[2]


def test_leaving_a_loop_early_breaks_nothing():
    loader = DataLoader(TensorDataset(np.arange(10)), 2)
    for _ in loader:
        break
    assert len([*loader]) == 5
    pairs = [(a.tolist(), b.tolist()) for (a,) in loader for (b,) in loader]
    assert len(pairs) == 25  # a loop within a loop


def test_loading_is_not_recorded_and_what_follows_is():
    weight = Tensor(np.ones((6, 1)), requires_grad=True)
    scaled = TensorDataset(weight)
    for (x,) in DataLoader(scaled, 3):
        assert not x.requires_grad
        loss = (x * weight[:3]).sum()
        assert loss.requires_grad
        loss.backward()
    assert weight.grad.sum() == 6


def test_shuffled_is_fair():
    """The chapter's own shuffle: each order of four cards as often as any other."""
    path = ROOT / "modules/08_dataloader/dataloader_dev.py"
    cell = parser.read(path).cell("08-shuffled")
    names = {}
    exec(cell.executable, names)
    rng, counts = np.random.default_rng(0), dict.fromkeys(permutations(range(4)), 0)
    for _ in range(12_000):
        counts[tuple(names["shuffled"](4, rng))] += 1
    expected = 12_000 / math.factorial(4)
    chi_square = sum((c - expected) ** 2 / expected for c in counts.values())
    assert chi_square < 49.7  # of 23 degrees of freedom: one in a thousand above


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 3), st.data())
def test_a_crop_is_a_window_of_the_framed_image(height, width, padding, data):
    size = data.draw(st.integers(1, min(height, width) + 2 * padding))
    image = np.arange(1.0, 2 * height * width + 1).reshape(2, height, width)
    framed = np.pad(image, ((0, 0), (padding,) * 2, (padding,) * 2))
    got = RandomCrop(size, padding, rng=data.draw(st.integers(0, 99)))(Tensor(image))
    windows = [
        framed[:, i : i + size, j : j + size].tolist()
        for i in range(framed.shape[1] - size + 1)
        for j in range(framed.shape[2] - size + 1)
    ]
    assert got.tolist() in windows
    assert (got.shape, got.dtype) == ((2, size, size), np.float64)


def test_crops_reach_every_place():
    crop, image = RandomCrop(2, padding=1, rng=0), Tensor(np.arange(12.0).reshape(3, 4))
    places = {str(crop(image).tolist()) for _ in range(600)}
    assert len(places) == 4 * 5


def test_flips_come_as_often_as_they_should():
    image = Tensor([[1, 2], [3, 4]])
    flip = RandomHorizontalFlip(0.3, rng=0)
    count = sum(flip(image).tolist() == [[2, 1], [4, 3]] for _ in range(2000))
    assert 520 < count < 680
    assert image.tolist() == [[1, 2], [3, 4]]


def test_compose_goes_in_order():
    chain = Compose(lambda x: x + 1, lambda x: x * 2)
    assert chain(Tensor([1.0])).tolist() == [4.0]
    assert Compose()(3) == 3


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: DataLoader(TensorDataset(np.zeros((0, 2)))), ValueError, "is empty"),
        (lambda: DataLoader(Squares(3), batch_size=0), ValueError, "got 0"),
        (lambda: DataLoader(Squares(3), batch_size=-2), ValueError, "got -2"),
        (lambda: DataLoader(Squares(3), batch_size=2.0), ValueError, "got 2.0"),
        (lambda: DataLoader(Squares(3), 4, drop_last=True), ValueError, "3 examples"),
        (lambda: DataLoader([1, 2]), TypeError, "got list"),
        (lambda: TensorDataset(), ValueError, "no Tensors"),
        (lambda: TensorDataset([1, 2], [1, 2, 3]), ValueError, r"\[2, 3\]"),
        (lambda: len(Dataset()), NotImplementedError, "__len__"),
        (lambda: Dataset()[0], NotImplementedError, "__getitem__"),
        (
            lambda: collate([([1.0],), ([1.0, 2.0],)]),
            ValueError,
            r"number 1 has \(2,\)",
        ),
        (lambda: RandomHorizontalFlip(1.5), ValueError, "got 1.5"),
        (lambda: RandomHorizontalFlip(float("nan")), ValueError, "got nan"),
        (lambda: RandomCrop(0), ValueError, "got 0"),
        (lambda: RandomCrop(3, padding=-1), ValueError, "got 3 and -1"),
        (lambda: RandomCrop(9, 1)(Tensor(np.ones((6, 8)))), ValueError, "at most 8"),
        (lambda: RandomCrop(2)(Tensor([1.0, 2.0])), ValueError, "two axes"),
    ],
)
def test_wrong_input_gets_a_message_with_help(call, error, says):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(error, match=says) as caught:
            call()
    assert "\nhelp: " in str(caught.value)


def test_batches_agree_with_pytorch():
    torch = pytest.importorskip("torch")
    data = torch.utils.data
    x, y = np.arange(22.0).reshape(11, 2), np.arange(11)
    for drop in (False, True):
        theirs = data.DataLoader(
            data.TensorDataset(torch.tensor(x), torch.tensor(y)), 4, drop_last=drop
        )
        ours = DataLoader(TensorDataset(x, y), 4, drop_last=drop)
        assert len(ours) == len(theirs)
        for got, wanted in zip(ours, theirs, strict=True):
            assert [g.tolist() for g in got] == [w.tolist() for w in wanted]
