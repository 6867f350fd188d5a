# %% [markdown]
r"""
# Module 07: Training

You have all the parts: a model, a loss, gradients, an optimizer. Training puts them into a loop and lets it run, for
seconds in this book and for months elsewhere. A loop that nobody watches needs more than four lines. It has to notice
that it is learning by heart, to slow down toward the end, to survive a bad batch, and to go on after a power cut as
if nothing had happened. You build these parts one by one, and then a `Trainer` that holds them together.

**Learning Objectives:**

- Build a training loop that can be left alone, and an evaluation that changes nothing.
- Read a pair of loss curves, and say when a network has begun to learn its examples by heart.
- Give the learning rate a course over time, and gradients a limit.
- Write a checkpoint that is never half a file, and go on from it equal to the last bit.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "07-imports"}}
#| default_exp core.training
#| names Trainer CosineSchedule clip_grad_norm save_checkpoint load_checkpoint
#| export
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

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "07-tools"}}
from tempfile import TemporaryDirectory
from unittest.mock import patch

from tinytorch.core.activations import ReLU
from tinytorch.core.layers import Dropout, Linear, Sequential
from tinytorch.core.losses import CrossEntropyLoss, MSELoss
from tinytorch.core.optimizers import SGD, AdamW
from tinytorch.core.tensor import extend
from tinytorch.utils import plot
from tinytorch.utils.check import expect, expect_error, expect_number
from tinytorch.utils.examples import spirals
from tinytorch.utils.measure import seconds, show, table, traced

# %% [markdown]
r"""
## Part 1: Mathematical Foundations

Three words for one loop. A **step** takes one batch: forward, loss, backward, optimizer. An **epoch** takes every
example once, in as many steps as there are batches. **Training** takes as many epochs as one has patience for.

```text
   for each epoch:
      for each batch:   forget gradients ─► loss ─► backward ─► clip ─► step ─► next rate
      evaluate on examples that were held out
```

The last line of the picture is the one that matters. A loss on the training examples can reach 0 and mean nothing: a
table of all questions with their answers would do as well. So a part of the examples is held out. The network never
learns from them, and the loss on them, the **validation loss**, says what it would do with new ones.

### Computational Complexity

What a step costs with a batch of $B$ examples, a model of $P$ weights, and $F$ operations for one example forward.

| part | arithmetic | memory at the peak |
|---|---|---|
| forward and backward | $3BF$ | all results for the batch, and $P$ gradients |
| clipping | $2P$, or $3P$ if it clips | a float64 copy of the largest gradient |
| Adam | $13P$ | $2P$, always |
| evaluating a batch | $BF$ | two or three results for the batch |

## A Course for the Rate

At first, far from any floor, steps should be large. Near the floor they should be small, because slopes from a batch
are noisy: each batch has its own floor, and with a large rate the weights jump about between them.

The *cosine schedule* (Loshchilov and Hutter, 2016) follows half a wave of the cosine, so the rate falls slowly at
first, then quickly, and slowly again. With $p$ going from 0 to 1 over the course, the rate is

$$\text{low} + \tfrac{1}{2}\,(\text{peak} - \text{low})\,(1 + \cos \pi p)$$

Before it comes the *warm-up*, a few steps in which the rate rises to its peak along a straight line. With random
weights the first slopes say little, and Adam's averages rest on few of them.

```text
   rate
   peak │      ╱▔▔╲
        │    ╱      ╲                 total = 10, warmup = 2
        │  ╱          ╲               step 0 has a third of the peak, step 2 all of it
    low │               ╲▁▁
        └─────────────────────
          0    2        10  step
```
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "07-rate"}}
#| export
def cosine_rate(step, total, warmup, peak, low):
    """The learning rate for a step: up a line to peak, then down a cosine to low.

    Args: step, from 0; total and warmup, numbers of steps, warmup < total; peak and
        low, rates.
    Returns: a float.

    TODO: return the rate for steps in the warm-up, on the cosine, and after the end.

    APPROACH:
    1. If step < warmup, the rate is (step + 1) parts of peak out of warmup + 1.
    2. Else compute p: 0 for the step number warmup, 1 for the step number total. Beyond
       that, let it stay 1.
    3. Return low plus half of (peak - low) * (1 + cos(pi * p)).

    EXAMPLE:
    >>> [round(cosine_rate(step, 6, 2, 0.3, 0.0), 3) for step in range(8)]
    [0.1, 0.2, 0.3, 0.256, 0.15, 0.044, 0.0, 0.0]

    HINT: math.cos and math.pi; min(a, b) is the smaller of two numbers.
    """
    ### BEGIN SOLUTION
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    p = min((step - warmup) / (total - warmup), 1.0)
    return low + 0.5 * (peak - low) * (1 + math.cos(math.pi * p))
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Rate
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "07-rate-check"}}
def test_cosine_rate():
    """The line, the peak, the wave and the floor."""
    course = [1.0, 2.0, 3.0, 4.0, 3.56066, 2.5, 1.43934, 1.0, 1.0, 1.0]
    for step, expected in enumerate(course):
        got = cosine_rate(step, total=7, warmup=3, peak=4.0, low=1.0)
        expect_number(f"step {step} of 7, warm-up of 3, from 4 to 1", got, expected)
    expect_number("step 0 without warm-up", cosine_rate(0, 10, 0, 0.5, 0.0), 0.5)
    expect_number("halfway", cosine_rate(5, 10, 0, 0.5, 0.0), 0.25)
    ### BEGIN HIDDEN TESTS
    expect_number("the last step", cosine_rate(9, 10, 0, 1.0, 0.0), 0.0244717)
    expect_number("long after", cosine_rate(999, 10, 5, 1.0, 0.125), 0.125)
    ### END HIDDEN TESTS


test_cosine_rate()

# %% [markdown]
r"""
A schedule holds an optimizer and sets its `lr`. One calls its `step()` after each step of the optimizer.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "07-schedule"}}
#| export
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

# %% [markdown]
r"""
Try it on a thousand weights that want to be 0, with noise of size 1 in their slopes. Shown is their root mean square.

:::{predict} At a constant rate of 0.3 the weights come down from 10 to 0.42 and stay there. Where does the cosine end?
:shows: cosine, lr 0.3 10.00 0.50 0.30 {}
- [x] `0.16`: smaller steps let in less of the noise, and late steps correct what the early ones let in.
- [ ] `0.42`, as well: the noise is the same, but a step takes in as much of it as its rate is large.
- [ ] `0.00`: the slope leads there, but each step is made with a noisy slope, up to the last.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "07-noise-demo"}}
rows = []
for name, lr in [("constant", 0.3), ("constant", 0.03), ("cosine", 0.3)]:
    w, rng = Tensor(np.full(1000, 10.0), requires_grad=True), np.random.default_rng(0)
    optimizer, row = SGD([w], lr), [f"{name}, lr {lr}"]
    schedule = CosineSchedule(optimizer, 100 if name == "cosine" else 10**9)
    for step in range(101):
        if step in (0, 10, 50, 100):
            row.append(f"{(w.data**2).mean() ** 0.5:.2f}")
        w.grad = w.data + rng.standard_normal(1000)  # the slope, and noise
        optimizer.step()
        schedule.step()
    rows.append(row)
print(table(["size after step", 0, 10, 50, 100], rows))

# %% [markdown]
r"""
A large rate is quick and never settles, and a small one is still on its way. The cosine is as quick as the large
rate; then, as the rate goes to 0, the weights settle, because each noisy slope counts for less and less.

## A Limit for Gradients

Sooner or later a batch comes that is not like the others: a label with three zeros too many, a sentence in the wrong
language. Its gradient may be a thousand times the usual, and one step by it destroys what an hour has built. So look
at the length of the gradient before the step. All parameters count together, as one long vector of numbers $g_i$,
whose length is called its **norm**, $\sqrt{\sum_i g_i^2}$. If it is above a limit, multiply all gradients by
limit / norm: that shortens the vector and keeps its direction, which clipping each number for itself would not.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "07-clip"}}
#| export
def clip_grad_norm(params, max_norm):
    """Scale all gradients so that their norm is at most max_norm; the norm before.

    TODO: compute the norm of all together, scale them in place if needed, return it.

    APPROACH:
    1. Collect the gradients that are not None.
    2. Add up np.square(g, dtype=np.float64).sum(); float32 may overflow. Take the root.
    3. Pass it through errors.finite("norm", norm), which refuses nan and infinity.
    4. If it is above max_norm, multiply each gradient in place by one factor for all.

    EXAMPLE:
    >>> w = Tensor([0.0, 0.0], requires_grad=True)
    >>> w.grad = np.array([3.0, 4.0], np.float32)
    >>> clip_grad_norm([w], max_norm=10.0)
    5.0

    HINT: math.sqrt takes the root; g *= number changes the array g itself.
    """
    errors.check_max_norm(max_norm)
    ### BEGIN SOLUTION
    grads = [p.grad for p in params if p.grad is not None]
    norm = math.sqrt(sum(np.square(g, dtype=np.float64).sum() for g in grads))
    if errors.finite("norm", norm) <= max_norm:
        return norm
    for g in grads:
        g *= max_norm / norm
    return norm
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Limit
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "07-clip-check"}}
def test_clip_grad_norm():
    """The norm of all together, one factor for all, the arrays themselves."""
    a, b, c = (Tensor(np.zeros(s), requires_grad=True) for s in [(2,), (1, 2), (3,)])
    a.grad, b.grad = np.array([2.0, 4.0]), np.array([[-5.0, 6.0]])
    held = a.grad
    expect("norm, limit 10", clip_grad_norm([a, b, c], 10.0), 9.0)
    expect("gradients below the limit", a.grad.tolist(), [2.0, 4.0])
    expect("norm, limit 4.5", clip_grad_norm((p for p in [a, b, c]), 4.5), 9.0)
    now = [a.grad.tolist(), b.grad.tolist(), held.tolist()]
    expect("gradients, halved in place", now, [[1.0, 2.0], [[-2.5, 3.0]], [1.0, 2.0]])
    for bad in (np.nan, np.inf):
        b.grad[0, 0] = bad
        expect_error(f"a {bad}", lambda: clip_grad_norm([a, b], 1.0), f"norm is {bad}")
        expect("the others, after the error", a.grad.tolist(), [1.0, 2.0])
    ### BEGIN HIDDEN TESTS
    expect("no gradients", clip_grad_norm([c], 1.0), 0.0)
    a.grad = np.array([3e30, 4e30], np.float32)  # squares beyond float32
    expect_number("large ones", clip_grad_norm([a], 1.0), 5e30)
    expect_number("clipped", float(a.grad[0]), 0.6)
    ### END HIDDEN TESTS


test_clip_grad_norm()

# %% [markdown]
r"""
## The Trainer

A `Trainer` holds what training needs, and the losses so far in `history`.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "07-trainer"}}
#| export
class Trainer:
    """Trains a model on batches, and evaluates it.

    Args: model, a Layer; optimizer, made with its parameters; loss, called with a
        prediction and a target; schedule, or None; max_norm, for clipping, or None.
    """

    def __init__(self, model, optimizer, loss, schedule=None, max_norm=None):
        self.model, self.optimizer, self.loss = model, optimizer, loss
        self.schedule, self.max_norm = schedule, max_norm
        self.history = {"train": []}  # name: a loss for each epoch

# %% [markdown]
r"""
One step first. Its order matters. Gradients of the step before must be forgotten, or they would be added to. A loss
that is `nan` must stop everything *before* it is walked back. And the schedule comes last: it sets the next rate. We
try it on a model of a single weight, whose numbers can be worked out by hand: at $w$, the loss on the points (1, 2)
and (2, 4) is $2.5\,(w - 2)^2$, and its slope $5\,(w - 2)$.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "07-one-weight"}}
def one_weight(at, **options):
    """A Trainer of the model at * x, with a rate of 0.1, and the weight."""
    model = Linear(1, 1, bias=False)
    model.weight.data[:] = at
    return Trainer(model, SGD([model.weight], 0.1), MSELoss(), **options), model.weight

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "07-learn"}}
#| export
@extend(Trainer)
def learn(self, x, y):
    """Make one step on one batch; its loss before the step, a float.

    TODO: forget the gradients, loss, backward, clip, step; then the schedule.

    APPROACH:
    1. Forget the gradients, compute the loss, and show its number to errors.finite.
    2. Walk back. If self.max_norm is not None, clip self.optimizer.params.
    3. Step the optimizer, and the schedule if it is not None. Return the number.

    EXAMPLE:
    >>> one_weight(0.0)[0].learn(Tensor([[1.0], [2.0]]), [[2.0], [4.0]])
    10.0

    HINT: errors.finite("loss", loss.item()) returns the number, or raises.
    """
    ### BEGIN SOLUTION
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
    ### END SOLUTION

# %% [markdown]
r"""
### Testing One Step
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "07-learn-check"}}
def test_learn():
    """Three steps, one with a limit, three with a schedule, and a nan."""
    x, y = Tensor([[1.0], [2.0]]), [[2.0], [4.0]]
    trainer, w = one_weight(0.0)
    w.grad = np.ones((1, 1), np.float32)  # left from before
    for loss, after in [(10.0, 1.0), (2.5, 1.5), (0.625, 1.75)]:
        expect("learn(x, y)", trainer.learn(x, y), loss)
        expect("weight after the step", w.item(), after)
    trainer, w = one_weight(0.0, max_norm=5.0)
    trainer.loss = lambda prediction, target: prediction.mean() * -9
    trainer.learn(x, y)
    expect("weight after a step with max_norm=5", w.item(), 0.5)
    trainer, w = one_weight(0.0)
    trainer.schedule = CosineSchedule(trainer.optimizer, total_steps=2)
    for after in (1.0, 1.25, 1.25):  # at rates of 0.1, 0.05 and 0
        trainer.learn(x, y)
        expect("weight, with a schedule", round(w.item(), 6), after)
    expect_error("nan", lambda: trainer.learn(x * np.nan, y), "the loss is nan")
    expect("weight and gradient then", (round(w.item(), 6), w.grad), (1.25, None))


test_learn()

# %% [markdown]
r"""
Watch the weight on its way to 2, with a bad batch as the fourth: its targets are a thousand times too large.

:::{predict} Without a limit, the weight is at 1.75 when the bad batch comes. Where is it after that batch?
:shows: max_norm None: 1.00 1.50 1.75 {}
- [ ] `1.88`: that would be the fourth good step. This batch says that 2000 is right, not 2.
- [ ] `2000.00`: the batch wants the weight there, but a step goes half of the way, as the first one did from 0 to 1.
- [x] `1000.88`: half of the way from 1.75 to 2000. The next good batches have to bring it all the way back.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "07-bad-batch"}}
for limit in (None, 4.0):
    (trainer, w), path = one_weight(0.0, max_norm=limit), []
    for scale in [1, 1, 1, 1000, 1, 1, 1, 1]:
        trainer.learn(Tensor([[1.0], [2.0]]), [[2.0 * scale], [4.0 * scale]])
        path.append(f"{w.item():.2f}")
    print(f"max_norm {limit}:", *path)

# %% [markdown]
r"""
Evaluation asks what the network would do in use. So the model goes into its mode for use (dropout would shake the
answer), nothing is recorded (chapter 05 measured what that saves), and at the end the mode is what it was before.
One trap is left. The last batch is often smaller, and then the mean of the batch means is not the mean over all
examples: with losses 1, 1, 1 and 5 in batches of three and one, it is $(1 + 5) / 2 = 3$ instead of 2. Each batch must
weigh as much as it has examples.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "07-evaluate"}}
#| export
@extend(Trainer)
def evaluate(self, batches, measure=None):
    """The mean of a measure, by default the loss, over all examples; a float.

    TODO: average over the examples, in the mode for use, with nothing recorded.

    APPROACH:
    1. Put the model to use with eval(). Inside `with no_grad():`, go over the pairs
       x, y in batches, and add up len(y), and the measure of the batch times len(y).
    2. Put the model back into its mode with train(mode).
    3. Return the mean. errors.counted(count) returns count, or raises if it is 0.

    EXAMPLE:
    >>> one_weight(1.0)[0].evaluate([(Tensor([[1.0], [1.0]]), [[3.0], [3.0]])])
    4.0

    HINT: measure(self.model(x), y).item() is the mean over one batch.
    """
    measure, mode = measure or self.loss, self.model.training
    ### BEGIN SOLUTION
    total = count = 0
    self.model.eval()
    with no_grad():
        for x, y in batches:
            total += measure(self.model(x), y).item() * len(y)
            count += len(y)
    self.model.train(mode)
    return total / errors.counted(count)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Evaluation
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "07-evaluate-check"}}
def test_evaluate():
    """Weights of batches, both modes, no graph, no change."""
    x = Tensor([[1.0], [1.0], [1.0]])
    batches = [(x, [[0.0], [0.0], [0.0]]), (x[:1], [[3.0]])]  # losses 1, 1, 1 and 4
    trainer, w = one_weight(1.0)
    trainer.model, seen = Sequential(trainer.model, Dropout(0.9, rng=0)), []

    def watch(prediction, y):
        seen.append((prediction.requires_grad, trainer.model[1].training))
        return Tensor(len(y))

    for mode in (True, False):
        trainer.model.train(mode)
        expect("evaluate(batches)", trainer.evaluate(batches), 1.75)
        expect("with another measure", trainer.evaluate(iter(batches), watch), 2.5)
        expect("training afterwards", trainer.model[1].training, mode)
    expect("(recorded, dropping) in each call", seen, [(False, False)] * 4)
    expect("gradient and weight", (w.grad, w.item()), (None, 1.0))
    expect_error("no batches", lambda: trainer.evaluate([]), "there were no batches")


test_evaluate()

# %% [markdown]
r"""
`fit` is the two loops of the picture. `Progress`, from `tinytorch/utils`, keeps one line up to date, in a terminal, a
notebook or this page, and leaves its last state. `accuracy` is a measure for people: the share of right answers.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "07-fit"}}
#| export
@extend(Trainer)
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


def accuracy(logits, ids):
    """The share of rows whose largest logit is that of the right class."""
    return (np.argmax(logits.data, axis=-1) == np.asarray(ids)).mean()

# %% [markdown]
r"""
Now let it run: points on three spiral arms, 120 to learn from and 300 held out. One label in ten is drawn at random,
as people who label things get tired. The network has 4,547 weights, enough to learn much by heart. Will it?

:::{predict} A third of the random labels are right by chance, so about 93% of all labels are. With how many of
its 120 training labels does the network agree in the end?
:shows: train: {} right
- [ ] `93%`, with the right ones: so it would be if it learned the arms and nothing else.
- [x] `97%`: it has bent itself around some of the wrong ones as well, and knows them by heart.
- [ ] `100%`: it has the weights for that. But the rate is going to 0, and some points lie deep in another arm.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "07-fit-demo"}}
def in_batches(x, y):
    """Pairs of 30 points, a Tensor (30, 2), and their arms."""
    return [(Tensor(x[i : i + 30]), y[i : i + 30]) for i in range(0, len(y), 30)]

rng = np.random.default_rng(0)
train, held_out = (in_batches(*spirals(rng, n, mistakes=0.1)) for n in (40, 100))

def build(rng, steps=160):
    """A model for the spirals, an optimizer and a schedule."""
    first, second = Linear(2, 64, rng=rng), Linear(64, 64, rng=rng)
    model = Sequential(first, ReLU(), second, ReLU(), Linear(64, 3, rng=rng))
    optimizer = AdamW(model.parameters(), lr=0.03)
    return model, optimizer, CosineSchedule(optimizer, steps, warmup_steps=6)

model, optimizer, schedule = build(np.random.default_rng(1))
trainer = Trainer(model, optimizer, CrossEntropyLoss(), schedule, max_norm=1.0)
history = trainer.fit(train, 40, held_out)
for name, batches in [("train", train), ("held out", held_out)]:
    print(f"{name}: {trainer.evaluate(batches, accuracy):.0%} right")
plot.lines(history, "epoch", "loss")

# %% [markdown]
r"""
Read the curves together. For some ten epochs both fall: what the network learns holds for new points too. Then the
training loss goes on falling and the validation loss turns up. From there on the network learns the wrong labels of
its 120 points, which are no use on others: it is **overfitting**. It is still right on 93% of the held-out labels,
about as many as are right at all. But it grows ever more sure where it errs, and the loss counts that. By the loss,
the best model stood at the turn. Whoever has kept it can go back to it, and this brings us to keeping things.

## Checkpoints

A **checkpoint** is a file from which training can go on as if it had never stopped. What must be in it? All that
training changes: the weights, and arrays that layers keep beside them; what the optimizer keeps, and its settings, as
the schedule moves `lr`; how far the schedule is; and the state of each random generator, or dropout would draw other
numbers. Leave one out, and training goes on, only differently. `live_arrays` finds the arrays and gives each a name;
`checkpoint`, in `tinytorch/utils`, does the same for what is no array.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "07-live-arrays"}}
#| export
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

# %% [markdown]
r"""
Now the file. Writing takes a while, and a process can be killed at any moment of it. Whoever opens the file in place
has destroyed the last good checkpoint with the first byte, and has no new one before the last byte. So write into
*another* file beside it, and when that is whole, rename it. Renaming is **atomic**: it happens or it does not, and
anyone who looks finds the old file or the new one, never a half.

```text
   run.npz        old   old   old   old   new      the swap takes one instant;
   run.npz.part         n     ne    new            killed before it, the old one stays
```

`file.flush()` hands what Python still holds to the system, and `os.fsync` has the system put it on the disk. Without
that the name could change before the bytes are there, which matters when the power goes.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "07-write"}}
#| export
def write_whole(path, write):
    """Write a file so that path is at every moment the old file or the whole new one.

    TODO: let write, a function of an open file, fill a file beside path; then swap.

    APPROACH:
    1. Make the other path: Path(path), with ".part" added to its name.
    2. Open it with part.open("wb") in a with block. In there call write(file), then
       file.flush(), then os.fsync(file.fileno()).
    3. After the block, put it in the place of path with part.replace(path).

    EXAMPLE:
    >>> with TemporaryDirectory() as folder:
    ...     write_whole(f"{folder}/a", lambda file: file.write(b"new"))
    ...     print([item.name for item in Path(folder).iterdir()])
    ['a']

    HINT: path.with_name(path.name + ".part") stays in the same folder.
    """
    ### BEGIN SOLUTION
    path = Path(path)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Write
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "07-write-check"}}
def test_write_whole():
    """The old bytes until the end, whatever happens on the way."""
    with TemporaryDirectory() as folder:
        path, during, synced = Path(folder, "run.npz"), [], []

        def write(file):
            file.write(b"ne")
            file.flush()
            during.append((path.read_bytes(), sorted(os.listdir(folder))))
            if len(during) == 2:
                raise OSError("the disk is full")
            file.write(b"w")

        path.write_bytes(b"old")
        Path(folder, "run.npz.part").write_bytes(b"left by a killed process")
        with patch("os.fsync", lambda number: synced.append(os.fstat(number))):
            write_whole(str(path), write)
        expect("while written", during, [(b"old", ["run.npz", "run.npz.part"])])
        expect("the file at the end", path.read_bytes(), b"new")
        expect("bytes in it at os.fsync", [found.st_size for found in synced], [3])
        expect("that file was renamed", path.stat().st_ino, synced[0].st_ino)
        left = [item.name for item in Path(folder).iterdir()]
        expect("what lies in the folder", left, ["run.npz"])
        expect_error("half a write", lambda: write_whole(path, write), "disk is full")
        expect("the file after half a write", path.read_bytes(), b"new")


test_write_whole()

# %% [markdown]
r"""
Loading has a rule of its own: *look at everything before changing anything*. A checkpoint of another model, or one
that was cut short in copying, must be refused while the model is still whole. `differences` compares names, shapes
and dtypes. numpy's `.npz` file, a zip archive, has a checksum for each array. The numbers are then copied *into* the
live arrays, since the optimizer and the layers hold those.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "07-differences"}}
#| export
def differences(saved, live):
    """The names under which two dicts do not hold arrays of one shape and dtype."""
    kinds = [{n: (a.shape, a.dtype) for n, a in d.items()} for d in (saved, live)]
    return [n for n in {**live, **saved} if kinds[0].get(n) != kinds[1].get(n)]

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "07-save-load"}}
#| export
def save_checkpoint(path, model, optimizer=None, schedule=None, rng=None, **notes):
    """Write all that training changes, and notes such as epoch=3, into one file.

    rng is a generator from outside the model, such as the one that shuffles the data.
    """
    told = checkpoint.describe(model, optimizer, schedule, rng, notes)
    arrays = {**live_arrays(model, optimizer), checkpoint.TEXT: told}
    write_whole(path, lambda file: np.savez(file, **arrays))


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

# %% [markdown]
r"""
The proof: forty epochs at once, and forty with everything thrown away halfway and brought back from a file. (The
engine *this browser* has its files in the page's memory, and they go with it. Elsewhere they lie on a disk.)
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "07-resume-demo"}}
def trained(model, optimizer, schedule, epochs):
    Trainer(model, optimizer, CrossEntropyLoss(), schedule, 1.0).fit(train, epochs)

once = build(np.random.default_rng(1))
trained(*once, 40)
with TemporaryDirectory() as folder:
    first, path = build(np.random.default_rng(1)), Path(folder, "spirals.npz")
    trained(*first, 20)
    save_checkpoint(path, *first, epoch=20)
    second = build(np.random.default_rng(999))  # other random weights
    print("notes:", load_checkpoint(path, *second))
    trained(*second, 20)
    pairs = zip(once[0].parameters(), second[0].parameters(), strict=True)
    print("equal to the last bit:", all((a.data == b.data).all() for a, b in pairs))
    path.write_bytes(path.read_bytes()[:-1000])  # cut short
    try:
        load_checkpoint(path, *second)
    except ValueError as error:
        print(str(error).replace(folder, "…"))

# %% [markdown]
r"""
## Part 2: Systems Analysis

### Memory Profiling

What a step of training and an evaluation ask for at their peaks, with 1.3 MiB of weights; then a checkpoint's size.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "07-memory"}}
blocks = [part for i in range(5) for part in (Linear(256, 256, rng=i), ReLU())]
model, rows = Sequential(*blocks, Linear(256, 10, rng=9)), []
trainer = Trainer(model, AdamW(model.parameters()), CrossEntropyLoss(), max_norm=1.0)
for n in [16, 64, 256]:
    batch = Tensor(np.ones((n, 256), np.float32)), np.zeros(n, int)
    _, learning = traced(lambda batch=batch: trainer.learn(*batch))
    _, evaluating = traced(lambda batch=batch: trainer.evaluate([batch]))
    rows.append([n, show(learning, "B"), show(evaluating, "B")])
    trainer.optimizer.zero_grad()
print(table(["batch", "peak of learn", "peak of evaluate"], rows))
with TemporaryDirectory() as folder:
    save_checkpoint(Path(folder, "m.npz"), model, trainer.optimizer)
    print("checkpoint:", show(Path(folder, "m.npz").stat().st_size, "B"))

# %% [markdown]
r"""
With a small batch, learning needs room for the gradients, and for the float64 squares of one of them. With a large
batch the results of all layers take over. Evaluation keeps two or three results at a time. The file holds each weight
three times: itself and Adam's two averages.

### Timing That Scales

Where does the time of a step go, for batches of different size?
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "07-timing"}}
rows, trainer.optimizer.lr = [], 0.0  # thousands of steps, and none may move
for n in [1, 8, 64]:
    x, y = Tensor(np.ones((n, 256), np.float32)), np.zeros(n, int)

    def through(x=x, y=y):
        trainer.optimizer.zero_grad()
        trainer.loss(model(x), y).backward()

    parts = [through, lambda: clip_grad_norm(model.parameters(), 1e9)]
    times = [seconds(part) for part in (*parts, trainer.optimizer.step)]
    rows.append([n, *(show(t, "s") for t in (*times, sum(times) / n))])
print(table(["batch", "forward, backward", "clip", "step", "an example"], rows))

# %% [markdown]
r"""
Clipping and stepping walk over the weights. That costs the same for 1 example as for 64, but the 64 share the cost.

## Part 3: Production Context

| here | in PyTorch |
|---|---|
| `Trainer` | written by hand, as four lines in a loop, or taken from Lightning or Hugging Face |
| `CosineSchedule` | `CosineAnnealingLR`, behind a `LinearLR` for the warm-up |
| `clip_grad_norm` | `nn.utils.clip_grad_norm_`; by default it lets a `nan` pass into every gradient |
| `save_checkpoint` | `torch.save` of `state_dict()`s; atomic only if you make it so |

`torch.save` writes with *pickle*, Python's own format, which can hold code that runs when it is opened. Since PyTorch
2.6 `torch.load` refuses that by default, and models are passed on as *safetensors*, which hold no code.
"""

# %% [code] {"tags": ["main"], "nbgrader": {"grade_id": "07-main"}}
from tinytorch.utils.check import run_all_tests

if __name__ == "__main__":
    run_all_tests(globals())

# %% [markdown]
r"""
## 🤔 ML Systems Thinking

**1.** Someone tries fifty settings, takes the one with the best validation loss, and reports that loss. Is it true?

:::{dropdown} Answer
It is too good. The held-out examples have chosen the setting, so they are not held out any more: of fifty tries, one
looks good by luck. A third part, the *test* set, is used once, at the very end.
:::

**2.** Saving takes 30 s and a step 1 s. The machine fails once a day on average. How often should one save?

:::{dropdown} Answer
Saving every $T$ seconds costs $30 / T$ of the time. A failure loses $T / 2$ seconds on average, once in 86,400, which
is $T / 172{,}800$. The sum is least where both are equal: $T = \sqrt{30 \cdot 172{,}800}$, or every 38 minutes.
:::

**3.** A run goes on from a whole checkpoint, and ends with other weights than one that never stopped. Why may that be?

:::{dropdown} Answer
The generator that shuffles the batches, if it is not passed as `rng`; the place within an epoch, if it was saved in
the middle of one; batches in another order. Or another machine, on which a product is summed in another order.
:::

## 🎯 Module Summary

You have built a loop that can be left alone.

- **Held-out examples** tell learning from learning by heart; the best model stands where their loss turns up.
- A **schedule** is quick at first and settles at the end. **Clipping** keeps one bad batch from undoing the rest.
- **Evaluation** changes nothing, and weighs each batch by its examples.
- A **checkpoint** holds all that training changes. Written beside and then renamed, it is the old one or the new one.

What you built is `tinytorch.core.training`. Chapter 08 feeds it batches from real data.
"""
