# %% [markdown]
r"""
# Module 05: Autograd

A network is wrong by some amount, its loss, and a hundred thousand numbers in it might be to blame. Which should be a
little larger, which a little smaller, and by how much? Each question asks for a *slope*: if I move this number by a
hair, how does the loss move? You will build a machine that answers all of them in one sweep. It watches a result being
computed, remembers the steps, and walks them back. `loss.backward()` will work on all you have built, unchanged.

**Learning Objectives:**

- Find a slope in three ways, by trying, by hand, and by walking a graph backward, and say what each costs.
- Write what an operation does on the way back: a product, broadcasting, a matrix product.
- Put the steps of any computation in an order in which they can be walked back, without recursion.
- Check any derivative with a tool of your own, and say why training needs more memory than use.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-imports"}}
#| default_exp core.autograd
#| names add_autograd enable_autograd no_grad Function gradcheck draw_graph
#| export
import contextlib
import functools

import numpy as np

from tinytorch.core import activations, layers, losses
from tinytorch.core.tensor import Tensor, contract, extend, operand, wrap
from tinytorch.graph import drawing, recording
from tinytorch.errors import autograd as errors
from tinytorch.graph.recording import keep, original, primitive

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-tools"}}
from tinytorch.core.activations import GELU, ReLU
from tinytorch.core.layers import Linear, Sequential
from tinytorch.core.losses import CrossEntropyLoss
from tinytorch.utils.check import expect, expect_error
from tinytorch.utils.measure import seconds, show, table, traced

# %% [markdown]
r"""
## Part 1: Mathematical Foundations

The *slope* of a function at a point, or its derivative, says how far the result moves for each unit that the input
moves, if the move is small. So take a small step $h$ and look. Compare $f(x + h)$ with $f(x)$, or step to both sides
and compare $f(x + h)$ with $f(x - h)$, which are $2h$ apart. The slope of $x^3$ at 2 is 12. How close do they come?

:::{predict} From $h = 0.1$ to $h = 10^{-5}$ the error of both sides falls to 2e-10. What is it at $h = 10^{-11}$?
:shows: 1e-11 1e-06 {}
- [ ] `0e+00`: the formula does get better with every smaller step. But the values in it are rounded.
- [x] `1e-06`: the two values agree in ten digits, and the rounding error of their difference is divided by $2h$.
- [ ] `2e-10`, as before: rounding does not hold still. Each smaller step blows it up further.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "05-trying"}}
rows = []
for h in [0.1, 1e-3, 1e-5, 1e-8, 1e-11]:
    low, middle, high = [x * x * x for x in (2.0 - h, 2.0, 2.0 + h)]
    one_side, both_sides = (high - middle) / h, (high - low) / (2 * h)
    rows.append([h, f"{one_side - 12:.0e}", f"{both_sides - 12:.0e}"])
print(table(["h", "error, one side", "error, both sides"], rows))

# %% [markdown]
r"""
Stepping to both sides, the *central difference*, is far better at first: most of the bend of the curve cancels. But a
smaller step is not always better, as division by a tiny $h$ blows up the rounding error in each value's sixteenth
digit. Here $10^{-5}$ is best. Trying is simple, and hopeless: with a hundred thousand weights, one step of learning takes two
hundred thousand runs of the network.

So cut the computation into steps so small that the slope of each is plain. Here is one neuron with the weight $w$,
the bias $b$ and the target $t = 5$; its loss is $(x\,w + b - t)^2$. Above each line stands a value. Below it stands
how far the loss moves for each unit that this value moves: read those from the right.

```text
   x = 2 ────┐
        12   │
   w = 3 ────┴─[ × ]── 6 ──┐
         8             4   │
   b = 1 ──────────────────┴─[ + ]── 7 ──[ − 5 ]── 2 ──[ square ]── 4
         4                           4             4                1
```

The loss moves by 1 for each unit of itself. The square of $e$ has the slope $2e$, here 4. Adding and subtracting
change no slope, so the 4 arrives at $b$ and at the product. If $w$ moves by a unit, the product moves by $x = 2$, and
the loss by 4 for each of those: 8. Along a path slopes multiply, and that is the **chain rule**. Do it by hand once.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "05-by-hand"}}
def slopes_by_hand(x, w, b, t):
    """The slopes of (x * w + b - t) ** 2 with respect to x, w and b, a tuple.

    TODO: walk the picture from right to left.

    APPROACH:
    1. Forward: compute the error e, the number that is squared.
    2. Backward: the slope at e is that of the square. It arrives unchanged at b and at
       the product, and from there goes on to x and to w.

    EXAMPLE:
    >>> slopes_by_hand(2, 3, 1, 5)
    (12, 8, 4)

    HINT: a product moves by w for each unit of x, and by x for each unit of w.
    """
    ### BEGIN SOLUTION
    e = x * w + b - t
    to_product = 2 * e
    return to_product * w, to_product * x, to_product
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Slopes by Hand
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 1, "grade_id": "05-by-hand-check"}}
def test_by_hand():
    """The neuron of the picture, and another, with numbers that tell x from w."""
    for point, slopes in [((2, 3, 1, 5), (12, 8, 4)), ((-1, 2, 3, 4), (-12, 6, -6))]:
        expect(f"slopes_by_hand{point}", slopes_by_hand(*point), slopes)
    ### BEGIN HIDDEN TESTS
    expect("no error, no slope", slopes_by_hand(1, 2, 3, 5), (0, 0, 0))
    ### END HIDDEN TESTS


test_by_hand()

# %% [markdown]
r"""
What travels backward is the slope of the loss at the place reached, called the **gradient** there; that of a Tensor has
the Tensor's shape. An operation needs to know only this: given the gradient at its result, what are the
gradients at its inputs? What comes before it and after it is none of its business.

### Computational Complexity

By trying, the slopes of $n$ weights take $2n$ forward passes. By the chain rule they take one, and one backward, which
costs about two forward: a product $x\,w$ is one multiplication forward and two backward, one for the gradient at $x$
and one for that at $w$. The price is memory: backward needs $x$ and $w$ again.

## An Operation That Remembers

To walk back, one must know the way. So each result remembers the operation that made it, and each operation what it
was given. This is the **graph**:

```text
   loss ──grad_fn──► Mul ──inputs──► e ──grad_fn──► Sub ──inputs──► y ──grad_fn──► …
```

An operation of the graph is a `Function`: its `forward` computes, and its `backward` takes the gradient at the
result, an array, and returns one for each input. `uses` says how many of the inputs, from the first, `backward`
looks at, `uses_result` whether it looks at the result; `self.values()` gives it those arrays. Somebody may have written
over them by then. So a *fingerprint*, a copy of their bytes, is kept too, and compared before use; of a large array it
is a sample, which is quick, and shows every change of the whole array, though not every change of a single number.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-function"}}
#| export
class Function(recording.Node):
    """One operation of the graph: what went in, and how a gradient goes back."""

    uses, uses_result = 0, False  # what backward looks at: how many inputs, the result

    def needs(self, place):
        """Whether the input at this place wants a gradient."""
        x = self.inputs[place]
        return isinstance(x, Tensor) and x.requires_grad

# %% [markdown]
r"""
Weights need a gradient, images do not. A Tensor says so by its attribute `requires_grad`, and a result requires one if
any of its inputs does. `recorded` makes what is called in place of a plain method. Where no input requires a gradient
it calls that and no more. Otherwise the Function computes, remembers, and is tied to the result as its `grad_fn`;
recording is paused while it computes, so that all of it counts as one step.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-recorded"}}
#| export
def recorded(function, plain):
    """What is called in place of plain: it does the same, and records it."""
    uses, looks = function.uses, function.uses or function.uses_result

    @functools.wraps(plain)
    def call(*inputs, **options):
        for x in (*inputs, *options.values()) if options else inputs:
            if isinstance(x, Tensor) and x.requires_grad and recording.on:
                break  # this call is to be recorded
        else:
            return plain(*inputs, **options)
        if options:
            inputs = recording.by_place(plain, inputs, options)
        node, recording.on = function(), False
        try:
            out = node.forward(*inputs)
        finally:
            recording.on = True
        node.inputs = inputs
        if looks:
            node.remember(map(operand, inputs[:uses]), out)
        out.grad_fn, out.requires_grad = node, True
        return out

    return call

# %% [markdown]
r"""
`@primitive(Tensor, "__add__")` above a class registers it as the Function behind `x + y`, and `original` fetches the
method of chapter 01. `add_autograd` then changes Tensor in place: it adds `requires_grad`, `grad` and `grad_fn`, and
puts recorded forms where the plain ones were. (The bookkeeping is in `tinytorch/graph/recording.py`.) The first
Function is the sum. If $a$ or $b$ moves by a unit, so does $a + b$, so the gradient passes unchanged to both.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-add-autograd"}}
#| export
def add_autograd(cls):
    """Let the class Tensor record, in place. Twice is the same as once."""
    recording.add_attributes(cls)
    recording.install(cls, recorded)


@primitive(Tensor, "__add__", "__radd__")
class Add(Function):
    forward = original(Tensor, "__add__")

    def backward(self, grad):
        return grad, grad

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "05-first-record"}}
add_autograd(Tensor)
x = Tensor([1.0, 2.0], requires_grad=True)
y = x + 10
print(y, "made by", type(y.grad_fn).__name__, "from x:", y.grad_fn.inputs[0] is x)

# %% [markdown]
r"""
Your turn: the product. It looks at both of its inputs on the way back, so `uses` is 2, and `self.values()` hands
them to you as arrays. (In `x * 3` the second is the number 3. A gradient at it does no harm; nobody will collect it.)
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "05-mul"}}
#| export
@primitive(Tensor, "__mul__", "__rmul__")
class Mul(Function):
    uses = 2
    forward = original(Tensor, "__mul__")

    def backward(self, grad):
        """The gradients at a and b, given grad, that at a * b; a tuple of two.

        TODO: return what arrives at a and what arrives at b.

        APPROACH:
        1. For a: grad times the slope of a * b with respect to a.
        2. For b: grad times the slope of a * b with respect to b.

        EXAMPLE:
        >>> add_autograd(Tensor)
        >>> a, b = Tensor([3.0], requires_grad=True), Tensor([5.0], requires_grad=True)
        >>> [g.tolist() for g in (a * b).grad_fn.backward(np.array([10.0]))]
        [[50.0], [30.0]]

        HINT: these are the x and w of the neuron, where the gradient was 4.
        """
        a, b = self.values()
        ### BEGIN SOLUTION
        return grad * b, grad * a
        ### END SOLUTION

# %% [markdown]
r"""
### Testing the Product
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "05-mul-check"}}
def test_mul():
    """Gradients at both sides, and the fingerprint."""
    add_autograd(Tensor)  # Tensor learns what is registered by now
    a, b = (Tensor(v, requires_grad=True) for v in ([2.0, 3.0], [5.0, 7.0]))
    product, grad = a * b, np.array([1.0, 10.0], np.float32)
    to_a, to_b = product.grad_fn.backward(grad)
    expect("gradients of a * b", [to_a.tolist(), to_b.tolist()], [[5, 70], [2, 30]])
    for name, scaled in [("a * 4", a * 4), ("4 * a", 4 * a)]:
        to_a, _ = scaled.grad_fn.backward(grad)
        expect(f"gradient at a of {name}", to_a.tolist(), [4.0, 40.0])
    b.data[1] = 0.0
    expect_error("b.data changed", lambda: product.grad_fn.backward(grad), "Mul needs")
    ### BEGIN HIDDEN TESTS
    to_a, to_b = (a * a).grad_fn.backward(grad)
    expect("a * a", (to_a.tolist(), to_b.tolist()), ([2.0, 30.0], [2.0, 30.0]))
    ### END HIDDEN TESTS


test_mul()

# %% [markdown]
r"""
## Broadcasting Undone

Add a bias of shape (3,) to a batch of shape (2, 3), and each number of the bias takes part in two results. If it
moves, both move, so its slope is the *sum* of theirs. What is repeated forward is added up backward, in all
operations.

```text
   bias (3,), used twice         gradient at the result (2, 3)         gradient at the bias (3,)
                                 ┌─────┬─────┬─────┐
   ┌─────┬─────┬─────┐           │  1  │  2  │  3  │                   ┌─────┬─────┬─────┐
   │     │     │     │    ───►   ├─────┼─────┼─────┤    ───►           │ 11  │ 22  │ 33  │
   └─────┴─────┴─────┘           │ 10  │ 20  │ 30  │                   └─────┴─────┴─────┘
                                 └─────┴─────┴─────┘
```
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "05-unbroadcast"}}
#| export
def unbroadcast(gradient, shape):
    """Sum a gradient down to the shape of an input that was broadcast; an array.

    TODO: sum over the axes along which the input was repeated.

    APPROACH:
    1. Count the axes that broadcasting put in front: gradient.ndim less len(shape).
    2. Collect the axes to sum over: those in front, and those on which shape has a 1.
       Mind the shift: axis i of the gradient is axis i - (that count) of shape.
    3. Sum over all of them at once, and reshape to shape.

    EXAMPLE:
    >>> unbroadcast(np.ones((4, 2, 3)), (2, 1)).tolist()
    [[12.0], [12.0]]

    HINT: gradient.sum(axis=...) takes a tuple of axes.
    """
    if gradient.shape == shape:  # nothing was repeated
        return gradient
    ### BEGIN SOLUTION
    front = gradient.ndim - len(shape)
    axes = [i for i in range(gradient.ndim) if i < front or shape[i - front] == 1]
    return gradient.sum(axis=tuple(axes)).reshape(shape)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Unbroadcast
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "05-unbroadcast-check"}}
def test_unbroadcast():
    """Sums and shapes for every kind of repetition."""
    grid = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])  # (2, 3)
    cases = [(grid, (3,), [11.0, 22.0, 33.0]), (grid, (2, 1), [[6.0], [60.0]])]
    cases += [(grid, (1, 3), [[11.0, 22.0, 33.0]]), (grid, (2, 3), grid.tolist())]
    cases += [(grid, (1, 1), [[66.0]]), (np.ones((4, 2, 3)), (2, 1), [[12.0], [12.0]])]
    for gradient, shape, expected in cases:
        got = unbroadcast(gradient, shape)
        expect(f"unbroadcast {gradient.shape} to {shape}", got.tolist(), expected)
    ### BEGIN HIDDEN TESTS
    expect("no rows", unbroadcast(np.ones((0, 3)), (1, 3)).tolist(), [[0.0, 0.0, 0.0]])
    expect("one axis", unbroadcast(np.ones((1, 5)), (1, 1)).tolist(), [[5.0]])
    ### END HIDDEN TESTS


test_unbroadcast()

# %% [markdown]
r"""
## The Order of the Way Back

An operation can pass its gradient on only when it has all of it. Below, `h` is used twice, so its gradient is the sum
of what comes back along two ways. If we ran on to `x` after the first arrival, we should come again after the second,
and behind twenty such forks in a row a million times.

```text
            ┌──► p = h · 2 ──┐
   x ──► h ─┤                ├──► p + q          one order that works:  p + q,  q,  p,  h
            └──► q = h · 3 ──┘                   one that does not:     p + q,  p,  h,  q
```

We want every operation *before* all that it was computed from: a **topological order**. Keep a stack of operations,
at first with the result's alone, and look at its top. If you see that one for the first time, leave it there and put
its sources, each the `grad_fn` of an input, on top of it. If you see it again, all its sources are written down by now:
take it off, and write it down, once. The list, reversed, is what we want. (A function that calls itself would be shorter,
but Python stops one at a depth of a thousand.)
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "05-order"}}
#| export
def topological_order(root):
    """All Functions behind a result, each once and before those it was computed from.

    TODO: list every Function that can be reached from root, root first.

    APPROACH:
    1. Start with a stack of root alone, an empty set for those seen, and an empty dict.
    2. While there is a stack: if its top is new, note that, and add its sources().
    3. Else take it off, and make it a key of the dict, which has each only once.
    4. Return the keys in reverse, as a list.

    EXAMPLE:
    >>> x = Tensor([1.0], requires_grad=True)
    >>> [type(node).__name__ for node in topological_order((x * 2 + x).grad_fn)]
    ['Add', 'Mul']

    HINT: a dict keeps its keys in the order in which they first came.
    """
    ### BEGIN SOLUTION
    seen, written, stack = set(), {}, [root]
    while stack:
        node = stack[-1]
        if node in seen:
            written[stack.pop()] = True
        else:
            seen.add(node)
            stack += node.sources()
    return list(written)[::-1]
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Order
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "05-order-check"}}
def test_order():
    """Each once, consumers first; quick on forks; no limit on depth."""
    x = Tensor([1.0], requires_grad=True)
    h = x * 5 * 7
    p, q = h * 2, h * 3
    results = {"p+q": p + q, "q+h*4*6+p": q + h * 4 * 6 + p, "h+h*2*3": h + h * 2 * 3}
    for (name, y), count in zip(results.items(), [5, 8, 5]):
        order = topological_order(y.grad_fn)
        expect(f"{name}: how many", (len(order), len({*order})), (count, count))
        for i, node in enumerate(order):
            early = {*node.sources()} & {*order[:i]}
            names = [type(node).__name__ for node in order]
            expect(f"{name}: stands before what needs it, in {names}", len(early), 0)
    for i in range(5020):
        x = x + x if i < 20 else x + 1
    expect("20 forks and 5,000 sums", len(topological_order(x.grad_fn)), 5020)
    ### BEGIN HIDDEN TESTS
    y = x * x * x
    expect("twice the same", len(topological_order((y + y).grad_fn)), 5023)
    ### END HIDDEN TESTS


test_order()

# %% [markdown]
r"""
## The Backward Pass

On its way a gradient comes to inputs of two kinds. One was computed: its gradient goes to the Function that made it,
`x.grad_fn`, and waits there for its turn. The other is a **leaf**, such as a weight, which nothing made: its gradient
stays with it, in `x.grad`. In both places gradients *add up*, since what is used twice moves the loss in two ways.

One more thing needs care. A sum hands the same array to both of its inputs, and a leaf's gradient is the user's, who
may scale it in place. `keep(leaf, gradient, node.grad)` adds up there, and copies what may be part of `node.grad`.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "05-send-back"}}
#| export
def send_back(node):
    """Hand node.grad, the whole gradient at a Function's result, on to its inputs.

    TODO: add to the gradient of each input what this Function sends it.

    APPROACH:
    1. Unbroadcast the gradient to x.data.shape.
    2. A leaf: keep(x, gradient, node.grad). Else add to x.grad_fn.grad, None at first.

    EXAMPLE:
    >>> x = Tensor([3.0], requires_grad=True)
    >>> node = (x * x).grad_fn
    >>> node.grad = np.array([10.0])
    >>> send_back(node) or x.grad.tolist()
    [60.0]

    HINT: a + b, not +=: an array that arrives may be waiting in another place as well.
    """
    for x, gradient in zip(node.inputs, node.backward(node.grad)):
        if isinstance(x, Tensor) and x.requires_grad:
            ### BEGIN SOLUTION
            if gradient.shape != x.data.shape:
                gradient = unbroadcast(gradient, x.data.shape)
            made = x.grad_fn
            if made is None:
                keep(x, gradient, node.grad)
            else:
                made.grad = gradient if made.grad is None else made.grad + gradient
            ### END SOLUTION

# %% [markdown]
r"""
### Testing One Step Back
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "05-send-back-check"}}
def test_send_back():
    """Where a gradient goes, what it adds to, and its shape and memory."""
    x, y = (Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True) for _ in range(2))
    b, c = Tensor([5.0, 6.0], requires_grad=True), Tensor([1.0, 1.0])  # (2,)
    h, k, grad = x * 3, b * 1, np.array([[1.0, 2.0], [10.0, 20.0]], np.float32)
    steps = [(h + b, 1), (h * c, 2), (h + h, 4), (h * 3, 7), (h + k, 8), (x + y, 1)]
    for result, arrived in steps:
        node, sent = result.grad_fn, arrived * grad
        node.grad = grad.copy()
        send_back(node)
        place = x if node.inputs[0] is x else h.grad_fn
        expect(f"{type(node).__name__}: sum", place.grad.tolist(), sent.tolist())
        expect("node.grad afterwards", node.grad.tolist(), grad.tolist())
    got = [b.grad.tolist(), k.grad_fn.grad.tolist(), c.grad, h.grad]
    expect("at b, k from two rows, at c and h", got, [[11, 22], [11, 22], None, None])
    expect("x and y share memory", np.may_share_memory(x.grad, y.grad), False)
    ### BEGIN HIDDEN TESTS
    expect("x shares memory", np.may_share_memory(x.grad, node.grad), False)
    expect("shape at a row", unbroadcast(grad, (1, 2)).shape, (1, 2))
    ### END HIDDEN TESTS


test_send_back()

# %% [markdown]
r"""
`backward` does this for the whole order, starting with 1, the slope of a result with respect to itself. An operation
that is done forgets all it kept (`node.__dict__.clear()`), so memory comes back as we go and a graph serves only once.
With `retain_graph=True` it serves again, and computed Tensors show their gradients too.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-backward"}}
#| export
@extend(Tensor)
def backward(self, gradient=None, retain_graph=False):
    """Add to the grad of each leaf how this result moves when that leaf moves.

    A gradient of this Tensor's shape may be left out, and is 1, for a single number.
    """
    gradient = recording.first_gradient(self, gradient)
    if self.grad_fn is None:  # a leaf
        keep(self, gradient, gradient)
        return
    order = topological_order(self.grad_fn)
    recording.begin(order, gradient)
    for node in order:
        send_back(node)
        if not retain_graph:
            node.__dict__.clear()
    if retain_graph:
        recording.keep_gradients(self, order)

# %% [markdown]
r"""
The neuron again, with a product of the error with itself. Then two walks that cannot be.

:::{predict} Here `e` is 2, and `e * e` uses it twice. With `x` 2, what gradient arrives at `w`?
:shows: w: {} b:
- [ ] `[4.]`: one of the two gradients at `e` alone. What is used twice gets both, added up.
- [x] `[8.]`: `e` gets 2 from each side of the product, together 4, and `w` gets `x` times that.
- [ ] `[2.]`: that is how far the product moves with `w`. Each unit of it moves the loss by 4.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "05-neuron"}}
x, w, b = (Tensor([v], requires_grad=True) for v in (2.0, 3.0, 1.0))
e = x * w + b + -5
loss, product = e * e, w * x
loss.backward()
print("x:", x.grad, " w:", w.grad, " b:", b.grad)
w.data -= 0.1
for result in (loss, product):
    try:
        result.backward()
    except RuntimeError as error:
        print(error)

# %% [markdown]
r"""
## The Other Operations

The rest follows the same pattern, and most of it fits in a table: the method; which inputs its slopes are computed
from; whether from the result too; and the slope for each input. The slope of $e^x$, for one, is $e^x$ again, the
result. `self.needs(i) and …` skips a gradient that nobody wants. In `x ** 2` that saves more than work: a power
moves with its exponent as well, by a slope with $\log x$ in it, and a negative $x$ has none.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-slopes"}}
#| export
def by_slopes(method, inputs, result, *slopes, owner=Tensor):
    """Register a Function whose gradients are grad times each of the slopes."""

    class Sloped(Function):
        uses, uses_result = inputs, result
        forward = original(owner, method)

        def backward(self, grad):
            used = self.values()
            return [self.needs(i) and grad * s(*used) for i, s in enumerate(slopes)]

    Sloped.__name__ = (method if owner is Tensor else owner.__name__).strip("_").title()
    primitive(owner, method)(Sloped)


by_slopes("exp", 0, True, lambda y: y)
by_slopes("log", 1, False, lambda x: 1 / x)
by_slopes("sqrt", 0, True, lambda y: 0.5 / y)
by_slopes("tanh", 0, True, lambda y: 1 - y * y)
by_slopes("__neg__", 0, False, lambda: -1)

# %% [markdown]
r"""
`maximum` lets the gradient through where it let the number through. In a tie there is no single slope, since a step
up counts and a step down does not. At such a *kink* one has to be chosen, and the rule, PyTorch's as well, is that
equals share equally. (In the last three, the reflected forms, `c` stands on the left and is no Tensor.)
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-slopes-of-two"}}
#| export
def share(a, b):
    """1 where a is larger, 0 where b is, and a half where they are equal."""
    return (a > b) + np.float32(0.5) * (a == b)

def safe_log(base):
    """The logarithm, and 0 for base 0, whose powers do not move."""
    return np.log(base + (base == 0))

by_slopes("__sub__", 0, False, lambda: 1, lambda: -1)
by_slopes("__truediv__", 2, True, lambda a, b, y: 1 / b, lambda a, b, y: -y / b)
by_slopes("maximum", 2, False, lambda a, b: share(a, b), lambda a, b: share(b, a))
by_slopes("minimum", 2, False, lambda a, b: share(b, a), lambda a, b: share(a, b))
by_slopes(
    *("__pow__", 2, True),
    lambda a, n, y: n * a ** (n - (n != 0)),  # 0 where n is 0, whatever a is
    lambda a, n, y: y * safe_log(a),
)
by_slopes("__rsub__", 0, False, lambda: -1)  # c - x
by_slopes("__rtruediv__", 1, True, lambda x, y: -y / x)  # y = c / x
by_slopes("__rpow__", 2, True, lambda x, c, y: y * safe_log(c))  # y = c ** x

# %% [markdown]
r"""
A sum forward is a repetition backward, just as a repetition forward was a sum: each number in it moves it by as much
as it moves itself. A mean does the same, divided by the count.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-reductions"}}
#| export
@primitive(Tensor, "sum")
class Sum(Function):
    forward = original(Tensor, "sum")

    def spread(self, value):
        """Repeat a value along the axes that are gone."""
        x, axis, keepdims = (*self.inputs, None, False)[:3]
        if axis is not None and not keepdims:
            value = np.expand_dims(value, axis)
        return np.full(x.shape, value, x.dtype)

    def backward(self, grad):
        return (self.spread(grad),)


@primitive(Tensor, "mean")
class Mean(Sum):
    forward = original(Tensor, "mean")

    def backward(self, grad):
        count = self.inputs[0].data.size // max(grad.size, 1)
        return (self.spread(grad / max(count, 1)),)

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-max"}}
#| export
@primitive(Tensor, "max")
class Max(Sum):
    """The largest along axes: it takes the whole gradient, and equals share."""

    uses, uses_result = 1, True
    forward = original(Tensor, "max")

    def backward(self, grad):
        (x, y), (_, axis) = self.values(), (*self.inputs, None)[:2]
        largest = x == self.spread(y)
        count = largest.sum(axis=axis, keepdims=True, dtype=x.dtype)
        return (self.spread(grad) * largest / count,)

# %% [markdown]
r"""
What only moves numbers moves their gradients back. Indexing puts them where they were picked, into zeros. A position
that was picked twice gets both, which `np.add.at` sees to, and `out[index] += grad` would not.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-moves"}}
#| export
@primitive(Tensor, "reshape")
class Reshape(Function):
    forward = original(Tensor, "reshape")

    def backward(self, grad):
        return (grad.reshape(self.inputs[0].data.shape),)

@primitive(Tensor, "transpose")
class Transpose(Function):
    forward = original(Tensor, "transpose")

    def backward(self, grad):
        given = self.inputs[1:]  # of two axes, -2 and -1 where they were left out
        return (np.swapaxes(grad, *given, *(-2, -1)[len(given) :]),)

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-getitem"}}
#| export
@primitive(Tensor, "__getitem__")
class GetItem(Function):
    """What stands at an index, which is kept as it was."""

    plain = original(Tensor, "__getitem__")

    def forward(self, x, index):
        self.kept = recording.copied(index, Tensor)
        return self.plain(x, index)

    def backward(self, grad):
        out = np.zeros_like(self.inputs[0].data)
        if any(isinstance(part, (np.ndarray, list)) for part in self.kept):
            np.add.at(out, self.kept, grad)
        else:
            out[self.kept] = grad
        return (out,)

# %% [markdown]
r"""
## Matrix Multiplication

In $c_{ij} = \sum_p a_{ip}\, b_{pj}$, the number $a_{ip}$ meets $b_{pj}$ for every $j$, and each time it moves
$c_{ij}$ by $b_{pj}$. So the gradient at $a_{ip}$ is $\sum_j g_{ij}\, b_{pj}$, with $g$ the gradient at $c$: a matrix
product again, of $g$ with $b$ transposed. For $b$ it goes likewise, and the shapes alone leave hardly another choice:

```text
   c = a @ b          (n, m) = (n, k) @ (k, m)
   gradient at a      (n, k) = (n, m) @ (m, k)        g @ b transposed
   gradient at b      (k, m) = (k, n) @ (n, m)        a transposed @ g
```

Stacks need nothing more: transposing swaps the last two axes, and `send_back` undoes it where a stack was broadcast.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "05-matmul"}}
#| export
def product_gradients(a, b, grad):
    """The gradients at a and b, given grad, that at a @ b; a tuple of two.

    Args: arrays: a (..., n, k), b (..., k, m), and grad (..., n, m).

    TODO: compute the two products of the table.

    APPROACH:
    1. Transpose with np.swapaxes(array, -1, -2), and multiply with contract.
    2. Return a tuple of both.

    EXAMPLE:
    >>> a, b = np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])
    >>> [g.tolist() for g in product_gradients(a, b, np.array([[10.0]]))]
    [[[30.0, 40.0]], [[10.0], [20.0]]]

    HINT: write the shapes beside each product, as in the table.
    """
    ### BEGIN SOLUTION
    to_a = contract(grad, np.swapaxes(b, -1, -2))  # (..., n, m) @ (..., m, k)
    to_b = contract(np.swapaxes(a, -1, -2), grad)  # (..., k, n) @ (..., n, m)
    return to_a, to_b
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Gradients of a Product
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "05-matmul-check"}}
def test_product_gradients():
    """Gradients by hand, of matrices and of stacks."""
    a, b = [[1, 2, 3], [4, 5, 6]], [[1, 0, 2, 0], [0, 1, 0, 3], [1, 1, 0, 0]]
    grad = [[1, 0, 0, 2], [0, 1, 0, 0]]
    to_a, to_b = [[1, 6, 1], [0, 1, 1]], [[1, 4, 0, 2], [2, 5, 0, 4], [3, 6, 0, 6]]
    for stack in (np.array, lambda x: np.array([[x]] * 5)):
        got = product_gradients(stack(a), stack(b), stack(grad))
        name = f"gradients of shapes {stack(a).shape} @ {stack(b).shape}"
        expect(f"{name}, at a", got[0].tolist(), stack(to_a).tolist())
        expect(f"{name}, at b", got[1].tolist(), stack(to_b).tolist())
    ### BEGIN HIDDEN TESTS
    to_a, to_b = product_gradients(np.ones((2, 0)), np.ones((0, 3)), np.ones((2, 3)))
    expect("shapes around nothing", (to_a.shape, to_b.shape), ((2, 0), (0, 3)))
    ### END HIDDEN TESTS


test_product_gradients()

# %% [markdown]
r"""
The Function first makes a matrix out of a vector. The row that `a` becomes is undone by `send_back`, the column here.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-matmul-function"}}
#| export
@primitive(Tensor, "__matmul__")
class MatMul(Function):
    uses = 2
    forward = original(Tensor, "__matmul__")

    def backward(self, grad):
        a, b = self.values()
        column = b.ndim == 1
        if column:
            b, grad = b[:, None], grad[..., None]  # (k, 1) and (..., n, 1)
        if a.ndim == 1:
            a, grad = a[None, :], grad[..., None, :]  # (1, k) and (..., 1, m)
        to_a, to_b = product_gradients(a, b, grad)
        return to_a, to_b[..., 0] if column else to_b

add_autograd(Tensor)  # Tensor learns all that are registered by now

# %% [markdown]
r"""
## Leaving the Graph

Whoever only wants the result should not pay for a graph. `detach` gives a Tensor of the same numbers without a past.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-no-grad"}}
#| export
@contextlib.contextmanager
def no_grad():
    """Record nothing inside `with no_grad():`, nor in a function under `@no_grad()`."""
    before, recording.on = recording.on, False
    try:
        yield
    finally:
        recording.on = before


@extend(Tensor)
def detach(self):
    """The same numbers, in the same memory, as a leaf that requires no gradient."""
    return wrap(self.data)

# %% [markdown]
r"""
## A Checker of Gradients

How does one know that a `backward` is right? By trying; that is what trying is good for. For each number of an array:
raise it by $h$ and ask for the loss, lower it by $h$ and ask again, and put it back.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "05-numeric-gradient"}}
#| export
def numeric_gradient(loss, array, h=1e-5):
    """The slopes of loss(), a number, by each number of an array it reads; an array.

    TODO: fill in the central difference for each position.

    APPROACH:
    1. Make an array of zeros like the given one, for the slopes.
    2. np.ndindex(array.shape) goes over all positions, each a tuple.
    3. At each, note the number, set it to number + h and call loss, then to number - h.
    4. Put the number back, and note the difference of the two losses over 2 * h.

    EXAMPLE:
    >>> array = np.array([1.0, 2.0])
    >>> numeric_gradient(lambda: (array**2).sum(), array).round(6).tolist()
    [2.0, 4.0]

    HINT: put back the number itself; adding h again would leave a rounding error.
    """
    ### BEGIN SOLUTION
    slopes = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        number = array[index]
        array[index] = number + h
        up = loss()
        array[index] = number - h
        slopes[index] = (up - loss()) / (2 * h)
        array[index] = number
    return slopes
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Numeric Gradient
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "05-numeric-gradient-check"}}
def test_numeric_gradient():
    """Slopes known by hand, one for each number, and the array left as it was."""
    array = np.array([[1.0, -2.0, 0.3], [0.1, 5.0, 0.7]])  # (2, 3)
    before = array.tolist()
    got = numeric_gradient(lambda: (array**3).sum() + 4 * array[0, 0], array)
    slopes = [[7.0, 12.0, 0.27], [0.03, 75.0, 1.47]]
    expect("slopes of a matrix, rounded", got.round(4).tolist(), slopes)
    expect("the array afterwards", array.tolist(), before)
    number = np.array(3.0)  # shape ()
    got = numeric_gradient(lambda: float(number**3), number, h=0.1)
    expect("slope of x ** 3 at 3 with h = 0.1", round(float(got), 5), 27.01)
    ### BEGIN HIDDEN TESTS
    empty = np.zeros((0, 2))
    expect("nothing", numeric_gradient(lambda: 0.0, empty).shape, (0, 2))
    ### END HIDDEN TESTS


test_numeric_gradient()

# %% [markdown]
r"""
`gradcheck` sets this beside `backward`, on copies in float64, where rounding is small enough to tell right from wrong.
A result of many numbers becomes one by a sum with unequal weights, so that mistakes hardly cancel. A slope $a$ is
right if trying gives an $n$ with $|a - n| \le 10^{-6} \max(|a|, |n|) + 10^{-8}$. Stay away from kinks.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-gradcheck"}}
#| export
def gradcheck(function, *inputs):
    """True if backward agrees with trying, for each Tensor of floats among the inputs.

    Raises: AssertionError that names the first wrong slope.
    """
    inputs = recording.in_float64(inputs, Tensor)
    out = function(*inputs)
    weights = np.cos(np.arange(out.numel())).reshape(out.shape)
    out.backward(weights)

    def loss():
        return (function(*inputs).data * weights).sum()

    for place, x in enumerate(inputs):
        if isinstance(x, Tensor) and x.requires_grad:
            tried = numeric_gradient(no_grad()(loss), x.data)
            errors.compare_slopes(place, x.grad, tried)
    return True

# %% [markdown]
r"""
:::{predict} `x * x.detach()` is the square of `x`, with one factor cut off. What does `backward` say at 1.5?
:shows: backward says {}
- [ ] `3`: that is the slope of the square, and what trying finds. But `backward` cannot pass through `detach`.
- [x] `1.5`: to `backward` the second factor is a number like any other, so the slope is that number.
- [ ] `0`: `detach` cuts off one of the two ways to `x`. Along the other the gradient still arrives.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "05-gradcheck-demo"}}
rng = np.random.default_rng(0)
x, w = Tensor(rng.normal(size=(4, 3))), Tensor(rng.normal(size=(3, 2)))
print("GELU of a product:", gradcheck(lambda x, w: GELU()(x @ w), x, w))
try:
    gradcheck(lambda x: x * x.detach(), Tensor([1.5, 2.0]))  # half is missing
except AssertionError as error:
    print(error)

# %% [markdown]
r"""
## Fused Operations

`linear`, `ReLU` and the losses are made of Tensor operations, so they have gradients by now, found step by step.
For what is used at every turn it pays to make *one* Function of all its steps: to **fuse** them. `Linear.forward` looks
up the name `linear` in the module `layers` whenever it runs, so the recorded form goes there. The first layer's `x` are
data, and skipping their gradient saves a third of its work. Fused, the slope of
`ReLU` is the sign of its result, so it is 0 at 0, as in PyTorch.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-fused-linear"}}
#| export
@primitive(layers, "linear")
class FusedLinear(Function):
    uses = 2

    def forward(self, x, weight, bias=None):
        if recording.in_line(x, weight, bias):  # in one go, without further checks
            return wrap(contract(x.data, weight.data) + bias.data)
        return layers.linear(x, weight, bias)

    def backward(self, grad):
        x, weight = self.values()  # (..., n_in) and (n_in, n_out)
        to_x = self.needs(0) and contract(grad, weight.T)  # (..., n_in)
        if x.ndim != 2:  # all axes but the last become one long batch
            x, grad = x.reshape(-1, x.shape[-1]), grad.reshape(-1, grad.shape[-1])
        to_weight = x.T * grad if len(x) == 1 else contract(x.T, grad)  # (n_in, n_out)
        return (to_x, to_weight, np.add.reduce(grad))[: len(self.inputs)]

by_slopes("forward", 0, True, None, np.sign, owner=activations.ReLU)  # input 0: self

@primitive(losses.MSELoss, "forward")
class FusedMSE(Function):
    def forward(self, loss, prediction, target):
        prediction, target = losses.alike(prediction, target)
        self.kept = error = prediction.data - target.data
        return wrap(np.vdot(error, error) / error.size)  # the sum of the squares

    def backward(self, grad):
        slope = self.kept * (2 * grad.item() / self.kept.size)
        return None, slope, self.needs(2) and -slope

# %% [markdown]
r"""
Fusing pays most for cross-entropy. If row $i$ of $N$ gives class $j$ the probability $p_{ij}$, the slope of that score
is $p_{ij} / N$, and $(p_{ij} - 1) / N$ at the right class, which is pushed up by what it lacked. The forward pass
computes the powers $e^s$ and their sums anyway; backward turns them into slopes in their own memory.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-fused-cross-entropy"}}
#| export
@primitive(losses, "cross_entropy")
class FusedCrossEntropy(Function):
    def forward(self, logits, targets):
        ids = losses.class_ids(targets, logits.shape).reshape(-1)  # (rows,)
        right = np.arange(ids.size), ids  # where the right classes are
        scores = logits.data  # (..., C)
        slopes = np.subtract(scores, scores.max(axis=-1, keepdims=True), order="C")
        powers = slopes.reshape(ids.size, -1)  # (rows, C), in the same memory
        picked = powers[right]  # (rows,)
        sums = np.exp(powers, out=powers).sum(axis=1, keepdims=True)  # (rows, 1)
        self.kept = slopes, powers, sums, right
        return wrap((np.log(sums[:, 0]) - picked).sum() / ids.size)

    def backward(self, grad):
        if self.kept is None:  # a second walk
            self.forward(*self.inputs)
        (slopes, powers, sums, right), self.kept = self.kept, None
        powers *= grad / len(sums) / sums  # (rows, C): p / N
        powers[right] -= grad / len(sums)
        return slopes, None

# %% [markdown]
r"""
## Switching It On

By the rule of chapter 03 the Tensors among a layer's attributes are its parameters, so from here on they require
gradients by themselves, in layers made before or after. Where you set `requires_grad` yourself it stays, so False
*freezes* a weight. `tinytorch` switches all this on by itself.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-enable"}}
#| export
def enable_autograd():
    """Switch gradients on for Tensors, layers and losses. Twice is the same as once."""
    add_autograd(Tensor)
    for owner in (activations.ReLU, losses.MSELoss, layers, losses):
        recording.install(owner, recorded)
    recording.watch(layers.Layer, Tensor)


enable_autograd()

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "05-training-demo"}}
points, labels = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), [0, 1, 1, 0]  # exclusive or
model = Sequential(Linear(2, 8, rng=2), ReLU(), Linear(8, 2, rng=3))
for step in range(101):
    loss = CrossEntropyLoss()(model(points), labels)
    loss.backward()
    for weight in model.parameters():
        weight.data -= weight.grad
        weight.grad = None
    if step % 25 == 0:
        print(f"step {step:3}  loss {loss.item():.3f}")

# %% [markdown]
r"""
This is learning, all of it: compute the loss, walk back, move each weight against its slope, and forget the slopes.

## Seeing the Graph

`draw_graph` shows what a Tensor was computed from, with values and, after `backward(retain_graph=True)`, gradients: in
a page as boxes, inputs on the left; printed, as a tree with the result on top. Names are those you give.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "05-draw-graph"}}
#| export
def draw_graph(tensor, limit=24, **names):
    """A picture of the nodes behind a Tensor: text if printed, SVG in a page."""
    return drawing.draw(tensor, names, limit)

# %% [markdown]
r"""
:::{predict} The neuron once more. What gradient stands beside `b`?
:shows: b () 1 {}
- [x] `4`: the square sends 4 to `e`, and a sum and a difference pass it on unchanged.
- [ ] `1`: that is its value. As for the slope, a sum hands on the whole gradient that arrives at it.
- [ ] `8`: that is at `w`, whose gradient is multiplied by `x` on the way. Nothing multiplies `b`.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "05-draw-demo"}}
x, w, b = (Tensor(v, requires_grad=True) for v in (2.0, 3.0, 1.0))
e = x * w + b - 5
loss = e**2
loss.backward(retain_graph=True)
print(draw_graph(loss, x=x, w=w, b=b, e=e))
draw_graph(loss, x=x, w=w, b=b, e=e)

# %% [markdown]
r"""
## Part 2: Systems Analysis

### Memory Profiling

A product needs its inputs again on the way back, so a recorded pass keeps what an unrecorded one throws away at once.
How much? Below are linear layers, 64 wide, on 256 rows: each result takes 256·64·4 bytes, 64 KiB.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "05-memory"}}
batch, rows = Tensor(rng.normal(size=(256, 64)), "float32"), []  # (256, 64)
for depth in [1, 2, 4, 8, 16]:
    m = Sequential(*(Linear(64, 64, rng=i) for i in range(depth)))
    ways = [no_grad()(m), m, lambda batch, m=m: m(batch).sum().backward()]
    peaks = [traced(functools.partial(way, batch))[1] for way in ways]
    rows.append([depth, *(show(size, "B") for size in (depth * 64 * 1024, *peaks))])
print(table(["layers", "all results", "no_grad", "recorded", "with backward"], rows))

# %% [markdown]
r"""
Without a graph the peak soon stops growing: each result is freed once the next is there. With one, every result stays,
and the peak is the count on the left and some 100 KiB for the step under way. Backward gives back as it walks. This is why a
batch can be too large for training where the same model runs easily, why `no_grad` belongs around every evaluation,
and why `total = total + loss` over an evaluation without it is a leak: `total` holds every graph.

### Timing the Way Back

Does backward cost two forward passes, as Part 1 said? And what does recording cost by itself?
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "05-times"}}
rows, header = [], ["width", "no_grad", "recorded", "with backward", "back/no_grad"]
for width in [1, 16, 64, 256]:
    m = Sequential(*(Linear(width, width, rng=i) for i in range(4)))
    forward = functools.partial(m, Tensor(rng.normal(size=(64, width)), "float32"))
    ways = [lambda f=forward: no_grad()(f)().sum(), lambda f=forward: f().sum()]
    ways += [lambda f=forward: f().sum().backward()]
    plain, noted, both = (min(map(seconds, [way] * 3)) for way in ways)
    times = [show(t, "s") for t in (plain, noted, both)]
    rows.append([width, *times, f"{(both - noted) / plain:.1f}"])
print(table(header, rows))

# %% [markdown]
r"""
In narrow layers Python's own steps take the time; recording adds to them. In wide ones arithmetic takes over, and
backward comes to a little over two forward passes: besides the products there is a sum over rows for each bias.
"""

# %% [markdown]
r"""
## Part 3: Production Context

PyTorch's autograd is this one, written in C++:

| here | in PyTorch |
|---|---|
| `Function` | `torch.autograd.Function`; PyTorch's own operations have a table of slopes, `derivatives.yaml` |
| a Function keeps all its inputs | it keeps what its slopes need, so the inputs of a sum can be freed |
| a fingerprint | a version counter, which every operation in place raises; writing through `.data` escapes it |
| every result stays in memory | *checkpointing* keeps some and computes the others again: less memory, more time |
| `backward` works on plain arrays | it can be recorded itself, which gives slopes of slopes |
"""

# %% [code] {"tags": ["main"], "nbgrader": {"grade_id": "05-main"}}
from tinytorch.utils.check import run_all_tests

if __name__ == "__main__":
    run_all_tests(globals())

# %% [markdown]
r"""
## 🤔 ML Systems Thinking

**1.** A model has a million weights, and one forward pass takes 10 ms. How long does a training step take with
`backward`, and how long by trying? When would you still try?

:::{dropdown} Answer
About 30 ms, and 20,000 s, or five and a half hours. Trying is still the best judge of a new `backward`.
:::

**2.** Without `weight.grad = None` in the loop above, and with `rng=4` and `rng=5`, the loss falls, then rises. Why?
When is not resetting just what one wants?

:::{dropdown} Answer
Each step moves by the sum of all slopes so far, and the old ones mislead. One wants it when a batch is too large for
memory: four parts, four times `backward`, one step.
:::

**3.** `h = x.exp()` is computed, then `h.data *= 2`, then `(h * w).sum().backward()` for a weight `w`. Is there an
error? What if `x` requires no gradient?

:::{dropdown} Answer
If `x` requires one, yes: the slope of exp is its result, which was written over after it was kept. If not, nothing
was recorded for exp, and the product sees the doubled `h` on both ways: no error, and rightly so.
:::

## 🎯 Module Summary

- A **gradient** says how the loss moves when a number moves. Along a path slopes multiply; where paths meet they add.
- A **Function** knows its own slopes and nothing else; tied together by results and inputs, they make up the graph.
- **Backward** walks the graph once, in topological order, and costs about two forward passes for any number of weights.
- **gradcheck** tries what you derived. Trust it more than your algebra.

What you built is `tinytorch.core.autograd`. Chapter 06 makes an optimizer of the line that moves the weights.
"""
