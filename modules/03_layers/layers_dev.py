# %% [markdown]
r"""
# Module 03: Layers

Nothing you have built so far remembers one call in the next. A network owns thousands of numbers that stay from one
call to the next, and learning means adjusting them. An object that holds such numbers and knows what to do with an
input is called a *layer*. In this chapter you build the layer that does most of the arithmetic in a language model,
find out how large its numbers must be before anything is learned, and collect all that a model holds.

**Learning Objectives:**

- Build `Linear` and `Dropout` on one small base class, `Layer`, and chain layers with `Sequential`.
- Work out how large random weights must be for a signal to survive ten layers, and measure that it does.
- Walk through layers that hold layers, and list what they own, each thing once.
- Count what a model costs in numbers, bytes and arithmetic, and say which of these grow with the batch.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "03-imports"}}
#| default_exp core.layers
#| names Layer Linear Dropout Sequential linear
#| export
import math

import numpy as np

from tinytorch.core.tensor import Tensor
from tinytorch.errors import layers as errors

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "03-tools"}}
from tinytorch.core.activations import GELU, ReLU, Tanh
from tinytorch.utils.check import expect, expect_error, expect_tensor
from tinytorch.utils.measure import bars, seconds, show, table, traced

# %% [markdown]
r"""
## Part 1: Mathematical Foundations

Begin with a single *unit*. It looks at a few numbers, gives each a **weight**, adds up the products, and adds one
number of its own, the **bias**. For inputs 1, 2, 3, weights 0, 2, 1 and bias 20 that makes 0 + 4 + 3 + 20 = 27.

A *linear layer* is several units that look at the same inputs, each with weights of its own. Write the weights of a
unit as a column, put the columns side by side, and all units together are one matrix product. A batch, one example
per row, needs nothing new: every row of `x` meets every column of `weight`, and the bias is added to every row.

```text
                            weight (3, 2)
                           unit 0  unit 1
                          ┌───────┬───────┐
                          │   1   │   0   │
                          ├───────┼───────┤
                          │   0   │   2   │
                          ├───────┼───────┤
                          │  -1   │   1   │
      x (2, 3)            └───────┴───────┘        bias (2,)
   ┌───┬───┬───┐          ┌───────┬───────┐      ┌─────┬─────┐        ┌─────┬─────┐
   │ 1 │ 2 │ 3 │  ──────► │  -2   │   7   │      │  10 │  20 │        │   8 │  27 │
   ├───┼───┼───┤          ├───────┼───────┤  +   └─────┴─────┘   =    ├─────┼─────┤
   │ 4 │ 5 │ 6 │  ──────► │  -2   │  16   │       to each row         │   8 │  36 │
   └───┴───┴───┘          └───────┴───────┘                           └─────┴─────┘
```

In a formula, with $n$ inputs, output $j$ is $y_j = b_j + \sum_{i=1}^{n} x_i\, w_{ij}$. The numbers $w_{ij}$ and $b_j$
are the layer's **parameters**: what it owns, and what learning will adjust.

### Computational Complexity

What a call costs for a batch of $N$ examples, and what must be kept between calls. Drawing a random number counts as
one operation here, though it takes several steps.

| layer | arithmetic | parameters |
|---|---|---|
| `Linear(k, m)` | $2Nkm$ for the product, $Nm$ for the bias | $km + m$ |
| `Dropout()`, explained below, on $m$ numbers an example, in training | $4Nm$: draw, compare, scale, multiply | none |

The arithmetic grows with the batch. The parameters do not: a thousand examples share them.

## A Linear Layer as a Function

First the arithmetic alone, as a function that is handed the weights, and the bias if there is one. (Chapter 05 will
find the derivative of the whole step at once; so the step has a name of its own.) `x` may have more axes than two
(sentences × words × numbers, say), or only one, if it is a single example.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "03-linear"}}
#| export
def linear(x, weight, bias=None):
    """Weigh the inputs, add them up, and add the bias if there is one.

    Args: x, a Tensor (..., n_in); weight, (n_in, n_out); bias, (n_out,) or None.
    Returns: a Tensor (..., n_out).
    Raises: ValueError, drawn, if the shapes do not fit.

    TODO: compute what all units make of all rows of x.

    APPROACH:
    1. Let every row of x meet every column of weight.
    2. If there is a bias, add it; broadcasting gives it to each row.

    EXAMPLE:
    >>> x, weight = Tensor([[1, 2, 3]]), Tensor([[1, 0], [0, 2], [-1, 1]])
    >>> linear(x, weight, Tensor([10, 20])).tolist()
    [[8.0, 27.0]]

    HINT: ask `bias is None`; a Tensor of several numbers is neither true nor false.
    """
    ### BEGIN SOLUTION
    out = x @ weight  # (..., n_in) @ (n_in, n_out) -> (..., n_out)
    return out if bias is None else out + bias
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Linear Function

The picture, with the bias and without; a single example; three axes; and inputs that do not fit.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "03-linear-check"}}
def test_linear():
    """The numbers of the picture, in batches of several shapes."""
    x, weight = Tensor([[1, 2, 3], [4, 5, 6]]), Tensor([[1, 0], [0, 2], [-1, 1]])
    bias, expected = Tensor([10, 20]), [[8, 27], [8, 36]]
    expect_tensor("linear(x, weight)", linear(x, weight), [[-2, 7], [-2, 16]])
    expect_tensor("linear(x, weight, bias)", linear(x, weight, bias), expected)
    expect_tensor("linear(x[0], weight, bias)", linear(x[0], weight, bias), [8, 27])
    four = linear(Tensor([x.tolist()] * 4), weight, bias)  # (4, 2, 3) -> (4, 2, 2)
    expect_tensor("four batches in a stack", four, [expected] * 4)
    expect_error("linear(x.T, …)", lambda: linear(x.T, weight), "a has 2 (axis -1)")
    ### BEGIN HIDDEN TESTS
    expect_tensor("one unit", linear(x, weight[:, :1], Tensor([1])), [[-1], [-1]])
    expect_tensor("bias, afterwards", bias, [10, 20])
    ### END HIDDEN TESTS


test_linear()

# %% [markdown]
r"""
## How Large Should the First Weights Be?

Learning adjusts the weights, but it has to start from some. All zeros will not do, nor any other single value: units
with equal weights compute equal outputs, would be adjusted equally, and so would stay copies of one another for ever.
So the weights start as random numbers. (Once they differ, the biases may start at zero.) How large should they be?

Try it. The next cell sends 100 examples through ten linear layers of 64 units and measures the *size* of the numbers on
their way: square them, take the mean, take the root. (Its name is *root mean square*.) Inputs and weights come from a
*Generator*, numpy's source of random numbers: from the same *seed*, an int, it gives the same ones again; asked once
more, it goes on to new ones. Ours have mean 0 and *variance* 1, which at mean 0 is the mean of the squares. Each row of
the table multiplies the weights by another factor.

:::{predict} Inputs and weights have the size 1, and an output adds up 64 products. What is the size after one layer?
:shows: 1.0 {}
- [ ] `1`: each product has about that size, but 64 of them are added up.
- [ ] `64`: so it would be, if all products had one sign. With random signs most of the sum cancels.
- [x] `7.9`, near the root of 64: a sum of numbers with random signs grows with the root of how many there are.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "03-sizes"}}
def numbers(rng, *shape):
    """Random numbers with mean 0 and variance 1, as a Tensor."""
    return Tensor(rng.standard_normal(shape, np.float32))

def sizes(draw, bend=lambda x: x):
    """The size of a signal after each of ten layers, whose weights draw(rng) makes."""
    rng, after = np.random.default_rng(0), []
    x = numbers(rng, 100, 64)  # (100, 64)
    for _ in range(10):
        x = bend(linear(x, draw(rng)))  # (100, 64) and (64, 64) -> (100, 64)
        after.append(math.sqrt((x * x).mean().item()))
    return after

rows = []
for factor in [1.0, 0.5, 0.125, 0.01]:
    after = sizes(lambda rng, factor=factor: factor * numbers(rng, 64, 64))
    rows.append([factor] + [f"{after[i]:.2g}" for i in (0, 1, 4, 9)])
print(table(["factor", "layer 1", "layer 2", "layer 5", "layer 10"], rows))

# %% [markdown]
r"""
A factor of 1 looks innocent, and yet the signal grows eightfold in each layer, to a billion after ten; some forty
such layers are more than float32 can hold. With 0.01 it dies away, and with 0.125 it stays.

Where does the eight come from? An output is a sum of $n$ products, $y_j = \sum_i x_i\, w_{ij}$. Let the weights be
drawn independently of one another, with mean 0 and variance $\sigma^2$. The square of the sum consists of squares,
$x_i^2\, w_{ij}^2$, and of cross terms, $x_i x_k\, w_{ij} w_{kj}$. Averaged over many draws, $w_{ij}^2$ is $\sigma^2$,
and a cross term 0: its weights are independent, with mean 0, and so their product averages to 0. With a bar for the mean:

$$\overline{y^2} = n\, \sigma^2\; \overline{x^2}$$

Each layer multiplies the mean square by $n\sigma^2$, and so the size by its root. Here $n$ is 64: with $\sigma = 1$
that root is eight, and with $\sigma = 1/8$ it is one. To keep the size, take $\sigma^2 = 1/n$.

So much for linear layers alone. But between them stands a bend, and ReLU turns everything negative into 0. All weights
with their signs turned are as likely a draw, and turn the sign of every output $y_j$; so on average half of the mean
square is lost, in every layer. Twice the variance makes up for it:

$$\sigma^2 = \frac{2}{n}$$

This is *He initialization*, after Kaiming He, who published it with three colleagues in 2015. It will be ours.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "03-initial-weight"}}
#| export
def initial_weight(in_features, out_features, rng):
    """Draw a weight matrix that passes a signal on through ReLU at its size.

    Args: in_features, out_features, ints of at least 1; rng, a numpy Generator.
    Returns: a float32 Tensor (in_features, out_features).
    Raises: ValueError if one of the two is less than 1.

    TODO: draw weights with mean 0 and variance 2 / n.

    APPROACH:
    1. Decide which of the two sizes is n, the number of products in one output.
    2. Draw with rng.standard_normal(shape, np.float32): mean 0, variance 1.
    3. Make it a Tensor, and multiply so that the variance becomes 2 / n.

    EXAMPLE:
    >>> initial_weight(3, 2, np.random.default_rng(0)).shape
    (3, 2)

    HINT: numbers that are multiplied by s have s * s times the variance.
    """
    if min(in_features, out_features) < 1:
        raise errors.no_layer_size(in_features, out_features)
    ### BEGIN SOLUTION
    draws = Tensor(rng.standard_normal((in_features, out_features), np.float32))
    return draws * math.sqrt(2 / in_features)  # (in_features, out_features)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the First Weights

Whether the Generator that is given is used, and used anew each time; and the spread of ten thousand weights.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "03-initial-weight-check"}}
def test_initial_weight():
    """Shape, type, spread, and the use of the generator."""
    rng = np.random.default_rng(3)
    weight, more = initial_weight(200, 50, rng), initial_weight(200, 50, rng)
    kind = (type(weight).__name__, np.shape(weight), str(np.asarray(weight).dtype))
    expect("initial_weight(200, 50, rng) is", kind, ("Tensor", (200, 50), "float32"))
    mean, spread = float(weight.data.mean()), float(weight.data.std())
    expect("its mean, rounded", abs(round(mean, 2)), 0.0)
    expect("its spread, the root of 2 / 200, rounded", round(spread, 2), 0.1)
    expect("asked twice, same weights", more.tolist() == weight.tolist(), False)
    again = initial_weight(200, 50, np.random.default_rng(3))
    expect("from the same seed, same weights", again.tolist() == weight.tolist(), True)
    ### BEGIN HIDDEN TESTS
    spread = float(initial_weight(50, 800, rng).data.std())
    expect("spread for 50 inputs", round(spread, 2), 0.2)
    expect_error("no inputs", lambda: initial_weight(0, 2, rng), "at least 1 input")
    ### END HIDDEN TESTS


test_initial_weight()

# %% [markdown]
r"""
Now the ten layers again, with a bend after each. The size that is left at the end, for a variance of $1/n$ and ours:

:::{predict} In each layer ReLU takes half of the mean square. With variance $1/n$, what size is left after ten?
:shows: ReLU {}
- [ ] `0.5`: a half is lost in every layer, not once.
- [x] `0.026`, near the root of $1/1024$: halved ten times, the mean square is $1/1024$, and the size is its root.
- [ ] `0.00098`: this is $1/1024$, what is left of the mean square. The size is its root.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "03-bends"}}
rows = []
for bend in [ReLU(), GELU(), Tanh()]:
    ours = sizes(lambda rng: initial_weight(64, 64, rng), bend)[-1]
    half = sizes(lambda rng: initial_weight(64, 64, rng) * 0.5**0.5, bend)[-1]
    rows.append([type(bend).__name__, f"{half:.2g}", f"{ours:.2g}"])
print(table(["after ten layers", "variance 1/n", "variance 2/n"], rows))

# %% [markdown]
r"""
With $2/n$ the signal comes through ten layers with each bend, though it was worked out for ReLU alone, and holds on
average. With $1/n$ little is left after ReLU, and less after GELU. The last layer of a network has no bend behind it
as a rule; there $2/n$ makes outputs larger by $\sqrt 2$ than they need be: once, not ten times.

## A Layer Remembers

So far the caller brings the weights. From now on the layer holds them, as attributes. What all layers have in common
goes into one class, `Layer`, and every kind of layer *inherits* it: after `class Linear(Layer)`, whatever `Linear`
does not define itself is taken from `Layer`. Each kind of layer defines `forward`, what it computes; `__call__` lets
us write `layer(x)` for `layer.forward(x)`; `__repr__` shows the layer, with the shapes of its Tensors; and `training`
says whether the network is learning or in use. Its first value, True, stands in the class, one for all layers.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "03-layer"}}
#| export
class Layer:
    """What all layers share: the call, the walk to what is inside, and two modes."""

    training = True

    def forward(self, *inputs, **options):
        """What the layer computes. Each kind of layer defines its own."""
        raise errors.no_forward(type(self).__name__)

    def __call__(self, *inputs, **options):
        """Run forward: layer(x) is short for layer.forward(x)."""
        return self.forward(*inputs, **options)

    def __repr__(self):
        held = [(k, v) for k, v in vars(self).items() if isinstance(v, (Tensor, float))]
        parts = [f"{k} {v.shape if isinstance(v, Tensor) else v}" for k, v in held]
        return f"{type(self).__name__}({', '.join(parts)})"

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "03-extend"}}
from tinytorch.core.tensor import extend  # Layer will grow, as Tensor did

# %% [markdown]
r"""
`Linear` needs random numbers. `np.random.default_rng(rng)` returns a Generator as it is, makes one of a seed, and of
None one whose numbers nobody can foretell. Make *one* Generator of a seed, hand it to all layers of a model, and the
model can be made again, number for number. (Hand each the *seed*, and layers of equal shape start with equal weights.)
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "03-linear-init"}}
#| export
class Linear(Layer):
    """x @ weight + bias; weight (in_features, out_features), bias (out_features,)."""

    def forward(self, x):
        """x (..., in_features) -> (..., out_features)"""
        return linear(x, self.weight, self.bias)

    def __init__(self, in_features, out_features, bias=True, rng=None):
        """Make the parameters: random weights, and biases of zero.

        Args: the two sizes, ints; bias, False for none; rng, a Generator or a seed.

        TODO: set self.weight and self.bias, as forward needs them.

        APPROACH:
        1. Draw the weights with the function you wrote.
        2. Make the bias a Tensor with one zero per unit, or None if there is none.

        EXAMPLE:
        >>> Linear(3, 2).bias.tolist(), Linear(3, 2, bias=False).bias
        ([0.0, 0.0], None)

        HINT: np.zeros gives float64, and a Tensor would keep that; we want float32.
        """
        rng = np.random.default_rng(rng)
        ### BEGIN SOLUTION
        self.weight = initial_weight(in_features, out_features, rng)
        self.bias = Tensor([0.0] * out_features) if bias else None
        ### END SOLUTION

# %% [markdown]
r"""
### Testing Linear

Parameters of the right shape and type, weights from the generator that was given, and the picture once more.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "03-linear-init-check"}}
def test_linear_init():
    """The parameters, and a call."""
    layer, rng = Linear(3, 2, rng=5), np.random.default_rng(5)
    weight = initial_weight(3, 2, np.random.default_rng(5)).tolist()
    expect_tensor("weight of Linear(3, 2, rng=5)", layer.weight, weight)
    expect_tensor("bias of Linear(3, 2)", layer.bias, [0, 0])
    expect("bias of Linear(3, 2, bias=False)", Linear(3, 2, bias=False).bias, None)
    expect_tensor("weight from a Generator", Linear(3, 2, rng=rng).weight, weight)
    second = Linear(3, 2, rng=rng).weight.tolist()
    expect("the next layer from it has the same weight", second == weight, False)
    layer.weight, layer.bias = Tensor([[1, 0], [0, 2], [-1, 1]]), Tensor([10, 20])
    expect_tensor("layer(x)", layer(Tensor([[1, 2, 3], [4, 5, 6]])), [[8, 27], [8, 36]])
    ### BEGIN HIDDEN TESTS
    expect_tensor("one unit", Linear(3, 1).bias, [0])
    one, two = Linear(9, 9), Linear(9, 9)
    expect("equal without a seed", one.weight.tolist() == two.weight.tolist(), False)
    expect("without bias", Linear(3, 2, bias=False)(Tensor([1, 2, 3])).shape, (2,))
    ### END HIDDEN TESTS


test_linear_init()

# %% [markdown]
r"""
## Layers That Hold Layers

Most models are chains: what comes out of one layer goes into the next. `Sequential`, given here, is the layer that
holds a chain of layers, activations, or any functions of a Tensor. It refuses what it cannot call.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "03-sequential"}}
#| export
class Sequential(Layer):
    """Layers, activations or functions, each called on what the one before returned."""

    def __init__(self, *layers):
        for place, layer in enumerate(layers):
            if isinstance(layer, type) or not callable(layer):
                raise errors.not_callable(place, layer)
        self.layers = list(layers)

    def forward(self, x):
        """Pass x through all layers."""
        for layer in self.layers:
            x = layer(x)
        return x

    def __getitem__(self, place):
        return self.layers[place]

    def __len__(self):
        return len(self.layers)

    def __repr__(self):
        names = [repr(x) if isinstance(x, Layer) else type(x).__name__ for x in self]
        return "\n  ".join(["Sequential(", *"\n".join(names).split("\n")]) + "\n)"

# %% [markdown]
r"""
:::{predict} `flowers` has shape (2, 4), and the last layer of the model is `Linear(8, 3)`. What shape comes out?
:shows: to {}
- [x] `(2, 3)`: a linear layer changes the last axis alone, so each of the two flowers keeps its row.
- [ ] `(3,)`: three numbers for *each* flower. A batch goes in, and a batch comes out.
- [ ] `(8, 3)`: this is the shape of the last weight. Its 8 is the inner axis, which a product sums over.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "03-sequential-demo"}}
rng = np.random.default_rng(0)
inner = Sequential(ReLU(), Linear(8, 8, rng=rng), ReLU())
model = Sequential(Linear(4, 8, rng=rng), inner, Linear(8, 3, rng=rng))
flowers = Tensor([[5.1, 3.5, 1.4, 0.2], [6.2, 2.9, 4.3, 1.3]])  # (2, 4)
print(model)
print("from", flowers.shape, "to", model(flowers).shape)

# %% [markdown]
r"""
To train a model, someone must be told of every parameter in it. To switch it from learning to use, someone must find
every layer in it. So a layer must be able to find what lies inside it, at any depth:

```text
   model ──┬──── a  Linear        weight (4, 8)   bias (8,)
           ├──┬─ b  Sequential    and in it two ReLUs, which are no Layers
           │  └─ d  Linear        weight (8, 8)   bias (8,)
           └──── c  Linear        weight (8, 3)   bias (3,)
```

Python tells us what an object holds: `vars(layer)` is the dict of its attributes, in the order in which they were
first set. `children`, given here, goes one step down: it lists the layers in attributes, and in lists there.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "03-children"}}
#| export
def unpacked(value):
    """A flat list: of the value alone, or of all that is in a list or tuple."""
    if not isinstance(value, (list, tuple)):
        return [value]
    return [item for part in value for item in unpacked(part)]

@extend(Layer)
def children(self):
    """The layers this one holds itself, in attributes or in lists or tuples there."""
    held = unpacked(list(vars(self).values()))
    return [item for item in held if isinstance(item, Layer)]

# %% [markdown]
r"""
Going all the way down is your part. Imagine a stack of slips of paper, each naming a layer to visit. Take the top slip.
If its layer is on the list already, throw the slip away. If not, write it there, and put a slip for each of its
children on the stack, the first child on top. When no slip is left, you have been everywhere.

```text
   stack, its top on the right      taken       list afterwards
   model                            model       model
   c  b  a                          a           model  a
   c  b                             b           model  a  b
   c  d                             d           model  a  b  d
   c                                c           model  a  b  d  c
```

(Why `modules`? PyTorch calls a layer a module, and `layers` stays free as the name of an attribute.)
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "03-modules"}}
#| export
@extend(Layer)
def modules(self):
    """List this layer and all layers inside it, at any depth, each once.

    Returns: a list: the layer, its first child, all inside that, its second child, …

    TODO: visit every layer that can be reached through children().

    APPROACH:
    1. Start with an empty list and a stack that holds self alone.
    2. As long as the stack holds something, take the layer on top.
    3. Unless it is listed already, list it, and put its children on the stack in such
       an order that the first child lies on top.

    EXAMPLE:
    >>> Sequential(Linear(2, 3), ReLU()).modules()[1:]
    [Linear(weight (2, 3), bias (3,))]

    HINT: stack.pop() takes the last item of a list; items[::-1] is a list reversed.
    """
    ### BEGIN SOLUTION
    found, stack = {}, [self]  # a dict keeps the order, and finds a layer at once
    while stack:
        layer = stack.pop()
        if layer not in found:
            found[layer] = True
            stack += layer.children()[::-1]
    return list(found)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Walk

A layer alone; the chain in the picture; and a model that holds a layer three times, once two lists deep.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "03-modules-check"}}
def test_modules():
    """Every layer once, each before what is inside it, children in their order."""
    a, c, d, top = Linear(4, 8), Linear(8, 3), Linear(8, 8), Layer()
    b = Sequential(ReLU(), d, ReLU())
    model = Sequential(a, b, c)
    names = {a: "a", b: "b", c: "c", d: "d", model: "model", top: "top"}
    expect("a.modules()", a.modules(), [a])
    got = [names.get(one, one) for one in model.modules()]
    expect("model.modules()", got, ["model", "a", "b", "d", "c"])
    top.first, top.nested, top.last = c, ([d, [c]], model), a
    got = [names.get(one, one) for one in top.modules()]
    expect("top.modules()", got, ["top", "c", "d", "model", "a", "b"])
    ### BEGIN HIDDEN TESTS
    b.layers.clear()
    got = [names.get(one, one) for one in model.modules()]
    expect("after b.layers.clear()", got, ["model", "a", "b", "c"])
    ### END HIDDEN TESTS


test_modules()

# %% [markdown]
r"""
## Parameters

The rule is short: *the parameters of a layer are the Tensors among its attributes*, not those in lists there. Numbers
that a layer keeps and training should leave alone go into plain numpy arrays. Two layers may share a Tensor on purpose.
It is one parameter then, so it is listed once, or training would adjust it twice.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "03-parameters"}}
#| export
@extend(Layer)
def parameters(self):
    """List the Tensors that this layer and those inside it hold, each once.

    Returns: a list of Tensors in the order of modules(), so the layer's own come
        first; within a layer, in the order of its attributes.

    TODO: collect the Tensors among the attributes of every layer.

    APPROACH:
    1. For each layer that modules() finds, go over the values of vars(layer).
    2. Keep those that are Tensors.
    3. Leave out what is listed already: the same Tensor, not one with equal numbers.

    EXAMPLE:
    >>> [p.shape for p in Sequential(Linear(2, 3), ReLU(), Linear(3, 1)).parameters()]
    [(2, 3), (3,), (3, 1), (1,)]

    HINT: `tensor in items` asks ==, which compares numbers. dict.fromkeys(items) asks
    which object it is: it keeps each once, in order, as the keys of a dict.
    """
    ### BEGIN SOLUTION
    values = [value for layer in self.modules() for value in vars(layer).values()]
    return list(dict.fromkeys(v for v in values if isinstance(v, Tensor)))
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Parameters

What counts and what does not, in which order, and a Tensor that is shared. The Tensors themselves must come, not
copies: whoever trains the model will change them.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "03-parameters-check"}}
def test_parameters():
    """The Tensors themselves, each once, the outer layer's own before the others."""
    model, a, b = Layer(), Linear(2, 3), Linear(2, 3, bias=False)
    model.blocks, model.scale = [a, b], Tensor([1.0])
    model.mean, model.log = np.zeros(2), [Tensor([3.0])]  # an array, and a list
    names = {id(model.scale): "scale", id(b.weight): "b.weight"}
    names |= {id(a.weight): "a.weight", id(a.bias): "a.bias"}
    expect("Layer().parameters()", Layer().parameters(), [])
    got = [names.get(id(p), f"another {type(p).__name__}") for p in model.parameters()]
    expect("model.parameters()", got, ["scale", "a.weight", "a.bias", "b.weight"])
    b.weight = a.weight
    got = [names.get(id(p), f"another {type(p).__name__}") for p in model.parameters()]
    expect("with b.weight = a.weight", got, ["scale", "a.weight", "a.bias"])
    many = Sequential(*[Linear(1, 1) for _ in range(9)])  # with nine biases of 0
    own = [id(p) for layer in many for p in (layer.weight, layer.bias)]
    got = [own.index(id(p)) for p in many.parameters()]
    expect("nine layers, their parameters by number", got, list(range(18)))
    ### BEGIN HIDDEN TESTS
    a.bias = None
    expect("with a.bias = None, their number", len(model.parameters()), 2)
    ### END HIDDEN TESTS


test_parameters()

# %% [markdown]
r"""
Counting what a model owns takes one line now. A model for images of 28 by 28 pixels, each a row of 784 numbers:

:::{predict} How many numbers do the parameters of `Linear(784, 128)`, `ReLU()` and `Linear(128, 10)` hold together?
:shows: all {}
- [ ] `101632`: that is $784 \cdot 128 + 128 \cdot 10$, the weights without the biases.
- [x] `101770`: the weights hold $784 \cdot 128$ and $128 \cdot 10$, the biases 128 and 10.
- [ ] `101898`: 128 too many. ReLU owns nothing; 128 numbers only pass through it.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "03-count"}}
digits = Sequential(Linear(784, 128, rng=rng), ReLU(), Linear(128, 10, rng=rng))
rows = [[p.shape, p.numel(), show(4 * p.numel(), "B")] for p in digits.parameters()]
total = sum(p.numel() for p in digits.parameters())
rows.append(["all", total, show(4 * total, "B")])
print(table(["parameters", "numbers", "memory"], rows))

# %% [markdown]
r"""
## Dropout, and Two Modes

A network with many parameters can learn its examples by heart and fail on new ones. *Dropout* (Srivastava and others,
2014) makes that harder: in training, each number that passes is set to zero with probability $p$, anew in every call.
As in a team where anyone may be absent on any day, nothing important can be left to a single unit. In use, the whole
team is there. With $p = 0.2$ four fifths of the numbers arrive in training, so a sum over them would be a fifth less
than in use, on average. Hence what remains is divided by $1 - p$, and then both modes agree on average.

```text
   x                    2.0     4.0     6.0     8.0     1.0         p = 0.2
   drawn from 0 to 1    0.91    0.13    0.42    0.77    0.35
   kept if p or more    yes     no      yes     yes     yes
   result               2.5     0.0     7.5    10.0     1.25        kept: x / 0.8
```

The two modes are `training` True and False. To switch a model is to switch all layers inside it, and you have written
how to find them. (Whoever forgets `model.eval()` gets another answer in every call.)
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "03-modes"}}
#| export
@extend(Layer)
def train(self, mode=True):
    """Put this layer and all inside it into training mode, or out of it; returns it."""
    for layer in self.modules():
        layer.training = mode
    return self

@extend(Layer)
def eval(self):
    """Put this layer and all inside it to use, out of training mode; returns it."""
    return self.train(False)

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "03-dropout-class"}}
#| export
class Dropout(Layer):
    """In training, 0 with probability p, else x / (1 - p); in use, x."""

    def __init__(self, p=0.5, rng=None):
        if not 0 <= p < 1:
            raise errors.no_probability(p)
        self.p, self.rng = p, np.random.default_rng(rng)

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "03-dropout"}}
#| export
@extend(Dropout)
def forward(self, x):
    """Drop numbers at random, if in training.

    Args: x, a Tensor of any shape.
    Returns: a Tensor of x's shape and dtype.

    TODO: return x as it is in use, and with numbers dropped in training.

    APPROACH:
    1. If not in training, there is nothing to do.
    2. For each number in x draw one from 0 to 1: self.rng.random(x.shape, np.float32).
    3. Make a mask for x to be multiplied by: 0 where the draw is below p, and
       elsewhere what scales x up. The mask must have the dtype of x.

    EXAMPLE:
    >>> sorted(set(Dropout(0.5, rng=0)(Tensor([3.0] * 100)).tolist()))
    [0.0, 6.0]

    HINT: a comparison gives booleans; Tensor(booleans, x.dtype) makes them 0 and 1.
    """
    ### BEGIN SOLUTION
    if not self.training:
        return x
    keep = self.rng.random(x.shape, np.float32) >= self.p  # (any shape)
    return x * (Tensor(keep, x.dtype) / (1 - self.p))  # same shape
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Dropout

How many are dropped, what becomes of the others, whether each call draws anew from the layer's generator, and use.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "03-dropout-check"}}
def test_dropout():
    """A fifth of the numbers dropped, the others scaled; in use, nothing."""
    x, drop = Tensor(np.full((100, 100), 2, "float32")), Dropout(0.2, rng=0)
    y = drop(x)
    kind = (type(y).__name__, np.shape(y), str(np.asarray(y).dtype))
    expect("drop(x) is", kind, ("Tensor", (100, 100), "float32"))
    values, dropped = sorted({round(v, 4) for v in sum(y.tolist(), [])}), y == 0
    expect("what becomes of 2.0 with p = 0.2", values, [0.0, 2.5])
    share, rows = dropped.mean().item(), dropped.tolist()
    expect(f"about 0.2 dropped ({share:.2f} were)", 0.17 < share < 0.23, True)
    expect("every row dropped alike", all(row == rows[0] for row in rows), False)
    expect("rows dropped whole", all(len(set(row)) == 1 for row in rows), False)
    expect("a second call drops the same", (drop(x) == 0).tolist() == rows, False)
    again = (Dropout(0.2, rng=0)(x) == 0).tolist()
    expect("rng=0 again drops the same", again == rows, True)
    expect("float64 comes out as", str(drop(Tensor(np.ones(3))).dtype), "float64")
    expect_tensor("in use, drop(x)", drop.eval()(Tensor([2, 3])), [2, 3])
    ### BEGIN HIDDEN TESTS
    drop.train()
    expect("back in training", drop(x).tolist() == x.tolist(), False)
    expect_tensor("p = 0", Dropout(0.0)(Tensor([1, 2])), [1, 2])
    expect_error("p = 1", lambda: Dropout(1.0), "0 <= p < 1")
    ### END HIDDEN TESTS


test_dropout()

# %% [markdown]
r"""
## Part 2: Systems Analysis

### Memory Profiling

A model needs memory for its parameters, and for the results that pass through it. The next cell counts the first, and
measures what is added at the worst moment, while the model is built and while batches of several sizes pass.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "03-memory"}}
def build():
    return Sequential(Linear(512, 512, rng=0), ReLU(), Linear(512, 10, rng=1))

model, peak = traced(build)
memory = {"parameters": 4 * sum(p.numel() for p in model.parameters())}
memory["peak, building"] = peak
for n in [16, 64, 256, 1024]:
    batch = Tensor(np.ones((n, 512), np.float32))  # (n, 512)
    memory[f"peak, batch of {n}"] = traced(lambda batch=batch: model(batch))[1]
print(bars("512 → 512 → 10", memory, "B"))

# %% [markdown]
r"""
Building peaks at twice what is kept: a weight is drawn, then multiplied into a second array. (Of many layers, only the
one at work counts twice.) A batch of $N$ needs two arrays of $512N$ numbers at its worst: the product and its sum with
the bias, or that sum and what ReLU makes of it. A second layer of 512 units needs a third, as its input is kept
meanwhile; further layers add nothing. A larger batch does, and at 256 it draws level with the parameters.

### Timing That Scales

A batch of 64 takes 64 times the arithmetic of one example. Does it take 64 times as long? Every call of the layer
below reads 4 MiB of weights, whatever the batch. The last column divides the arithmetic by these bytes.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "03-batch-timing"}}
layer, rows = Linear(1024, 1024, rng=0), []
for n in [1, 4, 16, 64]:
    x = Tensor(np.full((n, 1024), 0.5, np.float32))  # (n, 1024)
    time, flops = seconds(lambda x=x: layer(x)), 2 * n * layer.weight.numel()
    each, intensity = show(time / n, "s"), flops / layer.weight.data.nbytes
    rows.append([n, show(flops, "FLOP"), show(time, "s"), each, f"{intensity:.1f}"])
print(table(["batch", "work", "a call", "an example", "FLOP per byte"], rows))

# %% [markdown]
r"""
Far less. With one example, each weight is fetched for one multiplication and one addition, half a FLOP per byte, and
the processor mostly waits for weights. From 1 to 4 a call gets slower at once, since a product of two matrices first
puts the weights in another order; after that, what has been fetched serves ever more examples. This is why networks
are trained, and served, in batches. (In the browser arithmetic is dozens of times slower, and a batch gains little.)

## Part 3: Production Context

`Layer` is PyTorch's `nn.Module`, and a model written for one reads much like a model for the other.

| here | in PyTorch |
|---|---|
| `weight` (in, out), `x @ weight` | `weight` (out, in), `x @ weight.T`; product and bias are one call, *addmm* |
| weights of variance $2/n$, biases 0 | both uniform within $\pm 1/\sqrt n$; ours is `nn.init.kaiming_normal_` |
| parameters are the Tensors in attributes | they are marked as such: `nn.Parameter(tensor)` |
| other numbers are plain arrays | `register_buffer`: saved and moved with the model, not trained |
| layers are found in lists and tuples | only in `nn.ModuleList` and its like; in a plain list they are overlooked |
| `parameters()` walks when it is asked | attributes are recorded when set, so `super().__init__()` comes first |

Those records give each parameter a name, such as `1.1.weight` for that of d above, under which `state_dict()` saves it. PyTorch's
`__call__` also runs *hooks*, functions that watch what passes through a layer. In both, `eval()` changes the mode and
nothing else. From chapter 05 on, what `parameters()` lists is what training adjusts.
"""

# %% [code] {"tags": ["main"], "nbgrader": {"grade_id": "03-main"}}
from tinytorch.utils.check import run_all_tests

if __name__ == "__main__":
    run_all_tests(globals())

# %% [markdown]
r"""
## 🤔 ML Systems Thinking

**1.** Numbers drawn uniformly from $-b$ to $b$ have variance $b^2/3$. What becomes of the size of a signal in ten
layers with ReLU, if the weights are drawn as PyTorch does by default and the biases are zero?

:::{dropdown} Answer
The variance is $1/(3n)$, so a layer multiplies the mean square by $1/3$, and ReLU halves it: $1/6$ together. Over ten
layers that leaves $6^{-10}$ of the mean square and $6^{-5}$ of the size, about 0.00013. Shallow networks bear it, and
deep ones bring the signal back to size on its way (normalization, chapters 09 and 13).
:::

**2.** A model keeps `self.heads = {"left": Linear(8, 3), "right": Linear(8, 3)}` and uses both in `forward`. What
goes wrong, when does it show, and how would you have noticed?

:::{dropdown} Answer
`children` does not look into dicts, so the heads are on no list. Every call works, training improves all else, and
the heads keep their random weights. No error, ever. Count the parameters of a new model, and compare with the number
you work out by hand. The cure: layers go into attributes or lists.
:::

**3.** Two layers are to share a weight, one using its transpose: `decoder.weight = encoder.weight.T`. Is it shared?

:::{dropdown} Answer
The bytes are: `T` is a view. The Tensor is not: `T` makes a new one, and `parameters()` lists both. Training adjusts
the same bytes twice, or drives the two apart if it puts new arrays into `data`. Hold one Tensor, and transpose it in
every call: `linear(x, encoder.weight.T, self.bias)`.
:::

## 🎯 Module Summary

You have built what holds the numbers of a network.

- A **linear layer** is `x @ weight + bias`: $2Nkm$ FLOPs for a batch of $N$, and $km + m$ parameters for any.
- Random weights of variance **$2/n$** pass a signal through ReLU at its size on average, layer after layer.
- A **Layer** finds what is inside it by walking its attributes; `parameters()`, `train()` and `eval()` rest on that.
- **Dropout** drops numbers in training and scales up the others, so that in use there is nothing to do.

What you built is `tinytorch.core.layers`. A model now turns images into scores. How good the scores are is a number
too, the loss, and chapter 04 computes it.
"""
