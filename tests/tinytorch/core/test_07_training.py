"""Chapter 07: the course of the rate, clipping, the Trainer, against PyTorch too."""

import math
import warnings

import numpy as np
import pytest
from small_training import data, leaf, small

from tinytorch.core.layers import Linear
from tinytorch.core.losses import CrossEntropyLoss, MSELoss
from tinytorch.core.optimizers import SGD
from tinytorch.core.tensor import Tensor
from tinytorch.core.training import (
    CosineSchedule,
    Trainer,
    accuracy,
    clip_grad_norm,
    cosine_rate,
)


@pytest.fixture(autouse=True)
def strict():
    """Nothing may warn, whatever the numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("total", [1, 2, 7, 50])
@pytest.mark.parametrize("low", [0.0, 0.1])
def test_the_cosine_is_pytorchs(total, low):
    torch = pytest.importorskip("torch")
    other = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
    theirs = torch.optim.lr_scheduler.CosineAnnealingLR(other, total, low)
    optimizer = SGD([leaf([0.0])], lr=0.5)
    ours = CosineSchedule(optimizer, total, min_lr=low)
    for _ in range(total):
        assert optimizer.lr == pytest.approx(other.param_groups[0]["lr"], abs=1e-9)
        other.step()
        theirs.step()
        ours.step()


def test_the_course_of_a_rate():
    optimizer = SGD([leaf([0.0])], lr=0.4)
    schedule = CosineSchedule(optimizer, 10, warmup_steps=3, min_lr=0.04)
    rates = []
    for _ in range(14):
        rates.append(optimizer.lr)
        schedule.step()
    assert rates[:4] == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert rates[3:11] == sorted(rates[3:11], reverse=True)
    assert rates[10:] == pytest.approx([0.04] * 4)
    assert all(type(rate) is float for rate in rates)
    falls = -np.diff(rates[3:11])
    assert falls.argmax() == 3  # steepest in the middle


def test_the_rate_of_every_step_lies_between_its_ends():
    for total in range(1, 12):
        for warmup in range(total):
            for step in range(2 * total):
                assert 0 < cosine_rate(step, total, warmup, 1.0, 0.1) <= 1.0


def params_with(rng, dtype="float32"):
    params = [leaf(rng.normal(size=s), dtype) for s in [(3, 2), (4,), (), (0, 2)]]
    for p in params:
        p.grad = np.asarray(rng.normal(size=p.shape), dtype)
    return [*params, leaf([1.0])]  # the last has no gradient


@pytest.mark.parametrize("limit", [0.01, 1.0, 100.0, math.inf])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_clipping_is_pytorchs(limit, dtype):
    torch = pytest.importorskip("torch")
    ours = params_with(np.random.default_rng(0), dtype)
    theirs = [torch.tensor(p.data) for p in ours[:-1]]
    for p, q in zip(ours, theirs, strict=False):
        q.grad = torch.tensor(p.grad.copy())
    norm = torch.nn.utils.clip_grad_norm_(theirs, limit)
    held = ours[0].grad
    assert clip_grad_norm(iter(ours), limit) == pytest.approx(norm.item(), rel=1e-6)
    assert held is ours[0].grad
    for p, q in zip(ours, theirs, strict=False):
        np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=2e-6, atol=1e-9)
        assert p.grad.dtype == dtype


def test_after_clipping_the_norm_is_the_limit():
    params = params_with(np.random.default_rng(1))
    before = [p.grad.copy() for p in params[:-1]]
    norm = clip_grad_norm(params, 0.5)
    assert clip_grad_norm(params, 1.0) == pytest.approx(0.5)
    for p, old in zip(params, before, strict=False):
        np.testing.assert_allclose(p.grad * norm / 0.5, old, rtol=1e-5)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_norm_that_is_no_number_changes_nothing(bad):
    a, b = leaf([1.0, 2.0]), leaf([3.0])
    a.grad, b.grad = np.array([5.0, bad], np.float32), np.array([9.0], np.float32)
    with pytest.raises(FloatingPointError, match="the norm is (nan|inf)"):
        clip_grad_norm([a, b], 1.0)
    assert (a.grad[0], b.grad[0]) == (5.0, 9.0)


def test_fit_learns_and_tells_its_losses(capsys):
    batches, _ = data()
    model, optimizer, schedule = small(p=0.0)
    trainer = Trainer(model, optimizer, CrossEntropyLoss(), schedule, max_norm=1.0)
    history = trainer.fit(batches, 3, validation=batches)
    history = trainer.fit(batches, 3, validation=batches)
    assert [len(losses) for losses in history.values()] == [6, 6]
    assert history["train"][-1] < history["train"][0]
    assert history["validation"][-1] == pytest.approx(trainer.evaluate(batches))
    assert schedule.count == 6 * len(batches)
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.count("training, done  epoch 3, train ") == 2


def test_the_loss_of_an_epoch_weighs_batches_by_their_examples():
    batches, (x, y) = data()
    model, _, _ = small(p=0.0)
    trainer = Trainer(model, SGD(model.parameters(), lr=0.0), CrossEntropyLoss())
    whole = CrossEntropyLoss()(model(Tensor(x)), y).item()
    assert trainer.fit(batches)["train"][0] == pytest.approx(whole, rel=1e-5)
    assert trainer.evaluate(batches) == pytest.approx(whole, rel=1e-5)
    right = (np.argmax(model(Tensor(x)).data, axis=1) == y).mean()
    assert trainer.evaluate(batches, accuracy) == pytest.approx(right)
    assert trainer.evaluate([(Tensor(x), Tensor(y))], accuracy) == pytest.approx(right)


def test_evaluation_changes_nothing():
    batches, _ = data()
    model, optimizer, _ = small()
    trainer = Trainer(model, optimizer, CrossEntropyLoss())
    state = model[1].rng.bit_generator.state
    before = [p.data.copy() for p in model.parameters()]
    for mode in (True, False):
        model.train(mode)
        assert trainer.evaluate(batches) == trainer.evaluate(batches)
        assert [layer.training for layer in model.modules()] == [mode] * 4
    assert model[1].rng.bit_generator.state == state
    for p, old in zip(model.parameters(), before, strict=True):
        assert p.grad is None
        np.testing.assert_array_equal(p.data, old)


def test_fit_trains_in_training_mode_whatever_the_mode_was():
    batches, _ = data()
    model, optimizer, _ = small()
    state = model.eval()[1].rng.bit_generator.state
    Trainer(model, optimizer, CrossEntropyLoss()).fit(batches, 1, batches)
    assert model.training
    assert model[1].rng.bit_generator.state != state  # it has dropped


@pytest.mark.parametrize("where", ["data", "gradient"])
def test_a_nan_stops_before_a_weight_is_spoiled(where):
    model, optimizer, schedule = small(p=0.0)
    trainer = Trainer(model, optimizer, CrossEntropyLoss(), schedule, max_norm=1.0)
    x = np.ones((4, 3), np.float32)
    if where == "data":
        x[1, 1] = np.nan
    else:
        trainer.loss = lambda p, y: (p * 0).sum() + (p * 0 + 1e-45).sqrt().sum() * 1e38
    before = [p.data.copy() for p in model.parameters()]
    with (
        pytest.raises(FloatingPointError, match=r"\nhelp: "),
        np.errstate(all="ignore"),
    ):
        trainer.learn(Tensor(x), [0, 1, 0, 1])
    for p, old in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(p.data, old)
    assert schedule.count == 0


def test_a_generator_that_is_used_up_is_noticed():
    batches, _ = data()
    model, optimizer, _ = small()
    trainer = Trainer(model, optimizer, CrossEntropyLoss())
    with pytest.raises(ValueError, match="a generator is used up"):
        trainer.fit((pair for pair in batches), epochs=2)
    assert len(trainer.history["train"]) == 1


def sgd(lr=0.1):
    return SGD([leaf([1.0])], lr=lr)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: CosineSchedule(sgd(), 0), "total_steps >= 1"),
        (lambda: CosineSchedule(sgd(), 5, warmup_steps=5), "warmup_steps=5"),
        (lambda: CosineSchedule(sgd(), 5, warmup_steps=-1), "warmup_steps=-1"),
        (lambda: CosineSchedule(sgd(), 5, min_lr=0.2), "min_lr <= 0.1"),
        (lambda: CosineSchedule(sgd(), 5, min_lr=-0.1), "got -0.1"),
        (lambda: clip_grad_norm([leaf([1.0])], 0.0), "max_norm > 0"),
        (lambda: clip_grad_norm([leaf([1.0])], np.nan), "max_norm > 0"),
        (lambda: Trainer(Linear(1, 1), None, MSELoss()).evaluate([]), "no batches"),
        (
            lambda: Trainer(Linear(1, 1), sgd(), MSELoss()).fit([]),
            "there were no batches",
        ),
    ],
)
def test_wrong_input_gets_a_message_with_help(make, text):
    with pytest.raises(ValueError) as caught:
        make()
    assert text in str(caught.value)
    assert "\nhelp: " in str(caught.value)
