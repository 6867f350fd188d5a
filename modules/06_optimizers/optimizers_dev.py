# %% [markdown]
r"""
# Module 06: Optimizers

Backward has told you, for each weight, how the loss moves when that weight moves. Now somebody has to move them. The
obvious rule, a small step against the slope, works. But it is slow where the ground falls steeply in one direction
and gently in another, and in a network that is everywhere. You will watch it zigzag, build what people have done
about it, from momentum to Adam, and weigh what each rule keeps in memory.

**Learning Objectives:**

- Say from which learning rate on descent runs away, and why one steep direction makes all steps small.
- Build `SGD` with momentum, `Adam` and `AdamW`, equal to PyTorch's step by step.
- Explain why Adam corrects its averages, and what becomes of weight decay inside it.
- Count the bytes an optimizer keeps, and move a million weights without making a new array.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "06-imports"}}
#| default_exp core.optimizers
#| names SGD Adam AdamW
#| export
import math

import numpy as np

from tinytorch.core.autograd import enable_autograd
from tinytorch.core.tensor import Tensor
from tinytorch.errors import optimizers as errors

enable_autograd()

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "06-tools"}}
from tinytorch.core.activations import ReLU
from tinytorch.core.layers import Linear, Sequential
from tinytorch.core.losses import CrossEntropyLoss
from tinytorch.core.tensor import extend
from tinytorch.utils.check import expect, expect_error
from tinytorch.utils.examples import show_path, spirals
from tinytorch.utils.measure import seconds, show, table, traced

# %% [markdown]
r"""
## Part 1: Mathematical Foundations

Take the simplest loss there is, a parabola: $\tfrac{1}{2}\, c\, w^2$, with its floor at $w = 0$. Its slope at $w$ is
$c\,w$, and $c$, the **curvature**, says how fast the slope changes on the way. One step against the slope is

$$w \;\leftarrow\; w - \eta\, c\, w = (1 - \eta\, c)\, w$$

The number $\eta$ (*eta*) is the **learning rate**, `lr` in code. So a step multiplies $w$ by $1 - \eta c$, and all
depends on that factor. The next cell starts at $w = 10$, with curvature 1.

:::{predict} At a rate of 1.9 the first step leads from 10 to -9. Where is $w$ after 50 steps?
:shows: 1.9 -0.90 … {}
- [ ] `1173.91`: that needs a factor beyond -1. Here each jump is a tenth shorter than the one before.
- [ ] `10.00`, back at its start: a factor of exactly -1 would do that, which is a rate of 2.
- [x] `0.05`: it jumps over the floor each time, but every time it lands nearer.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "06-parabola"}}
rows = []
for lr in [0.01, 0.5, 1.0, 1.9, 2.0, 2.1]:
    places = [10 * (1 - lr) ** steps for steps in (1, 2, 3, 50)]
    rows.append([lr, f"{1 - lr:.2f}", *(f"{w + 0:.2f}" for w in places)])
print(table(["lr", "factor", "step 1", "step 2", "step 3", "step 50"], rows))

# %% [markdown]
r"""
With a small rate, $w$ creeps toward the floor. With $\eta c = 1$ it arrives at once. Between 1 and 2 each step lands
on the other side, nearer than before; at 2 it jumps to and fro for ever, and above 2 each jump is wider than the
last. So a rate is too large from $\eta = 2 / c$ on.

A network has many weights, and its loss curves differently in different directions. Two weights are enough to see
what this does. Here is a long valley, with twenty times the curvature across that it has along:

$$\text{loss}(x, y) = \tfrac{1}{2} \left(x^2 + 20\, y^2\right)$$

Across the valley $c$ is 20, and the rate must stay below $2 / 20 = 0.1$. Along it $c$ is 1, and at such a rate $x$
shrinks by less than a tenth in each step. Both take the same $\eta$. The map below shows the valley from above, with
its floor in the middle on the left; each digit is the last digit of a step's number.
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "06-zigzag"}}
x, y, path = 10.0, 1.0, []
for _ in range(41):
    path.append((x, y))
    x, y = x - 0.09 * x, y - 0.09 * 20 * y  # the slopes are x and 20 y
show_path(path)
print(f"after 40 steps: x = {path[-1][0]:.2f}, y = {path[-1][1]:.4f}")

# %% [markdown]
r"""
The descent crosses the valley in every step, since across it the factor is $1 - 0.09 \cdot 20 = -0.8$, while along it
the factor is $0.91$. A rate above 0.1 throws it out at the sides, and a small one makes it crawl. The ratio of
the largest curvature to the smallest, here 20, is the **condition number**. In networks it can be many thousands.

### Computational Complexity

What a step costs for each weight. *Kept* are the numbers that must stay in memory from one step to the next, beside
the weight and its gradient. Adding, dividing and taking a root count as one operation each.

| rule | arithmetic | kept |
|---|---|---|
| plain descent | 2 | 0 |
| with momentum | 4 | 1 |
| Adam | 13 | 2 |

Next to backward this is cheap: with 64 examples in a batch, a weight of a linear layer takes part in up to 384
operations, forward and backward, before it is moved once. The last column is what can become dear.

## One Step Down

In chapter 05 the step was `weight.data -= 0.3 * weight.grad`. Look at what numpy does there. It first computes
`0.3 * weight.grad` in a *new array*, as large as the weight. Then it subtracts that from the weight in place, and
throws the new array away. In place is right, because others hold the same array: the Tensor, the layer, perhaps a
view. The new array is waste: memory is fetched, filled and given back, for each weight in each step.

numpy's functions can write into an array that is there already: `np.multiply(a, b, out=room)` puts the products into
`room`. So whoever hands us a place to work in saves the new array.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "06-descend"}}
#| export
def descend(weight, slope, lr, room):
    """Move an array of weights one step against their slopes, in place.

    Args: weight and slope, arrays of one shape; lr, a number; room, an array of that
        shape to work in, with anything in it. It may be the array slope itself.

    TODO: subtract lr * slope from weight without making a new array.

    APPROACH:
    1. Multiply slope by lr, and let numpy write the products into room.
    2. Subtract room from weight in place.

    EXAMPLE:
    >>> weight, slope = np.array([1.0, 1.0]), np.array([2.0, 4.0])
    >>> descend(weight, slope, 0.1, room=np.empty(2))
    >>> weight.tolist()
    [0.8, 0.6]

    HINT: weight = weight - room makes another array, which the caller never sees.
    """
    ### BEGIN SOLUTION
    np.multiply(slope, lr, out=room)
    weight -= room
    ### END SOLUTION

# %% [markdown]
r"""
### Testing One Step Down
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "06-descend-check"}}
def test_descend():
    """The weights moved, the slopes left alone, nothing made anew."""
    weight, slope = np.array([[1.0, 2.0, 3.0]]), np.array([[4.0, -8.0, 0.0]])
    got = descend(weight, slope, 0.25, room=np.full((1, 3), 7.0))
    expect("what descend returns", got, None)
    expect("weight afterwards", weight.tolist(), [[0.0, 4.0, 3.0]])
    expect("slope afterwards", slope.tolist(), [[4.0, -8.0, 0.0]])
    large, ones, room = (np.ones(100_000, np.float32) for _ in range(3))
    _, peak = traced(lambda: descend(large, ones, 0.5, room))
    expect("a new array as large as weight", peak > large.nbytes / 2, False)
    ### BEGIN HIDDEN TESTS
    expect("large afterwards", set(large.tolist()), {0.5})
    descend(weight, slope, 1.0, room=slope)
    expect("with slope as room", weight.tolist(), [[-4.0, 12.0, 3.0]])
    ### END HIDDEN TESTS


test_descend()

# %% [markdown]
r"""
How large must the room be? Weights are moved one after another, so all can share the room of the largest one.
`rooms` makes a block of memory of that size. From its beginning it cuts, for each weight, an array of its shape.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "06-rooms"}}
#| export
def rooms(params):
    """For each parameter an array of its shape and type, all in the same memory."""
    block = np.empty(max(p.data.nbytes for p in params), np.uint8)  # bytes
    parts = [block[: p.data.nbytes].view(p.dtype) for p in params]
    return [part.reshape(p.shape) for part, p in zip(parts, params, strict=True)]

# %% [markdown]
r"""
## What All Optimizers Share

An *optimizer* holds the parameters of a model and knows how to move them. Training asks two things of it:
`zero_grad()` forgets the gradients of the last step, since backward adds to what is there, and `step()` moves the
parameters. Whatever the rule, a step is a walk over the parameters. So the walk goes into a base class, and each kind
of optimizer defines only `update`, which moves one array. `keep` makes arrays of zeros, one for each parameter, for
rules that remember something. `decayed` adds weight decay to the slopes, in a second room; what that is for comes near
the end. The functions in `errors` refuse an empty list, a parameter without `requires_grad` and a negative rate.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "06-optimizer"}}
#| export
class Optimizer:
    """Parameters, a learning rate, and what is kept from step to step."""

    def __init__(self, params, lr, weight_decay=0.0):
        self.params = errors.usable(params, Tensor)
        self.lr = errors.rate("lr", lr)
        self.weight_decay = errors.rate("weight_decay", weight_decay)
        self.room, self.sums = rooms(self.params), rooms(self.params)
        self.kept = {}  # name: a list of arrays, one for each parameter

    def keep(self, name):
        """Make and list an array of zeros for each parameter, kept between steps."""
        self.kept[name] = [np.zeros_like(p.data) for p in self.params]
        return self.kept[name]

    def zero_grad(self):
        """Forget the gradients, so that the next backward starts afresh."""
        for p in self.params:
            p.grad = None

    def decayed(self, place, weight, slope):
        """slope + weight_decay * weight, which leaves both as they are."""
        if not self.weight_decay:
            return slope
        np.multiply(weight, self.weight_decay, out=self.sums[place])
        return np.add(slope, self.sums[place], out=self.sums[place])

# %% [markdown]
r"""
Now the walk. A parameter's `grad` is None if the loss did not depend on it this time, as in a part of the model that
was not used. Such a parameter stays where it is, and so does what is kept for it. But if *no* parameter has a
gradient, somebody forgot `backward()`. PyTorch then quietly does nothing; ours will say so.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "06-step"}}
#| export
@extend(Optimizer)
def step(self):
    """Move each parameter that has a gradient; RuntimeError if there is none.

    TODO: call self.update for each parameter that has a gradient.

    APPROACH:
    1. Collect the parameters whose grad is not None, each with its place (0, 1, ...).
    2. If there are none, raise errors.nothing_to_step(len(self.params)).
    3. For each of them call self.update(place, weight, slope): weight is the
       parameter's data, slope what self.decayed(place, weight, its grad) returns.

    EXAMPLE:
    >>> class Show(Optimizer):
    ...     update = print
    >>> w = Tensor([2.0], requires_grad=True)
    >>> (w * w).backward()
    >>> Show([w], lr=0.1).step()
    0 [2.] [4.]

    HINT: enumerate(self.params) goes over places and parameters together.
    """
    ### BEGIN SOLUTION
    moved = [(place, p) for place, p in enumerate(self.params) if p.grad is not None]
    if not moved:
        raise errors.nothing_to_step(len(self.params))
    for place, p in moved:
        self.update(place, p.data, self.decayed(place, p.data, p.grad))
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Walk
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "06-step-check"}}
def test_step():
    """Who is moved, with which arrays, and who is not."""
    calls = []

    class Recorder(Optimizer):
        def update(self, place, weight, slope):
            calls.append((place, weight, slope.tolist()))

    a, b, c = params = [Tensor([v], requires_grad=True) for v in (1.0, 2.0, 3.0)]
    optimizer = Recorder(params, lr=0.1, weight_decay=2.0)
    (a * 5 + c * 0).sum().backward()
    expect("what step() returns", optimizer.step(), None)
    expect("places that update was called for", [call[0] for call in calls], [0, 2])
    slopes = [call[2] for call in calls]
    expect("slopes, with decay 5 + 2 * 1 and 0 + 2 * 3", slopes, [[7.0], [6.0]])
    own = [call[1] is p.data for call, p in zip(calls, (a, c), strict=True)]
    expect("it was given the weights' own arrays", own, [True, True])
    expect("a's gradient afterwards", np.asarray(a.grad).tolist(), [5.0])
    optimizer.zero_grad()
    expect_error("after zero_grad()", optimizer.step, "no gradient on any of 3")
    ### BEGIN HIDDEN TESTS
    b.sum().backward()
    optimizer.step()
    expect("the middle one", [call[0] for call in calls], [0, 2, 1])
    ### END HIDDEN TESTS


test_step()

# %% [markdown]
r"""
## Momentum

Watch the zigzag again. Across the valley each slope points the other way than the one before; along it they all point
the same way. So add them up: what alternates cancels, and what agrees grows. A ball that rolls does this by itself.
Its *velocity* collects the slopes, and loses a part of itself in each step, as if by friction:

$$v \;\leftarrow\; \mu\, v + \text{slope} \qquad\qquad w \;\leftarrow\; w - \eta\, v$$

The **momentum** $\mu$ (*mu*) is the share of the old velocity that is left. Where the slope is always the same, $v$
grows to $1 + \mu + \mu^2 + \ldots = 1 / (1 - \mu)$ times the slope: for $\mu = 0.9$, to ten times. (*SGD* stands for
stochastic gradient descent: in training the slopes come from a batch drawn at random.)
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "06-sgd-class"}}
#| export
class SGD(Optimizer):
    """Stochastic gradient descent, with momentum and weight decay if wanted."""

    def __init__(self, params, lr, momentum=0.0, weight_decay=0.0):
        super().__init__(params, lr, weight_decay)
        self.momentum = errors.rate("momentum", momentum, below=1)
        self.velocity = self.keep("velocity") if self.momentum else None

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "06-sgd"}}
#| export
@extend(SGD)
def update(self, place, weight, slope):
    """Move one array of weights by its velocity; without momentum, by its slope.

    TODO: bring the velocity up to date, if there is momentum, and descend.

    APPROACH:
    1. If there is momentum, take self.velocity[place]. In place, multiply it by
       self.momentum, then add slope to it.
    2. Let descend move weight by the velocity or, without momentum, by slope.

    EXAMPLE:
    >>> w, slope = Tensor([1.0], requires_grad=True), np.array([2.0], np.float32)
    >>> SGD([w], lr=0.5, momentum=0.9).update(0, w.data, slope)
    >>> w.tolist()
    [0.0]

    HINT: the place for descend to work in is self.room[place].
    """
    ### BEGIN SOLUTION
    if self.momentum:
        velocity = self.velocity[place]
        velocity *= self.momentum
        velocity += slope
        slope = velocity
    descend(weight, slope, self.lr, self.room[place])
    ### END SOLUTION

# %% [markdown]
r"""
### Testing SGD

Three steps worked out by hand, with momentum and without, for two parameters. Then the memory that a step asks for.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "06-sgd-check"}}
def test_sgd():
    """Weights after three steps with known slopes."""
    slopes_of_a, slopes_of_b = [[8, 8, 1], [8, 0, 2], [0, 0, 3]], [[2], [2], [2]]
    cases = [(0.0, [0.0, 4.0, -3.0], [5.0]), (0.5, [-5.0, 1.0, -3.875], [3.75])]
    for momentum, end_a, end_b in cases:
        a = Tensor([8.0, 8.0, 0.0], requires_grad=True)
        b = Tensor([8.0], requires_grad=True)
        optimizer = SGD([a, b], lr=0.5, momentum=momentum)
        for to_a, to_b in zip(slopes_of_a, slopes_of_b, strict=True):
            a.grad, b.grad = np.array(to_a, np.float32), np.array(to_b, np.float32)
            optimizer.step()
        expect(f"momentum {momentum}: a after 3 steps", a.tolist(), end_a)
        expect(f"momentum {momentum}: b after 3 steps", b.tolist(), end_b)
        expect(f"momentum {momentum}: last slope", a.grad.tolist(), [0.0, 0.0, 3.0])
    expect("velocity of a", optimizer.velocity[0].tolist(), [6.0, 2.0, 4.25])
    large = Tensor(np.ones(50_000), requires_grad=True)
    large.grad = large.data.copy()
    _, peak = traced(SGD([large], lr=0.5, momentum=0.5).step)
    expect("a new array as large as the weights", peak > large.data.nbytes / 2, False)
    ### BEGIN HIDDEN TESTS
    heavy = SGD([b], lr=1.0, momentum=0.5, weight_decay=2.0)
    heavy.step()
    expect("decay goes into the velocity", heavy.velocity[0].tolist(), [9.5])
    expect("and from there to the weight", b.tolist(), [-5.75])
    ### END HIDDEN TESTS


test_sgd()

# %% [markdown]
r"""
The same valley, the same rate, and a momentum of 0.5. Below: how many steps until the loss stays under 0.001.

:::{predict} At a rate of 0.09, plain descent takes 58 steps and a momentum of 0.5 takes 20. How many with 0.8?
:shows: 0.09 0.8 {}
- [ ] `12`, fewer still: more momentum is more speed, but speed has to be lost again at the floor.
- [x] `46`: the ball arrives early, rolls on past the floor, and needs most of the steps to swing out.
- [ ] `never`: a ball that keeps 0.8 of its velocity still loses a fifth in each step, and comes to rest.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "06-momentum-demo"}}
def walk(lr, momentum):
    """The path of 100 steps into the valley, and the losses on it."""
    w, path, losses = Tensor([10.0, 1.0], requires_grad=True), [], []
    optimizer = SGD([w], lr, momentum)
    for _ in range(100):
        optimizer.zero_grad()
        loss = (w * w * [0.5, 10.0]).sum()
        path.append(tuple(w.tolist()))
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return path, losses

show_path(walk(0.09, 0.5)[0])
rows = []
for lr, momentum in [(0.09, 0), (0.09, 0.5), (0.09, 0.8), (0.12, 0), (0.12, 0.5)]:
    last = max(step for step, loss in enumerate(walk(lr, momentum)[1]) if loss > 0.001)
    rows.append([lr, momentum, last + 1 if last < 99 else "never"])
print(table(["lr", "momentum", "steps"], rows))

# %% [markdown]
r"""
A momentum of 0.5 takes a third of the steps here. It also bears a rate at which plain descent is thrown out of the
valley. With 0.8 the ball rolls past the floor and swings back: the best momentum, too, depends on the valley.

## Averages That Start Right

Momentum still moves all weights at one rate. But slopes differ in size from weight to weight, often by a factor of a
thousand, and a rate that suits one is far off for another. *Adam* (Kingma and Ba, 2014) keeps two averages for each
weight: of its slopes, which say where to go, and of their squares, whose root says how large slopes usually are
there. The step is the first divided by that root.

Both averages should follow what happened lately. So each new value $s$ pulls the average $a$ toward itself, and
$\beta$ (*beta*) says how much of the old is kept:

$$a \;\leftarrow\; \beta\, a + (1 - \beta)\, s$$

It takes one number of memory, and has a flaw: it must start somewhere, and it starts at 0. Let all values be 1 and
$\beta = 0.9$. After one step the average is 0.1, after two 0.19, after $t$ steps $1 - \beta^t$, always too low. But
that is a number we know: it is what the values weigh together so far. So divide by it.

```text
   values        1       1       1       1            beta = 0.9
   average       0.1     0.19    0.271   0.3439       held back by its start, 0
   1 - beta^t    0.1     0.19    0.271   0.3439       what the values weigh together
   corrected     1       1       1       1
```

This is *bias correction*. Write it for one list of numbers before it goes into an optimizer.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "06-corrected"}}
def corrected_averages(values, beta):
    """The moving average after each value, corrected for its start at 0.

    Args: values, a list of numbers; beta, the share of the old that is kept.
    Returns: a list of as many floats.

    TODO: follow the average from value to value, and note it corrected.

    APPROACH:
    1. Start with an average of 0 and an empty list.
    2. For each value, move the average: beta of the old, and 1 - beta of the value.
    3. Append the average over 1 - beta**t, with t = 1 for the first value. The average
       itself goes on uncorrected.

    EXAMPLE:
    >>> [round(a, 6) for a in corrected_averages([4.0, 1.0], 0.5)]
    [4.0, 2.0]

    HINT: enumerate(values, 1) counts from 1.
    """
    ### BEGIN SOLUTION
    average, corrected = 0.0, []
    for t, value in enumerate(values, 1):
        average = beta * average + (1 - beta) * value
        corrected.append(average / (1 - beta**t))
    return corrected
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Corrected Averages
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "06-corrected-check"}}
def test_corrected_averages():
    """The picture, a change of value, and no memory at all."""
    cases = [([1.0] * 4, 0.9, [1.0] * 4), ([4.0, 1.0], 0.5, [4.0, 2.0])]
    cases += [([8.0, 8.0, 0.0], 0.5, [8.0, 8.0, 3.428571])]
    cases += [([3.0, 5.0], 0.0, [3.0, 5.0])]
    for values, beta, expected in cases:
        got = [round(a, 6) for a in corrected_averages(values, beta)]
        expect(f"corrected_averages({values}, {beta}), rounded", got, expected)
    ### BEGIN HIDDEN TESTS
    expect("no values", corrected_averages([], 0.9), [])
    ### END HIDDEN TESTS


test_corrected_averages()

# %% [markdown]
r"""
What would Adam do without it? If all slopes are 1, each step should be 1 times the rate. The first average comes out
too small by the factor $1 - 0.9^t$, and the root of the second by $\sqrt{1 - 0.999^t}$:

:::{predict} Both averages come out too small at first. So how long is the first step, in units of the rate?
:shows: 1 0.100 0.032 {}
- [ ] `0.10`: so it would be if the divisor were right. But that is too small as well, and by more.
- [ ] `1.00`: only if both were too small by the same factor. Squares are forgotten a hundred times more slowly.
- [x] `3.16`: 0.1 over the root of 0.001. Too small a divisor makes too large a step.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "06-uncorrected"}}
rows = []
for t in [1, 2, 10, 100, 1000, 5000]:
    mean, size = 1 - 0.9**t, math.sqrt(1 - 0.999**t)
    rows.append([t, f"{mean:.3f}", f"{size:.3f}", f"{mean / size:.2f}"])
print(table(["step", "average", "root of average square", "step over rate"], rows))

# %% [markdown]
r"""
The average of squares lags far behind, and so early steps would be more than six times too large, just when the
weights are random and the slopes tell least. Corrected, every number in the last column is 1.

## Adam

With the corrected averages $\hat m$ of the slopes and $\hat v$ of their squares, a step of Adam is

$$w \;\leftarrow\; w - \eta\, \frac{\hat m}{\sqrt{\hat v} + \epsilon}$$

Multiply all slopes of a weight by a thousand, and the step stays the same. If the slopes agree, the fraction is near
1 or -1; if they alternate, it is near 0. So $\eta$ is about the farthest that a weight moves in a step, whatever the
loss. The tiny $\epsilon$ (*epsilon*) keeps a weight whose slopes are all 0 from 0 / 0.

`blend` moves an average in place. Steps are counted for each parameter, since one that is skipped keeps its averages.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "06-adam-class"}}
#| export
def blend(average, value, beta, room):
    """Move an array of averages toward an array of values: keep beta of the old."""
    average *= beta
    np.multiply(value, 1 - beta, out=room)  # value may be room itself
    average += room


class Adam(Optimizer):
    """Each weight at a rate of its own: the mean of its slopes over their size."""

    def __init__(
        self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0
    ):
        super().__init__(params, lr, weight_decay)
        self.betas, self.eps = errors.pair(betas), errors.positive("eps", eps)
        self.mean, self.square = self.keep("mean"), self.keep("square")
        self.steps = [0] * len(self.params)

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "06-adam"}}
#| export
@extend(Adam)
def update(self, place, weight, slope):
    """Move one array of weights by the mean of its slopes over their size.

    TODO: blend both averages, make the fraction in room, and descend by it.

    APPROACH:
    1. Blend slope into mean, with beta1, and its square into square, with beta2.
    2. Into room: the root of square. Divide it by the root of 1 - beta2**t, add eps.
    3. Into room: mean divided by room. Descend by it, at self.lr / (1 - beta1**t).

    EXAMPLE:
    >>> w = Tensor([1.0], requires_grad=True)
    >>> Adam([w], lr=0.25).update(0, w.data, 1000 * w.data); w.tolist()
    [0.75]

    HINT: room can hold the square; np.multiply, np.sqrt, np.divide take out=room.
    """
    mean, square, room = self.mean[place], self.square[place], self.room[place]
    t, (beta1, beta2) = self.steps[place] + 1, self.betas
    self.steps[place] = t
    ### BEGIN SOLUTION
    blend(mean, slope, beta1, room)
    blend(square, np.multiply(slope, slope, out=room), beta2, room)
    np.sqrt(square, out=room)
    room /= math.sqrt(1 - beta2**t)
    room += self.eps
    descend(weight, np.divide(mean, room, out=room), self.lr / (1 - beta1**t), room)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Adam

Three steps for the second of two parameters, worked out by hand. The first has no gradient. Then `eps`, and memory.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "06-adam-check"}}
def test_adam():
    """Weights after steps with known slopes, and what is kept."""
    a, b = (Tensor(v, requires_grad=True) for v in ([1.0], [0.0, 0.0, 0.0]))
    optimizer, after = Adam([a, b], lr=0.5, betas=(0.5, 0.75)), []
    for slope in ([4, -0.01, 0], [4, 0.01, 0], [-4, -0.01, 0]):
        b.grad = np.array(slope, np.float32)
        optimizer.step()
        after.append([round(v, 4) + 0 for v in b.tolist()])
    expect("a, which had no gradient", a.tolist(), [1.0])
    expect("b after step 1", after[0], [-0.5, 0.5, 0.0])
    expect("b after step 2", after[1], [-1.0, 0.3333, 0.0])
    expect("b after step 3", after[2], [-0.9286, 0.5476, 0.0])
    expect("the slope afterwards", b.grad.tolist()[0], -4.0)
    expect("mean of b[0]", optimizer.mean[1].tolist()[0], -0.5)
    c = Tensor(np.full(50_000, 3.0), requires_grad=True)
    c.grad = c.data.copy()
    _, peak = traced(Adam([c], lr=1.0, eps=1.0).step)
    expect("3 - 1 * 3 / (sqrt(9) + eps), with eps=1", round(c.data[0].item(), 4), 2.25)
    expect("a new array as large as the weights", peak > c.data.nbytes / 2, False)
    ### BEGIN HIDDEN TESTS
    a.grad = np.array([-7.0], np.float32)
    optimizer.step()
    expect("a, at its first step", round(a.item(), 4), 1.5)
    ### END HIDDEN TESTS


test_adam()

# %% [markdown]
r"""
Now a network. The points lie on three spiral arms, and it has to say on which. Each rule is tried at five rates.
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "06-spirals"}}
points, arms = spirals(rng=0, count=60)  # (180, 2) and (180,)
rules = {"SGD": SGD, "momentum 0.9": lambda p, lr: SGD(p, lr, 0.9), "Adam": Adam}
rates, rows = [0.01, 0.03, 0.1, 0.3, 1.0], []
for name, make in rules.items():
    rows.append([name])
    for lr in rates:
        model = Sequential(Linear(2, 24, rng=1), ReLU(), Linear(24, 3, rng=2))
        optimizer = make(model.parameters(), lr)
        for _ in range(100):
            optimizer.zero_grad()
            loss = CrossEntropyLoss()(model(Tensor(points)), arms)
            loss.backward()
            optimizer.step()
        rows[-1].append(f"{loss.item():.2f}")
print(table(["loss after 100 steps, lr", *rates], rows))

# %% [markdown]
r"""
Knowing nothing costs $\log 3 = 1.10$. Adam is ahead at every rate but the largest, and still learns at a tenth of its
best rate. But momentum at its best rate comes close. So before you compare two rules, try rates for each.

## Weight Decay, Inside Adam and Beside It

Among networks that fit the data equally well, one with small weights often does better on new data. So one adds to
the loss a price for size, $\tfrac{\lambda}{2} w^2$ for each weight. Its slope is $\lambda w$, and that is what
`decayed` adds. ($\lambda$, *lambda*, is `weight_decay`.) In plain descent, each step then shrinks every weight by the
same share:

$$w - \eta\,(\text{slope} + \lambda w) = (1 - \eta \lambda)\, w - \eta\; \text{slope}$$

But Adam divides all that it is given by the usual size of the slopes. Where these are large, the decay is divided by
much. *AdamW* (Loshchilov and Hutter, 2017) takes the decay past the averages: it shrinks the weight itself, by the
factor $1 - \eta\lambda$, and then lets Adam make its step.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "06-adamw-class"}}
#| export
class AdamW(Adam):
    """Adam, with weight decay beside its averages: 0.01, if not said otherwise."""

    def __init__(
        self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01
    ):
        super().__init__(params, lr, betas, eps, weight_decay)

    def decayed(self, place, weight, slope):
        """The slopes alone."""
        return slope

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "06-adamw"}}
#| export
@extend(AdamW)
def update(self, place, weight, slope):
    """Shrink one array of weights in place, then move it as Adam does.

    TODO: multiply by 1 less the learning rate times self.weight_decay; then Adam.

    APPROACH:
    1. Multiply weight in place, so that the caller's array changes.
    2. Call the update of Adam, Adam.update, with self and what was given.

    EXAMPLE:
    >>> w = Tensor([8.0], requires_grad=True)
    >>> AdamW([w], 0.5, weight_decay=0.5).update(0, w.data, w.data.copy())
    >>> w.tolist()
    [5.5]

    HINT: self.update would call this function again, and again, and again.
    """
    ### BEGIN SOLUTION
    weight *= 1 - self.lr * self.weight_decay
    Adam.update(self, place, weight, slope)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing AdamW
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 1, "grade_id": "06-adamw-check"}}
def test_adamw():
    """A weight without slope decays, one at 0 moves, the last does both."""
    w = Tensor([16.0, 0.0, -16.0], requires_grad=True)
    w.grad = np.array([0.0, 5.0, 0.01], np.float32)
    optimizer = AdamW([w], lr=0.5, weight_decay=0.5)
    for number, at in enumerate([[12.0, -0.5, -12.5], [9.0, -0.875, -9.875]], 1):
        optimizer.step()
        expect(f"after step {number}", [round(v, 4) for v in w.tolist()], at)
    ### BEGIN HIDDEN TESTS
    expect("the averages know nothing of it", optimizer.mean[0].tolist()[0], 0.0)
    ### END HIDDEN TESTS


test_adamw()

# %% [markdown]
r"""
Three weights of 1. Their slopes swing to and fro, so that in the long run only the decay moves them. What is left?

:::{predict} With weight decay inside Adam, what becomes of the weight whose slopes are of size 100?
:shows: Adam 0.00 0.37 {}
- [ ] `0.37`, as beside Adam: the decay enters as a slope of 0.1, next to slopes of 100.
- [x] `1.01`: its decay is divided by 100 like its slopes, and what is left of it is lost in the swing.
- [ ] `0.00`: so it goes with the smallest slopes, next to which a slope of 0.1 is all that counts.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "06-decay-demo"}}
rows, swing = [], np.array([0.01, 1, 100], np.float32)
for make in [Adam, AdamW]:
    w = Tensor([1.0, 1.0, 1.0], requires_grad=True)
    optimizer = make([w], lr=0.01, weight_decay=0.1)
    for number in range(1000):
        w.grad = swing if number % 2 else -swing
        optimizer.step()
    rows.append([make.__name__, *(f"{abs(v):.2f}" for v in w.tolist())])
print(table(["slopes of size", 0.01, 1, 100], rows))

# %% [markdown]
r"""
Beside Adam, each weight keeps $(1 - 0.001)^{1000} = 0.37$ of itself. Inside Adam, decay depends on the slopes: the
first weight is gone, and the last shows nothing of it.

## Part 2: Systems Analysis

### Memory Profiling

What is kept can be counted; *made* is what was measured while the optimizer was made, and *a step* while it stepped.
*By hand* is the line of chapter 05, `p.data -= lr * p.grad`.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "06-memory"}}
params = Sequential(Linear(512, 512, rng=0), Linear(512, 512, rng=1)).parameters()
for p in params:
    p.grad = np.ones_like(p.data)

def by_hand():
    for p in params:
        p.data -= 0.001 * p.grad

rows = [["by hand", "0 B", "0 B", show(traced(by_hand)[1], "B")]]
for name, make in rules.items():
    optimizer, made = traced(lambda make=make: make(params, 0.001))
    kept = sum(array.nbytes for arrays in optimizer.kept.values() for array in arrays)
    sizes = kept, made, traced(optimizer.step)[1]
    rows.append([name, *(show(size, "B") for size in sizes)])
print(table(["2 MiB of weights", "kept, counted", "made", "a step"], rows))

# %% [markdown]
r"""
Beyond what is kept, an optimizer makes two rooms of the size of the largest weight, and a step asks for next to
nothing. Under Adam each weight takes four times its size: itself, its gradient and two averages.

### Timing That Scales

A step of each rule for ever more weights; in the last column, what Adam takes for one of them.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "06-timing"}}
rows = []
for side in [4, 32, 256, 1024]:
    w = Tensor(np.ones((side, side), np.float32), requires_grad=True)
    w.grad = np.ones_like(w.data)
    times = [seconds(make([w], 1e-6).step) for make in rules.values()]
    each = f"{1e9 * times[-1] / side**2:.1f} ns"
    rows.append([side**2, *(show(time, "s") for time in times), each])
print(table(["weights", *rules, "Adam, for each"], rows))

# %% [markdown]
r"""
For a small array the time goes into calling numpy, whatever its size. For a large one it goes into walks through
memory: two in plain descent, thirteen in Adam. Arrays too large for the processor's cache are fetched on each walk.

## Part 3: Production Context

| here | in PyTorch |
|---|---|
| `SGD`, `Adam`, `AdamW` | the same names in `torch.optim`, and the same numbers step by step |
| one rate for all parameters | *parameter groups*, each with its own settings, as biases often get no decay |
| thirteen walks for each parameter | `fused=True`: a single walk, for all parameters together |
| a frozen parameter is refused | it is accepted, and never moves |

Large models compute in 16 bits. A step is often smaller than the gap between two such numbers, so a copy of the
weights is kept in 32 bits, like both averages. That makes 16 bytes for each weight, 15 GiB for a billion weights.
"""

# %% [code] {"tags": ["main"], "nbgrader": {"grade_id": "06-main"}}
from tinytorch.utils.check import run_all_tests

if __name__ == "__main__":
    run_all_tests(globals())

# %% [markdown]
r"""
## 🤔 ML Systems Thinking

**1.** In a batch of 128 examples, someone sums the losses instead of averaging them. What must become of the learning
rate so that training goes on as before: under SGD, and under Adam?

:::{dropdown} Answer
All slopes are 128 times as large, so SGD needs a 128th of the rate. Adam's steps stay as they are: both of its parts
grow alike, and only $\epsilon$ counts for less.
:::

**2.** The valley of this chapter lies along the axes. Turn it by 45 degrees: its condition number stays 20. Which of
plain descent, momentum and Adam notices?

:::{dropdown} Answer
Only Adam. The other two add and scale slopes, and take the same path, turned. Adam divides each axis by its own size.
Along the axes that takes the steepness out of the valley; in the turned one both axes see the same mixture.
:::

**3.** From some step on, the slope of a weight is 0, but its gradient is not None. What does Adam do to it?

:::{dropdown} Answer
It goes on moving: its mean shrinks by a tenth in each step, so it drifts for dozens of steps. AdamW decays it, too.
:::

## 🎯 Module Summary

You have built what moves the weights.

- A rate stays below **2 / curvature**: the steepest direction sets it, and the gentlest sets the time it takes.
- **Momentum** adds slopes up: what alternates cancels, what agrees grows. It keeps one number for each weight.
- **Adam** divides the mean of the slopes by their usual size, both corrected for their start at 0. It keeps two.
- **Weight decay** belongs beside Adam's averages, not inside: AdamW.
- In place, with a room to work in, a step makes no new arrays.

What you built is `tinytorch.core.optimizers`. Chapter 07 makes a training loop around it that one can leave alone.
"""
