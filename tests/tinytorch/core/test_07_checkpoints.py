"""Checkpoints: restored to the last bit, and loaded wholly or not at all."""

import numpy as np
import pytest
from small_training import data, leaf, small

from tinytorch.core.layers import Layer, Linear, Sequential
from tinytorch.core.losses import CrossEntropyLoss
from tinytorch.core.optimizers import SGD, Adam, AdamW
from tinytorch.core.tensor import Tensor
from tinytorch.core.training import (
    CosineSchedule,
    Trainer,
    live_arrays,
    load_checkpoint,
    save_checkpoint,
)


def train(parts, epochs, order):
    """Train on batches in an order drawn from a generator, as a loader would."""
    model, optimizer, schedule = parts
    trainer = Trainer(model, optimizer, CrossEntropyLoss(), schedule)
    batches, _ = data()
    for _ in range(epochs):
        trainer.fit([batches[i] for i in order.permutation(len(batches))])


def everything(model, optimizer, schedule):
    """Return everything that training changes, as bytes and numbers."""
    arrays = {n: a.tobytes() for n, a in live_arrays(model, optimizer).items()}
    rest = optimizer.lr, optimizer.steps, schedule.count
    return arrays, rest, model[1].rng.bit_generator.state


def test_going_on_from_a_file_equals_never_having_stopped(tmp_path):
    path = tmp_path / "a.npz"
    once, order = small(), np.random.default_rng(7)
    train(once, 5, order)
    first, again = small(), np.random.default_rng(7)
    train(first, 2, again)
    save_checkpoint(path, *first, rng=again, epoch=2, best=[0.1, 1 / 3])
    at_save = everything(*first)
    other, later = small(rng=99), np.random.default_rng(8)
    train(other, 1, later)  # it has a past of its own, to be overwritten
    held = [p.data for p in other[0].parameters()]
    notes = load_checkpoint(path, *other, rng=later)
    assert notes == {"epoch": 2, "best": [0.1, 1 / 3]}
    assert everything(*other) == at_save
    assert all(p.data is a for p, a in zip(other[0].parameters(), held, strict=True))
    train(other, 3, later)
    assert everything(*other) == everything(*once)
    assert [item.name for item in tmp_path.iterdir()] == ["a.npz"]


@pytest.mark.parametrize("kind", [SGD, Adam, AdamW])
def test_every_optimizer_goes_on(kind, tmp_path):
    def build(lr):
        w = leaf([[1.0, 2.0]])
        model = Layer()
        model.w = w
        options = {"momentum": 0.9} if kind is SGD else {}
        return model, kind([w], lr=lr, weight_decay=0.1, **options)

    def steps(model, optimizer, count):
        for number in range(count):
            model.w.grad = np.array([[number, -1.0]], np.float32)
            optimizer.step()
        return model.w.tolist()

    one, two, three = build(0.1), build(0.1), build(0.5)
    steps(*one, 3)
    steps(*two, 3)
    save_checkpoint(tmp_path / "a.npz", *two)
    load_checkpoint(tmp_path / "a.npz", *three)
    assert three[1].lr == 0.1
    assert steps(*three, 4) == steps(*one, 4)


def test_arrays_of_layers_are_saved_and_other_attributes_are_not(tmp_path):
    model = Layer()
    model.mean, model.scalar = np.arange(3.0), Tensor(np.array(5, np.int64))
    model.name, model.p = "x", 0.5
    save_checkpoint(tmp_path / "a.npz", model)
    mean = model.mean
    mean[:], model.p = -1, 0.25
    model.scalar.data[...] = 0
    load_checkpoint(tmp_path / "a.npz", model)
    assert mean.tolist() == [0, 1, 2]
    assert (model.scalar.item(), model.p) == (5, 0.25)


def test_a_model_alone_is_loaded_for_use(tmp_path):
    parts = small()
    train(parts, 1, np.random.default_rng(0))
    save_checkpoint(tmp_path / "a.npz", *parts)
    model = small(rng=5)[0]
    assert load_checkpoint(str(tmp_path / "a.npz"), model) == {}
    for p, q in zip(model.parameters(), parts[0].parameters(), strict=True):
        np.testing.assert_array_equal(p.data, q.data)


def others():
    """Yield what a checkpoint of small() does not fit, and the words of the error."""
    model, optimizer, schedule = small()
    yield (*small(width=9),), "float32 (3, 8), here is float32 (3, 9)"
    bare = Sequential(Linear(3, 8))
    yield (bare, SGD(bare.parameters(), 0.1), None), "does not fit"
    yield (model, SGD(model.parameters(), 0.1), schedule), "Adam.mean.0"
    yield (model, SGD(model.parameters(), 0.1, 0.9), schedule), "SGD.velocity.0"
    double = small()[0]
    double[0].weight.data = double[0].weight.data.astype(np.float64)
    yield (double, Adam(double.parameters()), schedule), "float64"
    more = small()[0]
    more.layers.append(Linear(2, 2))
    yield (more, Adam(more.parameters()), None), "more differ"
    odd = small()[0]
    odd[1].rng = np.random.Generator(np.random.Philox(0))
    yield (odd, Adam(odd.parameters()), None), "random generator"


@pytest.mark.parametrize("number", range(7))
def test_a_checkpoint_of_another_model_changes_nothing(number, tmp_path):
    path = tmp_path / "a.npz"
    save_checkpoint(path, *small())
    whole = path.read_bytes()
    parts, text = list(others())[number]
    before = {n: a.tobytes() for n, a in live_arrays(*parts[:2]).items()}
    lr = parts[1].lr
    with pytest.raises(ValueError) as caught:
        load_checkpoint(path, *parts)
    for said in (text, "nothing was changed", "\nhelp: ", str(path)):
        assert said in str(caught.value)
    after = {n: a.tobytes() for n, a in live_arrays(*parts[:2]).items()}
    assert (before, lr) == (after, parts[1].lr)
    assert path.read_bytes() == whole


def test_a_schedule_that_was_not_saved_is_missed(tmp_path):
    model, optimizer, schedule = small()
    save_checkpoint(tmp_path / "a.npz", model, optimizer)
    before = everything(model, optimizer, schedule)
    with pytest.raises(ValueError, match="no schedule like the one given"):
        load_checkpoint(tmp_path / "a.npz", model, optimizer, schedule)
    with pytest.raises(ValueError, match="no random generator"):
        load_checkpoint(tmp_path / "a.npz", model, rng=np.random.default_rng())
    save_checkpoint(tmp_path / "b.npz", model)
    with pytest.raises(ValueError, match="here is float32"):
        load_checkpoint(tmp_path / "b.npz", model, optimizer)
    assert everything(model, optimizer, schedule) == before


def test_a_file_cut_short_anywhere_is_refused_and_nothing_changes(tmp_path):
    path, parts = tmp_path / "a.npz", small()
    save_checkpoint(path, *parts)
    whole, target = path.read_bytes(), small(rng=4)
    before = everything(*target)
    for length in {*range(0, len(whole), 97), *range(len(whole) - 40, len(whole))}:
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="is no whole checkpoint"):
            load_checkpoint(path, *target)
    assert everything(*target) == before


def test_a_damaged_byte_is_noticed(tmp_path):
    path, parts = tmp_path / "a.npz", small()
    save_checkpoint(path, *parts)
    whole, target = path.read_bytes(), small(rng=4)
    place = whole.find(parts[0][0].weight.data.tobytes()) + 5
    path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    before = everything(*target)
    with pytest.raises(ValueError, match="is no whole checkpoint"):
        load_checkpoint(path, *target)
    assert everything(*target) == before


@pytest.mark.parametrize("kind", ["text", "npz", "pickle"])
def test_other_files_are_refused(kind, tmp_path):
    path = tmp_path / "a.npz"
    if kind == "text":
        path.write_text("loss 0.5\n" * 100)
    elif kind == "npz":
        np.savez(path, a=np.ones(3))
    else:
        np.savez(path, settings=np.array([print], dtype=object))
    with pytest.raises(ValueError, match="is no whole checkpoint"):
        load_checkpoint(path, *small())


def test_a_file_that_is_not_there():
    with pytest.raises(FileNotFoundError):
        load_checkpoint("no/such/file.npz", small()[0])


def test_a_note_that_is_no_number_is_refused_before_the_file_is_touched(tmp_path):
    path, parts = tmp_path / "a.npz", small()
    save_checkpoint(path, *parts, epoch=1)
    whole = path.read_bytes()
    with pytest.raises(TypeError, match="the note 'loss' holds a Tensor"):
        save_checkpoint(path, *parts, loss=Tensor(1.0))
    assert path.read_bytes() == whole
    assert [item.name for item in tmp_path.iterdir()] == ["a.npz"]


def test_the_lr_of_a_schedule_goes_on_where_it_was(tmp_path):
    def build():
        optimizer = SGD([leaf([1.0])], lr=0.8)
        model = Layer()
        model.w = optimizer.params[0]
        return model, optimizer, CosineSchedule(optimizer, 10, 2, 0.1)

    one, two = build(), build()
    for _ in range(4):
        one[2].step()
    save_checkpoint(tmp_path / "a.npz", *one)
    load_checkpoint(tmp_path / "a.npz", *two)
    for _ in range(8):
        assert one[1].lr == two[1].lr
        one[2].step()
        two[2].step()
