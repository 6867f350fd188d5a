# %% [markdown]
r"""
# Module 04: Losses

A network has given its answer. How wrong is it? Training needs that said in one number, for only then does "better"
mean something: the number went down. The function that says it is called a *loss*. You build three, for three kinds
of question, and see that the formulas on paper, typed in as they stand, answer `nan` and `inf` just where a network
is most sure, right or wrong. A few lines of algebra mend that.

**Learning Objectives:**

- Build mean squared error, cross-entropy and binary cross-entropy, each with one number as its result.
- Say what a loss of 0, of 0.69 or of $\log C$ tells about a network.
- Rewrite a formula so that float32 can compute it, by pulling out the largest term.
- Count what a loss costs in arithmetic and memory, next to the product that feeds it.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "04-imports"}}
#| default_exp core.losses
#| names MSELoss CrossEntropyLoss BinaryCrossEntropyLoss log_softmax cross_entropy
#| export
import numpy as np

from tinytorch.core.tensor import Tensor, as_numbers
from tinytorch.errors import losses as errors

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "04-tools"}}
from tinytorch.utils.check import expect, expect_close, expect_error, expect_number
from tinytorch.utils.measure import bars, seconds, show, table, traced

# %% [markdown]
r"""
## Part 1: Mathematical Foundations

A loss takes a *prediction* and a *target*, the answer that would have been right, and returns one number, smaller
where the prediction is better. A network learns what its loss asks for and nothing else, so the question comes first:

| question | prediction | target | loss |
|---|---|---|---|
| how much? a price, a temperature | a number | a number | mean squared error |
| which one? a digit, the next word | a score for each class | the class, counted from 0 | cross-entropy |
| yes or no? spam, a crack in a weld | a probability, or a score | 1 or 0 | binary cross-entropy |

The first loss is a distance. The other two are **surprise**. Suppose a forecast gave rain the probability $p$, and it
rained. If $p$ was 1, nobody is surprised; the smaller $p$ was, the more so. We measure that as $-\log p$, with the
natural logarithm, as everywhere in this book:

:::{predict} The surprise at the probability 0.1 is 2.30. What is it at 0.01?
:shows: 0.01 {}
- [ ] `23.03`, ten times as much: a tenth of the probability does not multiply the logarithm, it adds to it.
- [ ] `3.30`, one more: dividing by ten adds $\log 10$, and the natural logarithm of 10 is 2.30.
- [x] `4.61`, twice as much: 0.01 is 0.1 times 0.1, and the logarithm of a product is the sum of the logarithms.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "04-surprise-demo"}}
probabilities = [1.0, 0.9, 0.5, 0.1, 0.01, 0.001]
surprises = (-Tensor(probabilities).log()).tolist()
print("p      -log p")
for p, surprise in zip(probabilities, surprises, strict=True):
    print(f"{p:<6} {surprise + 0:.2f}  {'█' * round(5 * surprise)}")

# %% [markdown]
r"""
Why this curve and not $1 - p$? Two days that have nothing to do with each other, forecast with 0.5 and 0.1, both
bring rain with probability 0.05. Probabilities multiply, surprises add: $-\log 0.5 - \log 0.1 = -\log 0.05$. So the surprise
of a data set is a sum, and the weights that make its mean smallest are those under which the data was most probable.
And the curve has no ceiling: who is certain and wrong pays without limit, while $1 - p$ stops at 1.

### Computational Complexity

The bill in advance, counted as in chapter 01, `exp` and `log` as one operation each. Only the leading term is shown.

| loss | arithmetic | new numbers at the peak |
|---|---|---|
| mean squared error, $n$ elements | $3n$: subtract, square, add up | $2n$ |
| cross-entropy, scores $(N, C)$ | $5NC$: max, subtract, exp, add up, subtract | $2NC$ |
| binary cross-entropy from scores, $n$ elements | $10n$ | $4n$ to $5n$ |

The middle row will matter: a language model has tens of thousands of classes, one for each word that may come next.

## How Far Off: Mean Squared Error

Take the difference at each element, square it, and average over all $n$ elements:

$$\mathrm{MSE} = \frac{1}{n} \sum_{i=1}^{n} (\hat y_i - y_i)^2$$

Here $\hat y$ is the prediction and $y$ the target. An error of 10 weighs as much as a hundred errors of 1.

A trap: a layer that gives one number per example returns shape `(N, 1)`, while targets are often a plain row of shape
`(N,)`. You know from chapter 01 what `-` makes of these two. Below, every prediction is exactly right:

:::{predict} What is the mean of the squared differences of these two, with shapes (3, 1) and (3,)?
:shows: mean of squares: {}
- [ ] `0.0000`: so it would be, if each prediction met its own target alone.
- [x] `1.3333`: the column meets the row, so all nine pairs are subtracted, and only three of the differences are 0.
- [ ] an error, since the shapes differ: they broadcast, and nothing warns you.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "04-broadcast-trap"}}
prediction = Tensor([[1.0], [2.0], [3.0]])  # (3, 1), as a layer returns it
target = Tensor([1.0, 2.0, 3.0])  # (3,)
difference = prediction - target  # (3, 1) - (3,) -> (3, 3)
print(difference)
print(f"mean of squares: {(difference**2).mean().item():.4f}")

# %% [markdown]
r"""
Each prediction was compared with *every* target. No error, only a wrong loss, and training on it would pull every
prediction toward the mean of all targets. So our losses refuse shapes that differ. `alike` is the doorkeeper. It
makes Tensors of lists and arrays, and gives such a target the prediction's type: a float64 would spread into the
network.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "04-alike"}}
#| export
def as_tensor(value):
    """The value itself if it is a Tensor, otherwise a new Tensor of it."""
    return value if isinstance(value, Tensor) else Tensor(value)


def alike(prediction, target):
    """Prediction and target as two Tensors of one shape.

    Raises: ValueError if their shapes differ, or there is nothing to compare.
    """
    prediction = as_tensor(prediction)
    if not isinstance(target, Tensor) or target.dtype.kind != "f":
        target = Tensor(target, np.result_type(prediction.dtype, np.float32))
    if prediction.shape != target.shape:
        raise errors.unlike(prediction.shape, target.shape)
    if prediction.numel() == 0:
        raise errors.nothing_to_average(prediction.shape)
    return prediction, target

# %% [markdown]
r"""
Now the loss, as a class that is called like a layer. Write it, and all else here, with the operations of Tensor and
never with numpy on its `data`: what Tensor computes, chapter 05 can differentiate without a changed line.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "04-mse"}}
#| export
class MSELoss:
    """Mean squared error: the average of the squared differences."""

    def __call__(self, prediction, target):
        return self.forward(prediction, target)

    def forward(self, prediction, target):
        """Compare element by element.

        Args: prediction, a Tensor; target, a Tensor, list or array of its shape.
        Returns: a Tensor of shape ().
        Raises: ValueError, from alike, if the shapes differ.

        TODO: return the mean squared error.

        APPROACH:
        1. Subtract one from the other, and square the difference.
        2. Average over all elements.

        EXAMPLE:
        >>> MSELoss()(Tensor([1.0, 2.0]), Tensor([1.0, 4.0])).item()
        2.0

        HINT: x.mean() without an axis averages over everything.
        """
        prediction, target = alike(prediction, target)
        ### BEGIN SOLUTION
        return ((prediction - target) ** 2).mean()  # (any shape) -> ()
        ### END SOLUTION

# %% [markdown]
r"""
### Testing Mean Squared Error

A matrix, a target that is a list or an array of integers, and the trap.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "04-mse-check"}}
def test_mse():
    """Values, kinds of target, dtypes, and shapes that differ."""
    loss = MSELoss()
    x = Tensor([[1.0, 2.0, 0.0], [3.0, 4.0, 1.0]])  # (2, 3)
    y = [[1, 0, 0], [3, 9, 2]]  # differences 0, 2, 0, 0, -5, -1
    expect_close("MSE of a matrix", loss(x, Tensor(y)), 5.0)
    expect("x afterwards", x.tolist(), [[1.0, 2.0, 0.0], [3.0, 4.0, 1.0]])
    expect_close("target a list", loss(x, y), 5.0)
    expect_close("target an integer array", loss(x, np.array(y)), 5.0)
    column = Tensor([[1.0], [2.0]])
    expect_error("(2, 1) with (2,)", lambda: loss(column, [1, 2]), "reshape(2, 1)")
    ### BEGIN HIDDEN TESTS
    expect_close("float64", loss(Tensor(np.ones(3)), np.zeros(3)), 1.0, "float64")
    expect_close("one number", loss(Tensor(3.0), 1.0), 4.0)
    expect_error("empty", lambda: loss(Tensor([]), []), "nothing to average")
    ### END HIDDEN TESTS


test_mse()

# %% [markdown]
r"""
What is such a number good for? Here are four points near the line $y = 2x$, and a network of a single weight that
predicts $w \cdot x$. The data is fixed, so the loss depends on $w$ alone:
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "04-valley-demo"}}
x, y = Tensor([1.0, 2.0, 3.0, 4.0]), Tensor([2.1, 3.9, 6.2, 7.8])  # (4,) and (4,)
print("  w     loss")
for step in range(9):
    w = 0.5 * step
    loss = MSELoss()(x * w, y).item()
    print(f"{w:.1f}  {loss:7.3f}  {'█' * round(loss)}")

# %% [markdown]
r"""
A valley, with its floor where the line fits best. Learning is walking down this curve. One weight we can simply try
out; for a million we must be told which way is down, and that is chapter 05.

## Which One: Cross-Entropy

For a choice among $C$ classes, the network gives a score for each. These scores are called **logits** and may be any
numbers. Softmax, from chapter 02, makes probabilities of them; the loss is the surprise at the right class $t$:

$$p_c = \frac{e^{x_c}}{\sum_k e^{x_k}} \qquad\qquad \text{loss} = -\log p_t$$

Try it as it stands. Two classes have the logits $g$ and 0, and once the first is right, once the second. On paper the
first loss is $\log(1 + e^{-g})$, next to nothing for large $g$; the second is larger by $g$:

:::{predict} For $g = 100$ and the first class right, the loss is nearly 0 on paper. What does float32 say?
:shows: 100.0 inf {}
- [x] `nan`: $e^{100}$ becomes infinity, the share is infinity divided by infinity, and the logarithm of nan is nan.
- [ ] `0.0000`: it should be. But $e^{100}$ is past the largest float32, in the top and in the bottom.
- [ ] `inf`: this comes of a share that is rounded to 0, as that of the *second* class is.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "04-naive-demo"}}
rows = []
for gap in [1.0, 10.0, 80.0, 100.0]:
    with np.errstate(all="ignore"):  # numpy would warn; here we want to see
        powers = Tensor([gap, 0.0]).exp()  # (2,)
        first, second = (-(powers / powers.sum()).log()).tolist()
    largest = f"{powers.max().item():.4g}"
    rows.append([gap, largest, f"{first + 0:.4f}", f"{second:.4f}"])
print(table(["g", "exp(g)", "loss, first is right", "loss, second is right"], rows))

# %% [markdown]
r"""
The last row should read 0 and 100. But float32 ends near $3.4 \cdot 10^{38}$, and $e^{89}$ lies beyond. So `exp`
gives `inf`; `inf / inf` is `nan`, *not a number*; and 1 divided by `inf` is 0, whose logarithm is `-inf`. A `nan`
spreads to all it meets: one such example spoils the mean of its batch, and training would hand it on to every weight.
And scores near 100 do turn up, for instance after a training step that was too large.

### Pulling Out the Largest

Take the logarithm on paper, before computing anything. The quotient becomes a difference, and one `exp` goes away:

$$-\log p_t = \log \left(\sum_k e^{x_k}\right) - x_t$$

What is left is the log of a sum of exponentials, *log-sum-exp*. Its value is harmless: the largest $x_k$, and at most
$\log C$ more. Only the way there overflows. So let $m$ be the largest, and pull out $e^m$:

$$\log \sum_k e^{x_k} = \log \left( e^m \sum_k e^{x_k - m} \right) = m + \log \sum_k e^{x_k - m}$$

```text
   x            x - m          exp(x - m)
   1000   ──►       0   ──►    1             the largest always becomes 1
    999   ──►      -1   ──►    0.3679
    800   ──►    -200   ──►    0.0000        far below the largest: no matter
                               ──────
                        sum    1.3679   ──►  m + log(sum) = 1000.3133
```

No exponent is above 0, so nothing overflows; the sum is at least 1, so the logarithm never meets a 0. Do it first for
a list of Python numbers. Where numpy gives `inf`, Python stops: `math.exp` above about $10^{308}$ (*math range
error*), `math.log` at 0 (*math domain error*).
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "04-log-sum-exp"}}
import math


def log_sum_exp(values):
    """The logarithm of the sum of exp(v) over a list of numbers.

    Args: values, a list of at least one number, of any size and sign.
    Returns: a float.

    TODO: compute it without ever taking exp of a number above 0.

    APPROACH:
    1. Let m be the largest of the values.
    2. Add up math.exp(v - m) over all v in values.
    3. Return m plus the logarithm of that sum.

    EXAMPLE:
    >>> round(log_sum_exp([1000.0, 999.0, 800.0]), 4)
    1000.3133

    HINT: sum(f(v) for v in values) adds up f(v); the logarithm is math.log.
    """
    ### BEGIN SOLUTION
    m = max(values)
    return m + math.log(sum(math.exp(v - m) for v in values))
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Log-Sum-Exp

Numbers for which the plain formula works; then far up, far down, and far apart.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 1, "grade_id": "04-log-sum-exp-check"}}
def test_log_sum_exp():
    """Equal to the plain formula where that works, and finite everywhere."""
    cases = [([0.0, 0.0], 0.693147), ([1.0, 2.0, 3.0], 3.407606)]
    cases += [([1000.0, 1000.0], 1000.693147), ([-2000.0, 900.0, 0.0], 900.0)]
    cases += [([-1000.0, -1000.0, -1000.0], -998.901388)]  # -1000 + log 3
    for values, expected in cases:
        expect_number(f"log_sum_exp({values})", log_sum_exp(values), expected)
    ### BEGIN HIDDEN TESTS
    expect_number("one value", log_sum_exp([5.0]), 5.0)
    expect_number("falling", log_sum_exp([2.0, 0.0, -2.0]), 2.142932)
    ### END HIDDEN TESTS


test_log_sum_exp()

# %% [markdown]
r"""
Now a whole Tensor at once, along any axis, which PyTorch calls `dim`, and so do we. `log_softmax` gives the logarithm
of each softmax probability, $\log p_c = x_c - \log \sum_k e^{x_k}$, in the shape of its input.

With $s$ for the sum after the shift, $x_c - (m + \log s)$ and $(x_c - m) - \log s$ are the same on paper. But near
10,000 neighboring float32 numbers lie 0.001 apart: for the scores 10,000 and 9,996, $\log s$ is 0.01815, and $m + \log s$
becomes 10,000.01855. Near 0 the gaps are tiny, and the best score is shifted to 0. So here, never add $m$ back.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "04-log-softmax"}}
#| export
def log_softmax(x, dim=-1):
    """The logarithm of softmax along an axis, even where exp would overflow.

    Args: x, a Tensor of scores; dim, the axis along which the classes lie.
    Returns: a Tensor of x's shape; its exp sums to 1 along dim.
    Raises: ValueError if x has no axis dim.

    TODO: shift x so that exp cannot overflow, then subtract the log of the sum.

    APPROACH:
    1. Subtract from x its largest element along dim.
    2. Of the shifted x, take exp, then its sum along dim, then the logarithm.
    3. Return the shifted x minus that.

    EXAMPLE:
    >>> log_softmax(Tensor([[0.0, 1000.0]])).tolist()
    [[-1000.0, 0.0]]

    HINT: Tensor's max and sum take axis=dim, and keepdims=True makes them fit x.
    """
    x = as_tensor(x)
    ### BEGIN SOLUTION
    shifted = x - x.max(axis=dim, keepdims=True)  # x's shape
    return shifted - shifted.exp().sum(axis=dim, keepdims=True).log()  # x's shape
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Log-Softmax

Along rows, along columns, rows far apart in size, and a small number that must not be rounded away.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "04-log-softmax-check"}}
def test_log_softmax():
    """Values along several axes, at any size, and x left alone."""
    x = Tensor([[2.0, 0.0, 1.0], [4.0, 90.0, 4.0]])  # (2, 3)
    by_row = [[-0.407606, -2.407606, -1.407606], [-86.0, 0.0, -86.0]]
    expect_close("log_softmax(x)", log_softmax(x), by_row)
    expect("x afterwards", x.tolist(), [[2.0, 0.0, 1.0], [4.0, 90.0, 4.0]])
    by_column = [[-2.126928, -90.0, -3.048587], [-0.126928, 0.0, -0.048587]]
    expect_close("log_softmax(x, dim=0)", log_softmax(x, dim=0), by_column)
    apart = Tensor([[1000.0, 1000.0], [0.0, 0.0], [-1000.0, 0.0]])  # (3, 2)
    half = [-0.693147, -0.693147]
    expect_close("rows far apart", log_softmax(apart), [half, half, [-1000.0, 0.0]])
    near = log_softmax(Tensor([10000.0, 9996.0]))
    expect_close("log_softmax([10000, 9996])", near, [-0.01815, -4.01815])
    expect_error("dim=2", lambda: log_softmax(x, dim=2), "no axis 2")
    ### BEGIN HIDDEN TESTS
    cube = Tensor(np.zeros((1, 3, 2)))
    third = [[[-1.098612, -1.098612]] * 3]
    expect_close("dim=1", log_softmax(cube, 1), third, "float64")
    expect_close("a list", log_softmax([0.0, 0.0]), half)
    ### END HIDDEN TESTS


test_log_softmax()

# %% [markdown]
r"""
### Picking the Right Class

The surprise at the right class is minus one entry in each row of `log_softmax(x)`. Which entry, the target says: it
is a **class id**, a whole number from 0 to $C - 1$.

```text
   logits (2, 3)         log_softmax (2, 3)           targets (2,)
   ┌─────┬─────┬─────┐   ┌───────┬───────┬───────┐   ┌───┐
   │   2 │   0 │   1 │ ► │ -0.41 │ -2.41 │ -1.41 │   │ 2 │ ►  -1.41
   ├─────┼─────┼─────┤   ├───────┼───────┼───────┤   ├───┤
   │   0 │   0 │   3 │   │ -3.09 │ -3.09 │ -0.09 │   │ 0 │ ►  -3.09
   └─────┴─────┴─────┘   └───────┴───────┴───────┘   └───┘
                                     loss = (1.41 + 3.09) / 2 = 2.25
```

An id of -1 would quietly pick the last class, because Python counts from the end. So `class_ids` looks at every id
first. It also settles the shapes: rows lie along the last axis of the logits, and each has one id.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "04-class-ids"}}
#| export
def class_ids(targets, shape):
    """Targets as an array of ints, each a valid class id.

    Args: targets, whole numbers of any type; shape, that of the logits, (..., C).
    Returns: an array of ints of shape (...).
    Raises: ValueError if the shapes do not fit, or an id is not from 0 to C - 1.
    """
    ids = as_numbers(targets)
    if not shape or ids.shape != shape[:-1]:
        raise errors.no_class_ids(shape, ids.shape)
    if ids.size == 0:
        raise errors.nothing_to_average(shape)
    valid = (ids >= 0) & (ids < shape[-1]) & (ids == np.floor(ids))  # (...)
    if not valid.all():
        place = tuple(np.argwhere(~valid)[0].tolist())  # of the first bad id
        raise errors.bad_class_id(ids[place].item(), place, shape[-1])
    return ids.astype(np.intp)

# %% [markdown]
r"""
*Cross-entropy* is the mean of these surprises over all rows. A model that reads text answers at each of T positions,
so its logits have shape `(N, T, C)`; to the loss these are N·T rows.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "04-cross-entropy"}}
#| export
def cross_entropy(logits, targets):
    """The mean surprise at the right class, over all rows of the logits.

    Args: logits, a Tensor of scores (N, C) or (N, ..., C); targets, class ids of
        shape (N, ...), whole numbers in a list, array or Tensor.
    Returns: a Tensor of shape ().
    Raises: ValueError, from class_ids, if an id or a shape is wrong.

    TODO: pick the right entry in each row, and return minus the mean of them.

    APPROACH:
    1. Reshape the logits to two axes, (ids.size, -1): a row for each id.
    2. Take their log_softmax.
    3. Index it with two arrays, the row numbers and the ids; they are read in pairs.
    4. Return minus the mean of what you picked.

    EXAMPLE:
    >>> round(cross_entropy(Tensor([[2, 0, 1], [0, 0, 3]]), [2, 0]).item(), 4)
    2.2513

    HINT: np.arange(n) is the array 0, 1, ..., n - 1.
    """
    logits = as_tensor(logits)
    ids = class_ids(targets, logits.shape).reshape(-1)  # one id for each row
    ### BEGIN SOLUTION
    logits = logits.reshape(ids.size, logits.shape[-1])  # (rows, C)
    picked = log_softmax(logits)[np.arange(ids.size), ids]  # (rows,)
    return -picked.mean()  # ()
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Cross-Entropy

The picture, each kind of target, logits with three axes, huge logits, and ids that name no class.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "04-cross-entropy-check"}}
def test_cross_entropy():
    """Values for two and three axes, kinds of targets, and the errors."""
    x = Tensor([[2.0, 0.0, 1.0], [0.0, 0.0, 3.0]])  # (2, 3)
    for ids in ([2, 0], np.array([2, 0]), Tensor([2, 0])):
        expect_close(f"targets {ids!r}", cross_entropy(x, ids), 2.251264)
    expect_close("targets [0, 2]", cross_entropy(x, [0, 2]), 0.251264)
    text = Tensor([x.tolist(), x.tolist(), [[0, 0, 0], [0, 0, 0]]])  # (3, 2, 3)
    ids = [[2, 0], [0, 2], [1, 1]]
    expect_close("logits (3, 2, 3)", cross_entropy(text, ids), 1.200380)
    huge = Tensor([[0.0, 2000.0], [1000.0, 0.0]])
    expect_close("huge logits", cross_entropy(huge, [0, 0]), 1000.0)
    expect_error("an id of 3", lambda: cross_entropy(x, [2, 3]), "targets[1] is 3")
    expect_error("an id of -1", lambda: cross_entropy(x, [-1, 0]), "from 0 to 2")
    ### BEGIN HIDDEN TESTS
    expect_close("one row", cross_entropy(Tensor([0.0, 0.0]), 1), 0.693147)
    double = Tensor(np.zeros((2, 4)))
    expect_close("float64", cross_entropy(double, [3, 0]), np.log(4), "float64")
    expect_error("a half", lambda: cross_entropy(x, [0.5, 0]), "not a whole number")
    expect_error("one-hot", lambda: cross_entropy(x, x), "argmax")
    ### END HIDDEN TESTS


test_cross_entropy()

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "04-cross-entropy-loss"}}
#| export
class CrossEntropyLoss:
    """cross_entropy as an object: the mean surprise at the right class."""

    def __call__(self, prediction, target):
        return self.forward(prediction, target)

    def forward(self, prediction, target):
        """Take logits (N, ..., C) and class ids (N, ...); return a scalar Tensor."""
        return cross_entropy(prediction, target)

# %% [markdown]
r"""
What does it cost to know nothing, and give all classes the same score? And to be sure, rightly or wrongly?

:::{predict} A network gives each of 1000 classes the same score. What is its loss?
:shows: 1000 {}
- [ ] `0.9990`, how likely it is to be wrong: the loss is the surprise at the right class, $-\log p$, and not $1 - p$.
- [x] `6.9078`, which is $\log 1000$: every class has the probability 1/1000.
- [ ] `0.6931`, which is $\log 2$: for two classes. The more there are, the less a guess is worth.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "04-knowing-nothing"}}
loss, rows = CrossEntropyLoss(), []
for classes in [2, 10, 1000]:
    nothing = Tensor([[0.0] * classes])  # (1, C)
    sure = Tensor([[20.0] + [0.0] * (classes - 1)])  # (1, C): all for class 0
    losses = [loss(nothing, [0]), loss(sure, [0]), loss(sure, [1])]
    rows.append([classes, *[f"{value.item() + 0:.4f}" for value in losses]])
print(table(["classes", "knows nothing", "sure and right", "sure and wrong"], rows))

# %% [markdown]
r"""
Knowing nothing costs $\log C$: 0.69 for two classes, 2.30 for ten. The first loss of a new network should be near
that. If it is far above, the network is sure of things that nobody taught it: its first weights are too large.

## Yes or No: Binary Cross-Entropy

For two answers one probability is enough: $p$ for yes, which leaves $1 - p$ for no. The target $y$, 1 or 0, says
which of them counts. A target in between is allowed too: 0.8 means "yes, most likely", and then the best $p$ is 0.8.

$$\mathrm{BCE} = -\frac{1}{n} \sum_{i=1}^{n} \left( y_i \log p_i + (1 - y_i) \log (1 - p_i) \right)$$

Where $y$ is 1 the second term vanishes, and where it is 0 the first; on paper, that is. In float32 a sigmoid that is
sure returns exactly 0 or 1. Three such answers, the first two perfect and the third wrong:
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "04-naive-bce-demo"}}
p, y = Tensor([0.0, 1.0, 0.0]), Tensor([0.0, 1.0, 1.0])  # (3,) and (3,)
with np.errstate(all="ignore"):
    print((-(y * p.log() + (1 - y) * (1 - p).log())).tolist())

# %% [markdown]
r"""
The perfect answers come to $0 \cdot \infty$, which is `nan`. The wrong one is infinitely surprising, and an infinite
mean is of no use either. So put a floor under both probabilities before taking the logarithm: $2^{-126}$, the
smallest number that float32 holds in full precision. With it, one answer can cost at most $126 \log 2$, which is
87.34.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "04-bce-probabilities"}}
#| export
SMALLEST = 2.0**-126  # of float32 in full precision; its log is about -87.34


def bce_from_probabilities(p, y):
    """Binary cross-entropy of probabilities, finite at exactly 0 and 1 too.

    Args: p, a Tensor of probabilities of yes; y, a Tensor of targets, p's shape.
    Returns: a Tensor of shape ().

    TODO: compute BCE with SMALLEST as a floor under both probabilities.

    APPROACH:
    1. Raise p to SMALLEST wherever it is lower, and take the logarithm.
    2. Do the same with 1 - p. It needs a floor of its own: a p below 1 by SMALLEST
       would round to 1, and 1 - p to 0.
    3. Weigh the first by y and the second by 1 - y; return minus the mean.

    EXAMPLE:
    >>> round(bce_from_probabilities(Tensor([0.9]), Tensor([1.0])).item(), 4)
    0.1054

    HINT: x.maximum(number) is the larger of the two at each element.
    """
    ### BEGIN SOLUTION
    yes = p.maximum(SMALLEST).log()  # p's shape
    no = (1 - p).maximum(SMALLEST).log()  # p's shape
    return -(y * yes + (1 - y) * no).mean()  # ()
    ### END SOLUTION

# %% [markdown]
r"""
### Testing BCE from Probabilities

Moderate probabilities, a target between 0 and 1, and both ends, right and wrong.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "04-bce-probabilities-check"}}
def test_bce_from_probabilities():
    """Values by hand, and the ends where the plain formula breaks."""
    cases = [([0.9], [1.0], 0.105361), ([0.9], [0.0], 2.302585)]
    cases += [([0.9, 0.2], [1.0, 0.0], 0.164252)]
    cases += [([[0.5, 0.25]], [[0.5, 0.75]], 0.902394)]
    cases += [([0.0, 1.0], [0.0, 1.0], 0.0)]  # sure, and right
    cases += [([0.0], [1.0], 87.336545), ([1.0], [0.0], 87.336545)]
    for p, y, expected in cases:
        got = bce_from_probabilities(Tensor(p), Tensor(y))
        expect_close(f"bce_from_probabilities({p}, {y})", got, expected)
    ### BEGIN HIDDEN TESTS
    one = Tensor(np.ones((2, 3)))
    expect_close("float64", bce_from_probabilities(one, one), 0.0, "float64")
    ### END HIDDEN TESTS


test_bce_from_probabilities()

# %% [markdown]
r"""
### From Scores

The floor keeps the loss finite, but it cannot bring back what is lost. A score $x$, again called a logit, becomes a
probability by the sigmoid, $p = 1 / (1 + e^{-x})$. In float32 that is exactly 1 for scores of 20, of 90 and of 200,
and which of them was the worst mistake cannot be told any more. So simplify first. Since $1 - p = 1 / (1 + e^{x})$,

$$-\log p = \log(1 + e^{-x}) \qquad -\log(1 - p) = \log(1 + e^{x})$$

The first is the second minus $x$, because $1 + e^{-x} = e^{-x}(e^x + 1)$. Weighed by $y$ and $1 - y$, they come to

$$y \left(\log(1 + e^x) - x\right) + (1 - y) \log(1 + e^x) = \log(1 + e^{x}) - x\,y$$

Now $\log(1 + e^{x}) = \log(e^0 + e^x)$ is the log-sum-exp of two numbers, 0 and $x$. The larger is $m = \max(x, 0)$.
When $m$ is subtracted, one of the two becomes 0, and the other, whichever sign $x$ has, $-|x|$:

$$\log(1 + e^x) = \max(x, 0) + \log\left(1 + e^{-|x|}\right)$$
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "04-bce-logits"}}
#| export
def bce_from_logits(x, y):
    """Binary cross-entropy of scores, finite however large they are.

    Args: x, a Tensor of scores, high for yes; y, a Tensor of targets, x's shape.
    Returns: a Tensor of shape ().

    TODO: return the mean of log(1 + exp(x)) - x * y, with the log in its safe form.

    APPROACH:
    1. Compute max(x, 0).
    2. Compute log(1 + exp(-|x|)). Tensor has no absolute value, but the smaller of
       x and -x is -|x|.
    3. Add the two, subtract x * y, and average.

    EXAMPLE:
    >>> bce_from_logits(Tensor([200.0, -200.0]), Tensor([0.0, 0.0])).item()
    100.0

    HINT: x.maximum(...) and x.minimum(...) take a number or a Tensor.
    """
    ### BEGIN SOLUTION
    rest = (1 + x.minimum(-x).exp()).log()  # x's shape
    return (x.maximum(0.0) + rest - x * y).mean()  # ()
    ### END SOLUTION

# %% [markdown]
r"""
### Testing BCE from Scores

Both targets at a moderate score, a target in between, and scores that no exponential could take.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "04-bce-logits-check"}}
def test_bce_from_logits():
    """Values by hand, at moderate scores and at huge ones of either sign."""
    cases = [([0.0], [1.0], 0.693147), ([-2.0], [1.0], 2.126928)]
    cases += [([2.0], [1.0], 0.126928), ([2.0], [0.0], 2.126928)]
    cases += [([[2.0, -2.0]], [[0.25, 0.0]], 0.876928)]
    cases += [([1000.0, -1000.0], [1.0, 0.0], 0.0)]  # sure, and right
    cases += [([1000.0, -2000.0], [0.0, 1.0], 1500.0)]
    for x, y, expected in cases:
        got = bce_from_logits(Tensor(x), Tensor(y))
        expect_close(f"bce_from_logits({x}, {y})", got, expected)
    ### BEGIN HIDDEN TESTS
    x, y = Tensor([-0.5, 0.1, 3.0]), Tensor([0.0, 1.0, 0.5])
    expected = bce_from_probabilities(1 / (1 + (-x).exp()), y).item()
    expect_close("the same from scores", bce_from_logits(x, y), expected)
    zeros = Tensor(np.zeros((2, 3)))
    expect_close("float64", bce_from_logits(zeros, zeros), np.log(2), "float64")
    ### END HIDDEN TESTS


test_bce_from_logits()

# %% [markdown]
r"""
The class chooses between the two, and looks at the numbers first: a target of -1 for no would make a loss that falls
without end, and raw scores are no probabilities.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "04-bce-loss"}}
#| export
def check_probabilities(name, values):
    """Raise ValueError unless all numbers of a Tensor lie between 0 and 1."""
    numbers = np.asarray(values)
    outside = numbers[~((numbers >= 0) & (numbers <= 1))]  # nan is outside, too
    if outside.size:
        raise errors.not_probability(name, outside[0].item())


class BinaryCrossEntropyLoss:
    """The mean surprise of yes-or-no answers, from probabilities or from logits."""

    def __init__(self, from_logits=False):
        self.from_logits = from_logits

    def __call__(self, prediction, target):
        return self.forward(prediction, target)

    def forward(self, prediction, target):
        """Take a Tensor and targets of its shape; return a scalar Tensor."""
        prediction, target = alike(prediction, target)
        check_probabilities("target", target)
        if self.from_logits:
            return bce_from_logits(prediction, target)
        check_probabilities("prediction", prediction)
        return bce_from_probabilities(prediction, target)

# %% [markdown]
r"""
A network says yes, ever louder, while the answer is no. Below the table, a score where a probability belongs:
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "04-bce-demo"}}
rows = []
for score in [0.0, 5.0, 20.0, 90.0, 200.0]:
    x, no = Tensor([score]), [0]  # (1,)
    p = 1 / (1 + (-x).exp())  # (1,)
    by_p = BinaryCrossEntropyLoss()(p, no).item()
    by_score = BinaryCrossEntropyLoss(from_logits=True)(x, no).item()
    rows.append([score, f"{p.item():.4f}", f"{by_p:.2f}", f"{by_score:.2f}"])
print(table(["score", "p", "loss from p", "loss from score"], rows))
try:
    BinaryCrossEntropyLoss()(Tensor([0.5, 3.2]), [0, 1])
except ValueError as error:
    print(error)

# %% [markdown]
r"""
Judged by its probability, a score of 20 is as bad as one of 200. Judged by the score, each gets what it deserves.
Hence the rule: *a network ends in scores, and the exponentials are the business of the loss*.

## Part 2: Systems Analysis

### Memory Profiling

A small language model reads 64 positions and gives each of 10,000 words a score: 640,000 logits, 2.4 MiB. We pick 64
entries by position. Often one sees another way: write the targets as a *one-hot* matrix, with a 1 at the right class
of each row and 0 elsewhere, multiply by it, and add up. Guess the peaks before you look.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "04-memory"}}
rng = np.random.default_rng(0)
logits = Tensor(rng.standard_normal((64, 10_000), dtype=np.float32))  # (64, 10000)
ids = rng.integers(0, 10_000, 64)  # (64,)


def with_one_hot(logits, ids):
    one_hot = np.zeros(logits.shape, dtype=np.float32)  # (64, 10000)
    one_hot[np.arange(ids.size), ids] = 1
    return -(log_softmax(logits) * one_hot).sum(axis=1).mean()  # ()


peaks = {"the logits themselves": logits.data.nbytes}
picked, peaks["picking"] = traced(lambda: cross_entropy(logits, ids))
spread, peaks["one-hot"] = traced(lambda: with_one_hot(logits, ids))
print(bars("peak memory", peaks, "B"))
print(f"picking gives {picked.item():.4f}, one-hot {spread.item():.4f}")

# %% [markdown]
r"""
For a single number, twice the memory of the logits is allocated: the shifted ones, and beside them either their
exponentials or the result of `log_softmax`. The one-hot matrix adds a third block, 640,000 numbers to choose 64. At
8,192 positions and 50,257 words a block takes 1.5 GiB, and a loss without a single weight can fill the memory.

### Timing That Scales

Does the time grow with the work? The rows stay 64, so ten times the classes mean ten times the work.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "04-timing"}}
rows, before = [], None
for classes in [10, 100, 1_000, 10_000]:
    logits = Tensor(rng.standard_normal((64, classes), dtype=np.float32))  # (64, C)
    ids = rng.integers(0, classes, 64)  # (64,)
    time = seconds(lambda logits=logits, ids=ids: cross_entropy(logits, ids))
    growth, before = f"{time / before:.1f} x" if before else "", time
    work, rate = show(5 * 64 * classes, "FLOP"), 5 * 64 * classes / time
    rows.append([classes, work, show(time, "s"), growth, show(rate, "FLOP/s")])
print(table(["classes", "work", "cross_entropy", "growth", "rate"], rows))

# %% [markdown]
r"""
At first it grows far less than the work: some dozen calls cost more than what they compute. The last step may well
exceed 10: many systems take so large a block back when it is freed, and hand it out anew, page by page, in the next
call. Set the rates beside that of a large matrix product in chapter 01. A product uses each number many times once it
has reached the processor; the loss walks through a whole block five times, for one step of arithmetic on each number.
If 128 features made the logits, in 2·64·128·C FLOPs, the loss has 2 % of that work, yet it can take as long.

## Part 3: Production Context

PyTorch has the same three, with the same algebra. Ours are what it calls `reduction="mean"`, its default.

| here | in PyTorch |
|---|---|
| `cross_entropy` | `F.cross_entropy`, of logits too: `log_softmax`, then `nll_loss`, which picks |
| classes on the last axis, (N, …, C) | classes on axis 1, (N, C, …); text is reshaped to (N·T, C) first |
| ids: whole numbers of any type | ids: int64; a *float* target means a probability for each class |
| a bad id is named | -100 skips the row (`ignore_index`); others: IndexError on a CPU, a late assertion on a GPU |
| `BinaryCrossEntropyLoss(from_logits=True)` | `BCEWithLogitsLoss`; its `log1p` keeps losses that ours rounds to 0 |
| `BinaryCrossEntropyLoss()`, at most 87.34 | `BCELoss`; it cuts the logarithm off at -100 |
| shapes that differ are an error | in `MSELoss` a warning, and they broadcast |

Why one function, and not `softmax` and then `log`? Because only who sees both can let the logarithm undo the
exponential. On a GPU, PyTorch's *autocast*, which computes in 16 bits where it can, even refuses `BCELoss`. For very
many classes there are *fused* losses, which also take in the product that makes the logits, and go piece by piece.
"""

# %% [code] {"tags": ["main"], "nbgrader": {"grade_id": "04-main"}}
from tinytorch.utils.check import run_all_tests

if __name__ == "__main__":
    run_all_tests(globals())

# %% [markdown]
r"""
## 🤔 ML Systems Thinking

**1.** What people care about is often *accuracy*, the share of right answers. Why not train on that?

:::{dropdown} Answer
Change a weight a little, and the accuracy usually stays exactly as it was: no answer has flipped. A curve made of
flat steps never says which way is down. Cross-entropy moves as soon as the right class gains or loses probability.
:::

**2.** Logits of 8,192 rows and 50,257 classes take 1.5 GiB in float32. What does `cross_entropy` add at its peak? How
could you bring that down to an eighth without changing the result?

:::{dropdown} Answer
Two more such blocks, 3.1 GiB. But no row needs another, so take 1,024 rows at a time and average the eight losses:
0.4 GiB. (Pieces of unequal length are weighed by their rows.) The logits, too, can be made piece by piece.
:::

**3.** Someone answers yes-or-no questions with two logits, 0 for no and $x$ for yes, and `cross_entropy`. Is that
another loss than binary cross-entropy from the score $x$?

:::{dropdown} Answer
The same. For yes it is $\log(e^0 + e^x) - x$ and for no $\log(e^0 + e^x) - 0$, together $\log(1 + e^x) - x\,y$. It
stores twice the numbers, half of them zeros.
:::

## 🎯 Module Summary

You have built the number that training makes smaller.

- **Mean squared error** asks how far off. Shapes must be equal, or broadcasting compares all with all.
- **Cross-entropy** is the mean surprise, $-\log p$ of the right class. Knowing nothing costs $\log C$.
- **Log-sum-exp**: pull out the largest, and nothing overflows. `log_softmax` and both losses from scores rest on it.
- **From scores, not from probabilities**: what has been rounded to 0 or 1 is gone.
- A loss costs little arithmetic, but the blocks it walks through are as large as the logits.

What you built is `tinytorch.core.losses`. It says how wrong a network is. Chapter 05 finds the weights to blame.
"""
