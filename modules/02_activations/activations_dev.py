# %% [markdown]
r"""
# Module 02: Activations

Chapter 01 ended with `x @ w + b`, all that a linear layer computes. Stack ten such layers, and you have gained
nothing: together they do what one of them could. What is missing is a bend. An *activation* is a function whose graph
is not a straight line; put between two layers, it is what makes the second one worth having. In this chapter you
build five of them. Their formulas are short. The work is in computing them so that no number, however large, turns
the answer into nonsense, and in finding out what they cost, which is not what their arithmetic suggests.

**Learning Objectives:**

- Show that layers without a bend between them collapse into one, and build a curve out of bends.
- Build ReLU, Sigmoid, Tanh, GELU and Softmax from the operations of your Tensor.
- Find the inputs at which a formula breaks in float32, and rewrite it so that it holds for all of them.
- Count how often an activation goes over its numbers, and recognize the count in its time.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "02-imports"}}
#| default_exp core.activations
#| names Sigmoid ReLU Tanh GELU Softmax
#| export
import math

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "02-tools"}}
import numpy as np

from tinytorch.core.tensor import Tensor, extend
from tinytorch.utils.check import (
    expect,
    expect_close,
    expect_error,
    expect_number,
    expect_tensor,
)
from tinytorch.utils.measure import bars, seconds, show, table, traced

# %% [markdown]
r"""
## Part 1: Mathematical Foundations

A layer turns $x$ into $x a + p$, with a matrix $a$ and a row $p$. The next layer turns that into $(x a + p)\, b + q$.
Multiply out:

$$(x a + p)\, b + q = x\,(a b) + (p\, b + q)$$

On the right stand one matrix, $a b$, and one row, $p\, b + q$: the two layers were one layer all along. With whole
numbers both sides must agree to the last digit.
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "02-collapse"}}
x = Tensor([[1, 2], [3, -1], [0, 5]])  # (3, 2): three examples of two numbers
a, p = Tensor([[2, 0, 1, 1], [1, -1, 3, 0]]), Tensor([1, 0, -2, 0])  # (2, 4) and (4,)
b, q = Tensor([[1], [2], [-1], [3]]), Tensor([4])  # (4, 1) and (1,)
print("two layers:", ((x @ a + p) @ b + q).tolist())  # (3, 2) -> (3, 4) -> (3, 1)
print("one layer: ", (x @ (a @ b) + (p @ b + q)).tolist())  # (3, 2) -> (3, 1)

# %% [markdown]
r"""
An **activation** between the two prevents that. It takes every number by itself and changes it by the same rule, and
because the rule is not a straight line, nothing can be multiplied out across it. (The last of our five, Softmax,
looks at a whole row of numbers at once.) An activation has no weights, and leaves the shape as it is.

```text
   x          ┌───────────┐          ┌────────────┐          ┌───────────┐      y
   (3, 2) ───►│ x @ a + p │─(3, 4)──►│ activation │─(3, 4)──►│ h @ b + q │───► (3, 1)
              └───────────┘          └────────────┘          └───────────┘
```

### Computational Complexity

The price is per number. The last column counts the Tensor operations in the form that you will write.

| activation | of each number | operations |
|---|---|---|
| ReLU | $\max(x, 0)$ | 1 |
| Sigmoid | $1 / (1 + e^{-x})$ | 7 |
| Tanh | $\tanh x$ | 1 |
| GELU | $x$ times a gate that opens from 0 to 1 | 10 |
| Softmax | $e^{x_i}$ divided by the sum of all $e^{x_j}$ | 5 |

Ten operations sounds like little: the layer before, if it has $k$ inputs, spent $2k$ FLOPs on each of its outputs,
1,024 for $k = 512$. But each operation reads $n$ numbers from memory, or twice $n$, and writes $n$, and the next one
reads those again. Keep the last column in mind; in Part 2 you will meet it on the clock.

## ReLU: The Smallest Bend

*ReLU*, short for rectified linear unit, bends a straight line at a single point. What is positive passes unchanged,
and what is negative becomes 0, as in a turnstile that lets people through in one direction only.

```text
   2 ┤                ╱
     │              ╱
   1 ┤            ╱
     │          ╱
   0 └━━━━━━━━╱──────────   x
     -2       0       2
```

We take it in two steps: first for one number of Python's.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "02-relu-scalar"}}
def relu_scalar(x):
    """ReLU of one number.

    TODO: return what the picture shows above x.

    APPROACH:
    1. Right of 0 the line rises with x; left of 0 it lies on the axis.
    2. So it always shows one of the two numbers x and 0.0. Which one?

    EXAMPLE:
    >>> relu_scalar(2.5), relu_scalar(-4.0)
    (2.5, 0.0)

    HINT: Python has a function for the larger of two numbers.
    """
    ### BEGIN SOLUTION
    return max(x, 0.0)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing ReLU of One Number

Both sides of the bend, near it and far from it, and the bend itself.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 1, "grade_id": "02-relu-scalar-check"}}
def test_relu_scalar():
    """Numbers left of the bend, on it and right of it."""
    for x, expected in [(2.5, 2.5), (-4.0, 0.0), (0.0, 0.0), (0.5, 0.5), (-0.5, 0.0)]:
        expect(f"relu_scalar({x})", relu_scalar(x), expected)
    ### BEGIN HIDDEN TESTS
    expect("relu_scalar(1e30)", relu_scalar(1e30), 1e30)
    expect("relu_scalar(-1e-9)", relu_scalar(-1e-9), 0.0)
    ### END HIDDEN TESTS


test_relu_scalar()

# %% [markdown]
r"""
Between two layers stand thousands of such numbers, in one Tensor. The rule stays, and one operation applies it to all
of them. Activations are classes, like the layers of chapter 03: `forward` computes, and `__call__` is what Python
runs when an object is called like a function, so `ReLU()(x)` means `ReLU().forward(x)`. Compute with operations of
Tensor, never on `x.data`: the checks here do not notice, but chapter 05 will follow only what Tensors do.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "02-relu"}}
#| export
class ReLU:
    """Rectified linear unit: the larger of x and 0, element by element."""

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        """Set what is negative to 0.

        Args: x, a Tensor of any shape.
        Returns: a new Tensor of x's shape and dtype; x stays as it is.

        TODO: apply relu_scalar's rule to all elements at once, without a loop.

        APPROACH:
        1. Among chapter 01's operations, find the one that picks the larger number.
        2. Call it on x, with 0 on the other side.

        EXAMPLE:
        >>> ReLU()(Tensor([[-1.0, 2.0], [3.0, -4.0]])).tolist()
        [[0.0, 2.0], [3.0, 0.0]]

        HINT: x.max() reduces an axis; what you need has a longer name.
        """
        ### BEGIN SOLUTION
        return x.maximum(0)  # any shape -> the same shape
        ### END SOLUTION

# %% [markdown]
r"""
### Testing ReLU

Two shapes, an input that must stay as it was, and a float64 Tensor that must stay float64.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 1, "grade_id": "02-relu-check"}}
def test_relu():
    """Any shape in, the same shape out, and the input left alone."""
    x = Tensor([[-2, 0.5, -0.25], [0, 3, -7]])  # (2, 3)
    expect_tensor("ReLU()(x)", ReLU()(x), [[0, 0.5, 0], [0, 3, 0]])
    expect("x itself, afterwards", x.tolist(), [[-2, 0.5, -0.25], [0, 3, -7]])
    expect_tensor("ReLU() of one number", ReLU()(Tensor(-3)), 0.0)
    double = Tensor([-1.0, 1.0], dtype="float64")
    expect_tensor("ReLU() of float64", ReLU()(double), [0, 1], dtype="float64")
    ### BEGIN HIDDEN TESTS
    got = ReLU().forward(Tensor([[[-1.0], [1.0]]]))  # (1, 2, 1)
    expect_tensor("three axes", got, [[[0], [1]]])
    ### END HIDDEN TESTS


test_relu()

# %% [markdown]
r"""
## From Bends to Curves

One bend is not much of a curve. But ReLUs can be moved, scaled and added. `relu(x + 1)` has its bend at -1 and
`relu(x - 1)` at 1. And adding $c$ times a ReLU leaves everything left of its bend as it was, and changes the slope by
$c$ from there on. So you can draw any line with corners from left to right: at each corner, add the change of slope.
Here is one with three corners, a *hat*.

```text
   1 ┤          ╱╲
     │        ╱    ╲
     │      ╱        ╲
   0 └━━━━╱────────────╲━━━━━━   x
         -1      0      1
       0     +1     -1     0     slope
```
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "02-hat"}}
def hat(x):
    """The hat in the picture, made of three ReLUs.

    Args: x, a Tensor of any shape.
    Returns: a Tensor of x's shape: 1 at 0, falling to 0 at -1 and 1, and 0 beyond.

    TODO: add up three ReLUs, each moved to a corner and scaled.

    APPROACH:
    1. Left of -1 the hat is 0, and so are all three ReLUs: nothing to do.
    2. At each of the corners -1, 0 and 1, read off how the slope changes.
    3. For each, scale the ReLU that bends there by that change. Add the three.

    EXAMPLE:
    >>> hat(Tensor([-2.0, -0.5, 0.0, 0.5, 2.0])).tolist()
    [0.0, 0.5, 1.0, 0.5, 0.0]

    HINT: at 0 the slope goes from +1 to -1, so it changes by -2.
    """
    relu = ReLU()
    ### BEGIN SOLUTION
    return relu(x + 1) - 2 * relu(x) + relu(x - 1)  # any shape -> the same shape
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Hat

The three corners, the two slopes, and the flat parts far outside.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "02-hat-check"}}
def test_hat():
    """Corners, slopes and flat parts."""
    for x, y in [([-1, 0, 1], [0, 1, 0]), ([-8, 3, 50], [0, 0, 0])]:
        expect_tensor(f"hat at {x}", hat(Tensor(x)), y)
    x, y = [[-0.75, -0.25], [0.25, 0.75]], [[0.25, 0.75], [0.75, 0.25]]
    expect_tensor(f"hat at {x}", hat(Tensor(x)), y)
    ### BEGIN HIDDEN TESTS
    expect_tensor("hat at -0.5", hat(Tensor(-0.5)), 0.5)
    ### END HIDDEN TESTS


test_hat()

# %% [markdown]
r"""
Put hats side by side, each as high as some curve at its place: `hat((x - place) / step)` stands at `place` and ends one
step to either side. Between neighbors one hat falls while the other rises, so their sum joins the two heights by a
straight line. Here they follow a sine, at ever smaller steps.

:::{predict} At step 1.0 the largest error is 0.1221. How large is it at step 0.5, with about twice as many hats?
:shows: 0.5 … {}
- [ ] `0.0610`, half of it: so it would be for a curve of flat steps. Straight pieces that slope come nearer.
- [x] `0.0306`, a quarter: how far a curve strays from a straight piece grows with the square of the piece's length.
- [ ] `0.1221`, the same: the heights are right at each place from the start, but between two places there is a miss.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "02-hats-demo"}}
points = np.linspace(-3, 3, 241, dtype=np.float32)
x, rows = Tensor(points)[:, None], []  # (241, 1)
for step in [1.0, 0.5, 0.25]:
    places = np.arange(-4, 4 + step, step, dtype=np.float32)  # (k,)
    heights = Tensor(np.sin(places))  # (k,)
    curve = hat((x - places) / step) @ heights  # (241, k) @ (k,) -> (241,)
    error = np.abs(curve.data - np.sin(points)).max()
    rows.append([step, len(places), f"{error:.4f}"])
print(table(["step", "hats", "largest error"], rows))

# %% [markdown]
r"""
Halve the step, and the error falls to a quarter. With enough ReLUs you come as near as you like to any curve without
jumps, on any stretch you choose. And look at the line with `@`: numbers scaled and moved, ReLU, a weighted sum. That is a layer, an activation
and a layer. You chose the weights by hand; training, from chapter 05 on, finds them.

## Sigmoid: Any Number to Between 0 and 1

The *sigmoid* $\sigma(x)$ squeezes the whole number line into the interval from 0 to 1: 0 goes to one half, large
numbers come near 1, and very negative ones near 0. So its result can serve as a probability.

```text
     1 ┤            ╭────────
       │          ╭─╯
   0.5 ┤        ╭─╯
       │      ╭─╯
     0 └──────╯──────────────   x
        -4       0       4
```

Its formula can be written in two ways. Multiply top and bottom of the first by $e^x$, and you have the second:

$$\sigma(x) = \frac{1}{1 + e^{-x}} = \frac{e^x}{e^x + 1}$$

Equal on paper. But the largest float32 is about $3.4 \cdot 10^{38}$, and $e^x$ is past it soon after $x = 88.7$; the
result then *overflows* to `inf`, infinity. Here are both forms at numbers on either side. (numpy would warn of the
overflow; `np.errstate` keeps it quiet, since this time we want to look.)

:::{predict} What does the second form, $e^x / (e^x + 1)$, give in float32 at $x = 90$?
:shows: 90 8.194e-40 1 inf {}
- [ ] `1`: on paper, very nearly. But $e^{90}$ is past the largest float32, and the rest is computed with infinity.
- [ ] `inf`: the top is infinite, but so is the bottom.
- [x] `nan`: infinity divided by infinity has no value.
:::

:::{predict} And the first form, $1 / (1 + e^{-x})$, at $x = -90$?
:shows: -90 inf {}
- [ ] `8.194e-40`: this is the true value, and float32 can hold it. But the way there leads through $e^{90}$.
- [x] `0`: $e^{90}$ becomes infinity, and 1 divided by infinity is 0.
- [ ] `nan`: here the bottom alone is infinite, and 1 divided by infinity has a value.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "02-sigmoid-breaks"}}
x = Tensor([-1000.0, -90.0, -5.0, 0.0, 5.0, 90.0, 1000.0])  # (7,)
with np.errstate(all="ignore"):
    down, up = (-x).exp(), x.exp()  # (7,)
    columns = [x, down, 1 / (1 + down), up, up / (up + 1)]
rows = [[f"{number:.4g}" for number in row] for row in np.array(columns).T]
header = ["x", "exp(-x)", "1 / (1 + exp(-x))", "exp(x)", "exp(x) / (exp(x) + 1)"]
print(table(header, rows))

# %% [markdown]
r"""
The second form is lost at 90: infinity divided by infinity is `nan`, *not a number*, and whatever a nan meets turns
into nan as well. The first form fails more quietly: at -90 it divides 1 by infinity and says 0, where the second
finds $8 \cdot 10^{-40}$, which is right. With Python's own numbers neither gets that far: `math.exp(1000)` stops with
an OverflowError.

But each form fails on one side only, where its exponent is positive. So use each on the side where it is safe, first
for one number:
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "02-sigmoid-scalar"}}
def sigmoid_scalar(x):
    """The sigmoid of one number, however large.

    Returns: a float from 0 to 1.

    TODO: compute each side of 0 by the form that is safe there.

    APPROACH:
    1. Read off the table which form never overflows where x >= 0.
    2. Use the other where x < 0.

    EXAMPLE:
    >>> sigmoid_scalar(0.0), sigmoid_scalar(-1000.0)
    (0.5, 0.0)

    HINT: math.exp is safe as long as what you pass is not positive.
    """
    ### BEGIN SOLUTION
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (math.exp(x) + 1)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Sigmoid of One Number

Moderate numbers, very small answers, and numbers of a size that breaks one form or the other.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "02-sigmoid-scalar-check"}}
def test_sigmoid_scalar():
    """Both sides of 0, near and far."""
    near = [(0.0, 0.5), (1.0, 0.731059), (-1.0, 0.268941)]
    for x, expected in [*near, (-720.0, 2.03223e-313), (1000.0, 1.0), (-1000.0, 0.0)]:
        expect_number(f"sigmoid_scalar({x})", sigmoid_scalar(x), expected)
    ### BEGIN HIDDEN TESTS
    expect_number("sigmoid_scalar(-720.0)", sigmoid_scalar(-720.0), 2.03223e-313)
    expect_number("sigmoid_scalar(3.0)", sigmoid_scalar(3.0), 0.952574)
    ### END HIDDEN TESTS


test_sigmoid_scalar()

# %% [markdown]
r"""
A Tensor cannot go two ways at an `if`: some of its numbers are on one side and some on the other. What you need is
one top and one bottom that are right on both sides at once.

| | where x >= 0 | where x < 0 |
|---|---|---|
| top | `1`, which is `exp(0)` | `exp(x)` |
| bottom | `1 + exp(-x)` | `1 + exp(x)` |

So in each row the exponent is one thing where x is positive and another where it is negative, and never above 0.
Chapter 01 has an operation that picks one of two numbers, element by element.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "02-sigmoid"}}
#| export
class Sigmoid:
    """The sigmoid 1 / (1 + exp(-x)), element by element, for x of any size."""

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        """Squeeze every element into the interval from 0 to 1.

        Args: x, a Tensor of any shape.
        Returns: a new Tensor of x's shape.

        TODO: compute top / bottom by Tensor operations that never overflow.

        APPROACH:
        1. Find an exponent that is 0 where x >= 0, and x elsewhere, for the top.
        2. Find one that is -x where x >= 0, and x elsewhere, for the bottom.
        3. Divide exp of the first by 1 plus exp of the second.

        EXAMPLE:
        >>> Sigmoid()(Tensor([-1000.0, 0.0, 1000.0])).tolist()
        [0.0, 0.5, 1.0]

        HINT: x.minimum(...) takes a number or a Tensor. Which of x and -x is smaller?
        """
        ### BEGIN SOLUTION
        return x.minimum(0).exp() / (1 + x.minimum(-x).exp())  # the shape of x
        ### END SOLUTION

# %% [markdown]
r"""
### Testing Sigmoid

The same kinds of numbers as before, this time in one Tensor. An overflow on the way counts as an error.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "02-sigmoid-check"}}
def test_sigmoid():
    """Values on both sides of 0, near and far, without an overflow on the way."""
    x = Tensor([[-1, 0, 1], [-20, 3, 20]])  # (2, 3)
    expected = [[0.268941, 0.5, 0.731059], [2.06115e-9, 0.952574, 1]]
    expect_close("Sigmoid()(x)", Sigmoid()(x), expected)
    expect("x itself, afterwards", x.tolist(), [[-1, 0, 1], [-20, 3, 20]])
    with np.errstate(over="raise", invalid="raise"):
        got = Sigmoid()(Tensor([-1000, -90, 90, 1000]))
    expect_close("Sigmoid() of -1000, -90, 90, 1000", got, [0, 8.194e-40, 1, 1])
    ### BEGIN HIDDEN TESTS
    expect_close("of one number", Sigmoid()(Tensor(-2)), 0.119203)
    got = Sigmoid()(Tensor([-40.0], dtype="float64"))
    expect_close("float64", got, [4.24835e-18], dtype="float64")
    ### END HIDDEN TESTS


test_sigmoid()

# %% [markdown]
r"""
## Tanh: The Same Curve Around 0

The *hyperbolic tangent* is a sigmoid stretched to reach from -1 to 1: $\tanh x = 2\,\sigma(2x) - 1$. It passes
through 0, which keeps numbers centered as they go from layer to layer. `Tensor.tanh` takes numpy's, which is written
with the same care for large numbers, so this class is given.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "02-tanh"}}
#| export
class Tanh:
    """The hyperbolic tangent, from -1 to 1, element by element."""

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        """Squeeze every element of a Tensor into the interval from -1 to 1."""
        return x.tanh()  # any shape -> the same shape

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "02-squeeze-demo"}}
x = Tensor([-1000.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 1000.0])  # (9,)
columns = [x, Sigmoid()(x), Tanh()(x), 2 * Sigmoid()(2 * x) - 1]
rows = [[f"{number:.4f}" for number in row] for row in np.array(columns).T]
print(table(["x", "Sigmoid", "Tanh", "2 Sigmoid(2x) - 1"], rows))

# %% [markdown]
r"""
Both curves flatten out, and that matters: learning, from chapter 05 on, follows slopes. The sigmoid's is 1/4 at 0,
where it is steepest, and below 0.0001 at 10; a number that strays so far hardly finds back. ReLU's slope is 1
wherever it lets a number pass. That is one reason why ReLU or a relative stands between the layers of most networks,
and the sigmoid at their end.

## GELU: ReLU Without the Corner

ReLU gates each number by its sign: all or nothing. *GELU*, the Gaussian error linear unit, opens the gate gradually.
It multiplies $x$ by the probability that a number drawn from the standard bell curve lies below $x$: almost 1 for
large $x$, one half at 0, almost 0 for very negative $x$. That probability has no simple formula, but an expression
with tanh comes close:

$$\mathrm{GELU}(x) \approx \tfrac{1}{2}\, x \,\bigl(1 + \tanh(\sqrt{2 / \pi}\,(x + 0.044715\, x^3))\bigr)$$

In float32 the cube of a number beyond $7 \cdot 10^{12}$ overflows. The result survives, since tanh of infinity is 1, but
numpy warns, and a slope can become zero times infinity: nan. For $x = 10$ tanh is applied to 43.7 already, and gives 1
to the last digit; for $x = -10$ it gives -1. So *inside* tanh we may cut $x$ off at -10 and 10 without changing a
digit. The line that does is given. The $x$ in front of the bracket must stay whole.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "02-gelu"}}
#| export
class GELU:
    """Gaussian error linear unit, in the form with tanh, element by element."""

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        """Multiply each element by a gate between 0 and 1 that opens as it grows.

        Args: x, a Tensor of any shape.
        Returns: a new Tensor of x's shape.

        TODO: compute the formula.

        APPROACH:
        1. Work out what stands inside tanh, with c in the place of x.
        2. Take tanh, and multiply as the formula says, by the whole x.

        EXAMPLE:
        >>> GELU()(Tensor([0.0, 100.0])).tolist()
        [0.0, 100.0]

        HINT: math.sqrt and math.pi are Python numbers; for the cube, c ** 3.
        """
        c = x.maximum(-10).minimum(10)  # for use inside tanh
        ### BEGIN SOLUTION
        inside = math.sqrt(2 / math.pi) * (c + 0.044715 * c**3)  # the shape of x
        return 0.5 * x * (1 + inside.tanh())  # the shape of x
        ### END SOLUTION

# %% [markdown]
r"""
### Testing GELU

Both sides, near and far, and numbers whose cube would not fit.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "02-gelu-check"}}
def test_gelu():
    """Values near 0 and far from it, without an overflow on the way."""
    x = Tensor([[-3, -1, -0.5], [0.5, 1, 3]])  # (2, 3)
    expected = [[-0.00363739, -0.158808, -0.154286], [0.345714, 0.841192, 2.99636]]
    expect_close("GELU()(x)", GELU()(x), expected)
    expect("x itself, afterwards", x.tolist(), [[-3, -1, -0.5], [0.5, 1, 3]])
    with np.errstate(over="raise", invalid="raise"):
        got = GELU()(Tensor([-1e30, -1000, 0, 1000, 1e30]))
    expect_close("GELU() of -1e30, -1000, 0, 1000, 1e30", got, [0, 0, 0, 1000, 1e30])
    ### BEGIN HIDDEN TESTS
    got = GELU()(Tensor([2.0], dtype="float64"))
    expect_close("float64", got, [1.954597694], dtype="float64")
    ### END HIDDEN TESTS


test_gelu()

# %% [markdown]
r"""
How close is close? Python's `math.erf` leads to the exact probability, one number at a time.

:::{predict} ReLU turns -0.75 into 0. What does GELU make of it?
:shows: -0.7500 0.0000 {}
- [x] `-0.1700`: at -0.75 the gate is open by more than a fifth, and lets that part of -0.75 through.
- [ ] `0.0000`: only far to the left is the gate shut. At -0.75 it is still open by more than a fifth.
- [ ] `0.1700`: the gate is a number between 0 and 1. It makes numbers smaller and leaves them their sign.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "02-gelu-demo"}}
x = Tensor(np.linspace(-6, 6, 1201))  # (1201,), float64
exact = [v * (1 + math.erf(v / math.sqrt(2))) / 2 for v in x.tolist()]
columns = np.array([x, ReLU()(x), GELU()(x), exact])  # (4, 1201)
rows = [[f"{number:.4f}" for number in row] for row in columns.T[300:901:75]]
print(table(["x", "ReLU", "GELU", "exact GELU"], rows))
print(f"largest difference from -6 to 6: {np.abs(columns[2] - columns[3]).max():.4f}")

# %% [markdown]
r"""
Five in ten thousand at most. The curve follows ReLU at both ends, has no corner, and dips a little below 0 on its
way: a number a little below 0 no longer gives what one far below gives.

## Softmax: Scores Into Shares

A network that tells ten kinds of picture apart ends with ten numbers, one *score* for each (in PyTorch, *logits*).
*Softmax* turns them into shares of a whole: none negative, together 1, the largest score with the largest share. exp
makes every score positive, and dividing by the sum makes the total 1:

$$\mathrm{softmax}(x)_i = \frac{e^{x_i}}{\sum_j e^{x_j}}$$

You have seen what exp does to large numbers, so try the formula before you trust it: on three scores, on the same
three raised by 1000, and on the same three lowered by 1000.

:::{predict} What becomes of the three shares when every score is lowered by 1000?
:shows: [0. 0. 0.] {}
- [ ] the same shares as before: on paper, yes. In float32 every exp is rounded to 0 before anything is divided.
- [ ] `[0. 0. 0.]`: this is what becomes of the exps. Their sum is 0 too, and the shares divide by it.
- [x] `[nan nan nan]`: every exp is rounded to 0, and 0 divided by 0 has no value.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "02-softmax-breaks"}}
rows = []
for shift in [0, 1000, -1000]:
    scores = Tensor([2.0, 1.0, 0.0]) + shift  # (3,)
    with np.errstate(all="ignore"):
        powers = scores.exp()  # (3,)
        shares = powers / powers.sum()  # (3,) / () -> (3,)
    rows.append([scores.tolist(), np.round(powers.data, 2), np.round(shares.data, 4)])
print(table(["scores", "exp", "shares"], rows))

# %% [markdown]
r"""
Infinity by infinity in the second row, 0 by 0 in the third. Yet all three should be equal: raising every score by $c$
multiplies each $e^{x_i}$ by $e^c$ and their sum as well, so $e^c$ cancels. *Only differences between scores count.* So we
may shift the scores, and one shift is always safe: subtract the largest. It becomes 0 and its exp 1; no exp exceeds
1, so nothing overflows, and the sum is at least 1, so nothing is divided by 0.

The scores of many pictures come as one Tensor, so Softmax must know along which axis they belong together. PyTorch
calls that axis `dim`; ours is the last unless you name another. The shares along it add up to 1.

```text
   scores (2, 3)         Softmax(dim=-1)                   Softmax(dim=0)
   ┌───┬───┬───┐         ┌──────┬──────┬──────┐            ┌──────┬──────┬──────┐
   │ 2 │ 1 │ 0 │         │ 0.67 │ 0.24 │ 0.09 │  sum 1     │ 0.88 │ 0.73 │ 0.50 │
   ├───┼───┼───┤         ├──────┼──────┼──────┤            ├──────┼──────┼──────┤
   │ 0 │ 0 │ 0 │         │ 0.33 │ 0.33 │ 0.33 │  sum 1     │ 0.12 │ 0.27 │ 0.50 │
   └───┴───┴───┘         └──────┴──────┴──────┘            └──────┴──────┴──────┘
                                                            sum 1  sum 1  sum 1
```

Softmax has something to remember, its `dim`, so its first part is given. `forward` is yours; `extend` adds it to the
class, as in chapter 01.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "02-softmax-class"}}
#| export
class Softmax:
    """Scores along the axis dim into shares, none negative, that add up to 1."""

    def __init__(self, dim=-1):
        self.dim = dim

    def __call__(self, x):
        return self.forward(x)

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "02-softmax"}}
#| export
@extend(Softmax)
def forward(self, x):
    """Turn scores into shares, however large the scores are.

    Args: x, a Tensor of scores that has the axis self.dim.
    Returns: a new Tensor of x's shape; along self.dim it adds up to 1.
    Raises: ValueError if x has no such axis.

    TODO: compute the shares along self.dim.

    APPROACH:
    1. Find the largest score along self.dim. Mind the shape: the result must
       broadcast against x whichever axis it was.
    2. Subtract it from x, and take exp.
    3. Divide by the sum along self.dim; the same care about its shape.

    EXAMPLE:
    >>> Softmax()(Tensor([[1000.0, 1000.0], [-5.0, -5.0]])).tolist()
    [[0.5, 0.5], [0.5, 0.5]]

    HINT: max and sum both take axis= and keepdims=.
    """
    ### BEGIN SOLUTION
    largest = x.max(axis=self.dim, keepdims=True)  # size 1 along dim
    powers = (x - largest).exp()  # the shape of x
    return powers / powers.sum(axis=self.dim, keepdims=True)  # the shape of x
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Softmax

The picture, an axis in the middle, rows thousands apart (0 by 0 counts as an error), and an axis that is not there.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "02-softmax-check"}}
def test_softmax():
    """Several axes, large and small scores, and a missing axis."""
    x = Tensor([[2, 1, 0], [0, 0, 0]])  # (2, 3)
    rows = [[0.665241, 0.244728, 0.090031], [1 / 3, 1 / 3, 1 / 3]]
    expect_close("Softmax()(x)", Softmax()(x), rows)
    columns = [[0.880797, 0.731059, 0.5], [0.119203, 0.268941, 0.5]]
    expect_close("Softmax(dim=0)(x)", Softmax(dim=0)(x), columns)
    expect("x itself, afterwards", x.tolist(), [[2, 1, 0], [0, 0, 0]])
    middle = [[[share] for share in row] for row in rows]
    expect_close("dim=1 of (2, 3, 1)", Softmax(dim=1)(x[:, :, None]), middle)
    far = Tensor([[1002, 1001, 1000], [-1000, -1000, -1000]])  # (2, 3)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        expect_close("Softmax() of scores near ±1000", Softmax()(far), rows)
        got = Softmax()(Tensor([1000, 0, -1000]))
    expect_close("Softmax() of 1000, 0, -1000", got, [1, 0, 0])
    expect_error("Softmax(dim=2)(x)", lambda: Softmax(dim=2)(x), "no axis 2")
    ### BEGIN HIDDEN TESTS
    expect_close("of one row", Softmax()(Tensor([0, -1000])), [1, 0])
    got = Softmax()(Tensor([[0.0, -np.inf, 0.0]], dtype="float64"))
    expect_close("a score of -inf, float64", got, [[0.5, 0, 0.5]], dtype="float64")
    ### END HIDDEN TESTS


test_softmax()

# %% [markdown]
r"""
## Part 2: Systems Analysis

### Memory Profiling

An operation does not know which one comes next. It takes new memory for its result, and the next does the same. Here
is the peak for an input of 1,000,000 float32, which is 3.8 MiB. Look back at your five `forward`s and guess how many arrays
of that size each holds at its worst moment.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "02-memory"}}
activations = [ReLU(), Sigmoid(), Tanh(), GELU(), Softmax()]
rng = np.random.default_rng(0)
x = Tensor(rng.standard_normal((1000, 1000), dtype=np.float32))  # (1000, 1000)
peaks = {type(f).__name__: traced(lambda f=f: f(x))[1] for f in activations}
print(bars("peak memory", peaks, "B"))

# %% [markdown]
r"""
These are the published solutions; yours may differ. ReLU and Tanh hold one array, the result; Softmax holds two, the
powers and the shares. Sigmoid holds three, for instance when it adds 1: the top, the exp and the sum. GELU holds five at that
moment, two of them only because the names `c` and `inside` keep their arrays alive until the function returns. Where
models fill the memory of a GPU, such counts decide what fits.

### Timing That Scales

The same five on more and more numbers, the time divided by their count, and above it the operations from Part 1:
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "02-timing"}}
rows = [["operations", 1, 7, 1, 10, 5]]
for n in [100, 1000, 10_000, 100_000, 1_000_000]:
    x = Tensor(rng.standard_normal((n // 100, 100), dtype=np.float32))  # (n/100, 100)
    times = [seconds(lambda f=f, x=x: f(x)) / n for f in activations]
    rows.append([f"{n:,}", *[f"{time * 1e9:.2f} ns" for time in times]])
print(table(["numbers", *peaks], rows))

# %% [markdown]
r"""
With a hundred numbers you pay for calls: a microsecond or two for each operation, and more for `max` and `sum`, which
have an axis to see to. With a million, on a computer, Tanh, a long computation, costs little more than ReLU's
comparison. GELU, with ten times as many operations, costs far more than ten times as much. So many numbers do not stay
in the processor's *cache*, its small fast memory. And arrays of that size, several at a time, are often given back to
the operating system, which clears memory before it lends it out again. (In the browser, arithmetic itself is so slow
that exp and tanh decide.)

So keep the numbers near. Cut the Tensor into blocks that fit into the cache, and take each through all ten operations
before the next one starts:
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "02-blocks"}}
n, gelu = 2**20, GELU()
x, out = Tensor(rng.standard_normal(n, dtype=np.float32)), np.empty(n, np.float32)


def in_blocks(size):
    for start in range(0, n, size):
        out[start : start + size] = gelu(x[start : start + size]).data


rows = []
for size in [2**10, 2**13, 2**15, 2**17, 2**20]:
    time = seconds(lambda size=size: in_blocks(size))
    _, peak = traced(lambda size=size: in_blocks(size))
    rows.append([f"{size:,}", n // size, show(time, "s"), show(peak, "B")])
print(table(["block", "blocks", "time", "peak memory"], rows))

# %% [markdown]
r"""
Same arithmetic, same result, and blocks of middle size win: small ones pay for too many calls, large ones for
fresh memory and the way to it. The memory at the peak shrinks along with the block.

## Part 3: Production Context

| here | in PyTorch |
|---|---|
| `ReLU()` | `nn.ReLU()`; with `inplace=True` it writes over its input and needs no new memory |
| `Sigmoid()` | `torch.sigmoid`. On a CPU it computes 1 / (1 + exp(-x)) and lets exp overflow, since 1 divided by infinity is 0 and PyTorch does not warn. At -90 it gives 0, yours $8 \cdot 10^{-40}$ |
| `GELU()` | `nn.GELU(approximate="tanh")`; without the argument it is the exact form, with erf |
| `Softmax(dim=-1)` | `nn.Softmax(dim=-1)`; it subtracts the largest score just as you did, and warns if no `dim` is given |
| ten operations for GELU | one *kernel*, a compiled loop: the block is as small as the processor's registers, each number is read once and written once. `torch.compile` makes such kernels out of operations written one by one |

The shift in Softmax carries further than it seems. FlashAttention computes the softmax inside a transformer block by
block, without ever holding all scores: it keeps the largest score so far, and when a larger one turns up, corrects
what it has summed by one factor. Only differences count, there as here.

Which one to choose? ReLU is the default between the layers of an image network, GELU and its relatives between those
of a transformer; Sigmoid where one yes-or-no answer comes out, Softmax where one of many does, and inside attention.
"""

# %% [code] {"tags": ["main"], "nbgrader": {"grade_id": "02-main"}}
from tinytorch.utils.check import run_all_tests

if __name__ == "__main__":
    run_all_tests(globals())

# %% [markdown]
r"""
## 🤔 ML Systems Thinking

**1.** Scores for 32 pictures and 10 classes have shape (32, 10). Someone writes `Softmax(dim=0)`. There is no error,
and all results lie between 0 and 1. What has been computed, and what one-line test would have told?

:::{dropdown} Answer
For each class, how its share is divided among the 32 pictures: they now compete with each other, so the answer for
one picture depends on which others happen to be in its batch. `shares.sum(axis=-1)` should be 32 ones, and is not.
:::

**2.** A friend writes the sigmoid as `0.5 + 0.5 * (0.5 * x).tanh()`: four operations, no overflow anywhere. What does
it give at -20 in float32, and when does that matter?

:::{dropdown} Answer
It gives 0, and the true value is 2.06e-9. tanh(-10) is -1 + 4e-9, but the float32 next to -1 is 6e-8 away, so the
difference is lost in rounding before 0.5 is added. Your GELU does the same at -6. As a probability nobody will miss it. But the losses of chapter 04
take logarithms, and there 2.06e-9 becomes -20 and 0 becomes minus infinity.
:::

**3.** Show that the softmax of the two scores $(x, 0)$ has the sigmoid of $x$ as its first share. Which step of your
Softmax corresponds to the two `minimum`s in your Sigmoid?

:::{dropdown} Answer
$e^x / (e^x + e^0)$ is the second form of the sigmoid. Softmax subtracts the largest of the two scores: the first
becomes 0 or $x$, whichever is smaller, and that is the exponent of your top. One of the two is now 0, hence the 1 in
the bottom, and the other is the smaller of $x$ and $-x$. The two stable forms are the same.
:::

**4.** A transformer applies GELU to a float32 Tensor of shape (8, 512, 2048). Say that each of the ten operations reads
one such array and writes one, at 20 billion bytes a second. How long do they take, and how long would one kernel?

:::{dropdown} Answer
8·512·2048 numbers are 33.6 million bytes; read and written ten times, 671 million bytes and 34 ms. One kernel moves
67 million bytes in 3.4 ms, with the same arithmetic.
:::

## 🎯 Module Summary

- Without an **activation** between them, two linear layers are one. With ReLU there, they come near any curve.
- A formula can be right on paper and break in float32: **exp overflows** beyond 88.7. Rewrite it so that no exponent
  is positive: by choosing a form for each side (Sigmoid), or by shifting all scores (Softmax).
- Sigmoid and tanh **flatten out** and have hardly any slope far from 0; ReLU has slope 1 wherever it is open.
- **Softmax** makes shares that add up to 1 along one axis, and only differences between scores count.
- The price of an activation is its **trips to memory** and new arrays, for each operation; blocks and kernels save them.

What you built is `tinytorch.core.activations`. The layers to put between them are next: chapter 03 gives `x @ w + b`
a name, numbers to start from, and a place in a network.
"""
