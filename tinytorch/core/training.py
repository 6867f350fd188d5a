"""Generated from modules/07_training/training_dev.py: edit that file, then run `make package`.

Chapter 07 of the book, Training.
"""

__all__ = [
    "cosine_rate",
    "CosineSchedule",
    "clip_grad_norm",
    "Trainer",
    "accuracy",
    "live_arrays",
    "write_whole",
    "differences",
    "save_checkpoint",
    "load_checkpoint",
]

import math
import os
from pathlib import Path

import numpy as np

from tinytorch.core.autograd import enable_autograd, no_grad
from tinytorch.core.tensor import Tensor
from tinytorch.utils import checkpoint
from tinytorch.errors import training as errors
from tinytorch.utils.progress import Progress

enable_autograd()


# cell 07-rate
def cosine_rate(step, total, warmup, peak, low):
    """The learning rate for a step: up a line to peak, then down a cosine to low.

    Args: step, from 0; total and warmup, numbers of steps, warmup < total; peak and
        low, rates.
    Returns: a float.

    EXAMPLE:
    >>> [round(cosine_rate(step, 6, 2, 0.3, 0.0), 3) for step in range(8)]
    [0.1, 0.2, 0.3, 0.256, 0.15, 0.044, 0.0, 0.0]
    """
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    p = min((step - warmup) / (total - warmup), 1.0)
    return low + 0.5 * (peak - low) * (1 + math.cos(math.pi * p))


# cell 07-schedule
class CosineSchedule:
    """Sets the lr of an optimizer: a warm-up to its present lr, then half a cosine."""

    def __init__(self, optimizer, total_steps, warmup_steps=0, min_lr=0.0):
        if not (total_steps >= 1 and 0 <= warmup_steps < total_steps):
            raise errors.bad_schedule(total_steps, warmup_steps)
        if not 0 <= min_lr <= optimizer.lr:
            raise errors.bad_floor(min_lr, optimizer.lr)
        self.total_steps, self.warmup_steps = total_steps, warmup_steps
        self.peak, self.min_lr = optimizer.lr, min_lr
        self.optimizer, self.count = optimizer, -1
        self.step()

    def step(self):
        """Go on to the next step, and set its rate."""
        self.count += 1
        lengths = self.total_steps, self.warmup_steps
        self.optimizer.lr = cosine_rate(self.count, *lengths, self.peak, self.min_lr)


# cell 07-clip
def clip_grad_norm(params, max_norm):
    """Scale all gradients so that their norm is at most max_norm; the norm before.

    EXAMPLE:
    >>> w = Tensor([0.0, 0.0], requires_grad=True)
    >>> w.grad = np.array([3.0, 4.0], np.float32)
    >>> clip_grad_norm([w], max_norm=10.0)
    5.0
    """
    errors.check_max_norm(max_norm)
    grads = [p.grad for p in params if p.grad is not None]
    norm = math.sqrt(sum(np.square(g, dtype=np.float64).sum() for g in grads))
    if errors.finite("norm", norm) <= max_norm:
        return norm
    for g in grads:
        g *= max_norm / norm
    return norm


# cell 07-trainer
class Trainer:
    """Trains a model on batches, and evaluates it.

    Args: model, a Layer; optimizer, made with its parameters; loss, called with a
        prediction and a target; schedule, or None; max_norm, for clipping, or None.
    """

    def __init__(self, model, optimizer, loss, schedule=None, max_norm=None):
        self.model, self.optimizer, self.loss = model, optimizer, loss
        self.schedule, self.max_norm = schedule, max_norm
        self.history = {"train": []}  # name: a loss for each epoch

    # cell 07-learn
    def learn(self, x, y):
        """Make one step on one batch; its loss before the step, a float.

        EXAMPLE:
        >>> one_weight(0.0)[0].learn(Tensor([[1.0], [2.0]]), [[2.0], [4.0]])
        10.0
        """
        self.optimizer.zero_grad()
        loss = self.loss(self.model(x), y)
        number = errors.finite("loss", loss.item())
        loss.backward()
        if self.max_norm is not None:
            clip_grad_norm(self.optimizer.params, self.max_norm)
        self.optimizer.step()
        if self.schedule is not None:
            self.schedule.step()
        return number

    # cell 07-evaluate
    def evaluate(self, batches, measure=None):
        """The mean of a measure, by default the loss, over all examples; a float.

        EXAMPLE:
        >>> one_weight(1.0)[0].evaluate([(Tensor([[1.0], [1.0]]), [[3.0], [3.0]])])
        4.0
        """
        measure, mode = measure or self.loss, self.model.training
        total = count = 0
        self.model.eval()
        with no_grad():
            for x, y in batches:
                total += measure(self.model(x), y).item() * len(y)
                count += len(y)
        self.model.train(mode)
        return total / errors.counted(count)

    # cell 07-fit
    def fit(self, batches, epochs=1, validation=None):
        """Learn from all batches, epochs times; evaluate on validation after each.

        Returns: history, a dict of lists with a mean loss for each epoch so far.
        """
        with Progress(epochs, "training") as line:
            for epoch in range(epochs):
                self.model.train()
                total = count = 0
                for x, y in line.over(batches, epoch):
                    total += self.learn(x, y) * len(y)
                    count += len(y)
                self.history["train"].append(total / errors.counted(count))
                if validation is not None:
                    held_out = self.evaluate(validation)
                    self.history.setdefault("validation", []).append(held_out)
                last = [f"{name} {losses[-1]:.2f}" for name, losses in self.history.items()]
                line.at(epoch + 1, ", ".join([f"epoch {epoch + 1}", *last]))
        return self.history


# cell 07-fit
def accuracy(logits, ids):
    """The share of rows whose largest logit is that of the right class."""
    return (np.argmax(logits.data, axis=-1) == np.asarray(ids)).mean()


# cell 07-live-arrays
def live_arrays(model, optimizer=None):
    """The arrays that training changes, by name; the arrays themselves, no copies."""
    found = {}
    for number, layer in enumerate(model.modules()):
        for name, value in vars(layer).items():
            if isinstance(value, Tensor):
                value = value.data
            if isinstance(value, np.ndarray):
                found[f"model.{number}.{type(layer).__name__}.{name}"] = value
    for name, arrays in optimizer.kept.items() if optimizer else ():
        for place, array in enumerate(arrays):
            found[f"{type(optimizer).__name__}.{name}.{place}"] = array
    return found


# cell 07-write
def write_whole(path, write):
    """Write a file so that path is at every moment the old file or the whole new one.

    EXAMPLE:
    >>> with TemporaryDirectory() as folder:
    ...     write_whole(f"{folder}/a", lambda file: file.write(b"new"))
    ...     print([item.name for item in Path(folder).iterdir()])
    ['a']
    """
    path = Path(path)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


# cell 07-differences
def differences(saved, live):
    """The names under which two dicts do not hold arrays of one shape and dtype."""
    kinds = [{n: (a.shape, a.dtype) for n, a in d.items()} for d in (saved, live)]
    return [n for n in {**live, **saved} if kinds[0].get(n) != kinds[1].get(n)]


# cell 07-save-load
def save_checkpoint(path, model, optimizer=None, schedule=None, rng=None, **notes):
    """Write all that training changes, and notes such as epoch=3, into one file.

    rng is a generator from outside the model, such as the one that shuffles the data.
    """
    told = checkpoint.describe(model, optimizer, schedule, rng, notes)
    arrays = {**live_arrays(model, optimizer), checkpoint.TEXT: told}
    write_whole(path, lambda file: np.savez(file, **arrays))


# cell 07-save-load
def load_checkpoint(path, model, optimizer=None, schedule=None, rng=None):
    """Put everything back as it was saved, and return the notes, a dict.

    Without an optimizer only the model is loaded, for use.
    Raises: ValueError, with nothing changed, if the file is not whole or does not fit.
    """
    (saved, told), live = checkpoint.read(path), live_arrays(model, optimizer)
    if optimizer is None:
        saved = {name: saved[name] for name in saved if name.startswith("model.")}
    wrong = differences(saved, live)
    if wrong:
        raise errors.does_not_fit(path, wrong, saved, live)
    checkpoint.compare(path, told, model, optimizer, schedule, rng)
    for name, array in live.items():
        array[...] = saved[name]
    return checkpoint.restore(told, model, optimizer, schedule, rng)
