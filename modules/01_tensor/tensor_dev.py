# %% [markdown]
r"""
# Module 01: Tensor

A photograph, a sentence, the weights of a network that turns one into the other: to the machine each is a block of
numbers with a shape. Such a block is called a *tensor*, and nearly everything later in this book is arithmetic on it.
In this chapter you build the block: a class `Tensor` that stores numbers compactly, combines blocks of different
shapes, multiplies matrices, and, where shapes do not fit, draws the reason.

An exercise is one small function with its body missing. The check below it runs your code and, if something is off, says
what it expected and what came; silence means that you passed. numpy does the arithmetic; you say which.

**Learning Objectives:**

- Build a `Tensor` with arithmetic, reductions, indexing and matrix multiplication.
- Say the shape of a result before running it: of a sum of two tensors, a reduction, a product.
- Tell whether an operation can look at the old numbers in a new way or must copy them, and why.
- Count the arithmetic and the bytes of an operation, and set the count beside a measured time.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-imports"}}
#| default_exp core.tensor
#| names Tensor
#| export
import builtins
import sys

import numpy as np

from tinytorch.errors import tensor as errors

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-tools"}}
from tinytorch.utils.check import expect, expect_error, expect_tensor
from tinytorch.utils.measure import bars, seconds, show, table, traced

# %% [markdown]
r"""
## Part 1: Mathematical Foundations

One number is a *scalar*, a row of numbers a *vector*, a grid a *matrix*. A tensor is the same idea with any number of
*axes*. Its **shape** is a tuple that gives the size of each axis, the outermost first.

```text
  scalar     vector            matrix            three axes: two matrices
  ()         (3,)              (2, 3)            (2, 2, 3)

  ┌───┐      ┌───┬───┬───┐     ┌───┬───┬───┐     ┌───┬───┬───┐  ┌───┬───┬───┐
  │ 7 │      │ 1 │ 2 │ 3 │     │ 1 │ 2 │ 3 │     │ 0 │ 1 │ 2 │  │ 6 │ 7 │ 8 │
  └───┘      └───┴───┴───┘     ├───┼───┼───┤     ├───┼───┼───┤  ├───┼───┼───┤
                               │ 4 │ 5 │ 6 │     │ 3 │ 4 │ 5 │  │ 9 │10 │11 │
                               └───┴───┴───┘     └───┴───┴───┘  └───┴───┴───┘
```

A *batch* of 32 color images of 28 by 28 pixels has shape `(32, 3, 28, 28)`: which image, color, row and column. The
number of elements is the product of the sizes, and 1 for a scalar, whose shape is the empty tuple.

Memory has no axes. It is one long row of bytes, so a tensor is stored as a flat run of numbers, row after row, and the
shape says how to find one of them. In a matrix with $m$ columns, element $(i, j)$ is number $i\,m + j$ of the run, all
counted from 0: skip $i$ whole rows of $m$ numbers, then $j$ more.

Why not a Python list? A list holds an 8-byte pointer for each element, and each points to a float object of 24 bytes
somewhere else in memory. The next cell builds the same hundred thousand numbers both ways; `traced` weighs them.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "01-list-or-array"}}
_, in_list = traced(lambda: [float(i) for i in range(100_000)])
_, in_array = traced(lambda: np.arange(100_000, dtype=np.float32))
print(bars("100,000 numbers", {"Python list": in_list, "float32 array": in_array}, "B"))

# %% [markdown]
r"""
A `float32` takes 4 bytes and keeps about seven decimal digits, enough for nearly everything in deep learning. It needs
half the memory of a 64-bit float, so it is our default.

### Computational Complexity

Each operation has a price in arithmetic (floating-point operations, FLOPs) and a price in memory. Here is the bill in
advance; at the end of the chapter you measure it. We count `exp` as one operation, though it takes several steps.

| operation | arithmetic | new numbers in memory |
|---|---|---|
| `x + y`, `x.exp()`, on $n$ elements | $n$ | $n$ |
| `x.sum()` | $n - 1$ | $1$ |
| `x.T`, `x[2:5]`, most `x.reshape(…)` | $0$ | $0$: the old numbers, read differently |
| `a @ b`, shapes $(n, k)$ and $(k, m)$ | $2nkm$ | $nm$ |

The first two rows grow with the number of elements. The last grows faster: double every side of both matrices, and
there is four times the data but eight times the arithmetic. That is why networks spend their time in such products.

## A Class That Grows

`Tensor` will have some forty methods, too many to read in one sitting. So it starts small and gains a few at a time: a
function written under `@extend(Tensor)` becomes a method of `Tensor`, as if it had stood in the class from the start.
(`@extend(Tensor)` above `def f` is Python's short form of `f = extend(Tensor)(f)`.) The inner `return` is a courtesy.
Where a method shares its name with one of Python's own functions, the name alone keeps Python's meaning: `x.sum()` will
be our method, and `sum([1, 2])` still adds up a list.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-extend"}}
#| export
def extend(cls):
    """Make the decorated function a method of cls."""

    def add_method(function):
        setattr(cls, function.__name__, function)
        return vars(builtins).get(function.__name__, function)

    return add_method

# %% [markdown]
r"""
This is the class on its first day. All it knows, it reads off one numpy array called `data`. (A `@property` is read
without parentheses, as in `x.shape`.) The line about `__array_ufunc__` tells numpy to leave `array + tensor` to us, and
`__array__` lets numpy's own functions read a Tensor. To run this cell again is to start afresh, with all cells below.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-class"}}
#| export
class Tensor:
    """A block of numbers of one type: `data` is the numpy array that holds them."""

    __array_ufunc__ = None

    @property
    def shape(self):
        """The size of each axis, a tuple of ints."""
        return self.data.shape

    @property
    def ndim(self):
        """The number of axes."""
        return self.data.ndim

    @property
    def dtype(self):
        """The type of the numbers, as numpy names it."""
        return self.data.dtype

    def __array__(self, dtype=None, copy=None):
        return np.array(self.data, dtype=dtype, copy=copy)

# %% [markdown]
r"""
## Storing Numbers

What may go in? A number, a list, lists of lists of equal length, a numpy array, another Tensor. Text and ragged lists
may not, and it is kinder to say so at the door than to fail far from the cause. `as_numbers` is the doorkeeper. (The
texts of our errors live in `tinytorch/errors/`: each says what was given, what fits, and what to do.)
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-as-numbers"}}
#| export
def as_numbers(data):
    """Return data as a numpy array of numbers; an array comes back as it is."""
    try:
        array = np.asarray(data)
    except ValueError:
        raise errors.ragged(data) from None
    if array.dtype.kind not in "biuf":  # bool, integer, unsigned, float
        raise errors.not_numbers(data)
    return array

# %% [markdown]
r"""
One decision is left: the type of the numbers. Whoever passes a numpy array has chosen a type, so we keep it, and that
of numpy's scalars too, since numpy's own sums come as scalars. Whoever passes Python numbers has chosen none, and gets
float32. Whoever names a `dtype` gets that.

`np.asarray(array, dtype)` converts when it must, and otherwise hands back the very array it was given without copying
a number. With `dtype` None it keeps the type.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "01-tensor-init"}}
#| export
@extend(Tensor)
def __init__(self, data, dtype=None):
    """Hold data as a numpy array; one that already has the type is not copied.

    Args: data, a number, nested list, numpy array or Tensor; dtype, optional.
    Raises: ValueError or TypeError, from as_numbers, where data is not numbers.

    TODO: set self.data to a numpy array of the right type.

    APPROACH:
    1. If data is a Tensor, go on with the array inside it.
    2. If dtype is None and data is neither an np.ndarray nor an np.generic
       (numpy's word for its scalars), set dtype to np.float32.
    3. Let as_numbers check data, and np.asarray give what it returns the dtype.

    EXAMPLE:
    >>> Tensor([[1, 2, 3], [4, 5, 6]]).data.dtype
    dtype('float32')

    HINT: isinstance(data, (np.ndarray, np.generic)) asks for either of the two.
    """
    ### BEGIN SOLUTION
    if isinstance(data, Tensor):
        data = data.data
    if dtype is None and not isinstance(data, (np.ndarray, np.generic)):
        dtype = np.float32
    self.data = np.asarray(as_numbers(data), dtype)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Storage

Each kind of data, a dtype by name, and an array that must not be copied.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "01-tensor-init-check"}}
def test_tensor_init():
    """Python data becomes float32; arrays keep their type and are not copied."""
    array = np.ones((2, 1))
    for data, dtype in [(3, "float32"), ([[1, 2]], "float32"), (array, "float64")]:
        got = Tensor(data).data
        expect(f"type of Tensor({data!r}).data", type(got).__name__, "ndarray")
        expect(f"dtype of Tensor({data!r})", str(got.dtype), dtype)
        expect(f"numbers of Tensor({data!r})", got.tolist(), np.array(data).tolist())
    expect("Tensor(1, dtype='int32')", str(Tensor(1, dtype="int32").dtype), "int32")
    expect("Tensor(array) keeps the array itself", Tensor(array).data is array, True)
    expect("and Tensor(Tensor(array))", Tensor(Tensor(array)).data is array, True)
    expect("dtype of np.float64(2)", str(Tensor(np.float64(2)).data.dtype), "float64")
    expect_error("Tensor('abc')", lambda: Tensor("abc"), "holds numbers")
    ### BEGIN HIDDEN TESTS
    expect("booleans", str(Tensor(np.array([True])).data.dtype), "bool")
    expect("a wish", str(Tensor(Tensor([1]), dtype="int8").data.dtype), "int8")
    ### END HIDDEN TESTS


test_tensor_init()

# %% [markdown]
r"""
A Tensor should show itself and say how large it is; and one that holds a single number should give it up as a Python
number, or say why it cannot. These methods are given.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-show"}}
#| export
@extend(Tensor)
def __repr__(self):
    dtype = "" if self.dtype == np.float32 else f", dtype={self.dtype}"
    values = np.array2string(self.data, separator=", ", prefix="Tensor(")
    return f"Tensor({values}, shape={self.shape}{dtype})"

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-one-number"}}
#| export
@extend(Tensor)
def numel(self):
    """The number of elements, an int."""
    return self.data.size

@extend(Tensor)
def tolist(self):
    """The numbers as nested lists; of shape (), one number."""
    return self.data.tolist()

@extend(Tensor)
def item(self):
    """The number in a Tensor of one element. Raises ValueError for any other."""
    if self.numel() != 1:
        raise errors.not_one(self.shape)
    return self.data.item()

@extend(Tensor)
def __bool__(self):
    return bool(self.item())

# %% [markdown]
r"""
:::{predict} `x = Tensor(array)` wraps an array of 1, 2, 3. After that comes `array[0] = 99`. What does `x` hold now?
:shows: Tensor({}, shape=(3,)
- [ ] `[1., 2., 3.]`: for that, `x` would need numbers of its own, and `__init__` copies only where it must convert.
- [x] `[99., 2., 3.]`: `np.asarray` handed back the very array, so `x` and `array` read the same memory.
- [ ] `[1., 2., 3.]` in float32: float32 is for Python numbers. An array keeps its type, so nothing is converted.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "01-first-look"}}
print(Tensor([[1, 2, 3], [4, 5, 6]]))
array = np.array([1.0, 2.0, 3.0])
x = Tensor(array)
array[0] = 99  # the array and the Tensor share their memory
print(x)

# %% [markdown]
r"""
The last line shows what *not copied* means: `x` changed although nobody touched `x`. Sharing makes wrapping free,
whatever the size, and the price is that you must know about it. `Tensor(array.copy())` gets its own numbers. Note the
`dtype=float64` as well. That is numpy's default, and it spreads to whatever it meets; `Tensor(array, "float32")` ends it.

## Broadcasting: When Shapes Meet

Which shapes may be added at all? Equal ones, clearly. But also a matrix and a row, which is then added to every row of
the matrix, or a column and a row. The rule is called **broadcasting**:

1. Write both shapes right-aligned. Where one is shorter, put 1s on its left.
2. On each axis the two sizes must be equal, or one of them must be 1.
3. An axis of size 1 is repeated to the other's size. Repeated in thought: no number is copied.

```text
   matrix (2, 3)         row (3,)              result (2, 3)
   ┌────┬────┬────┐      ┌────┬────┬────┐      ┌────┬────┬────┐
   │  1 │  2 │  3 │      │ 10 │ 20 │ 30 │      │ 11 │ 22 │ 33 │
   ├────┼────┼────┤  +   ├╌╌╌╌┼╌╌╌╌┼╌╌╌╌┤  =   ├────┼────┼────┤
   │  4 │  5 │  6 │      │ 10 │ 20 │ 30 │      │ 14 │ 25 │ 36 │
   └────┴────┴────┘      └╌╌╌╌┴╌╌╌╌┴╌╌╌╌┘      └────┴────┴────┘

   a         8    1  6              2  3
   b        (1)   7  1              4  3
            ──────────             ─────
   result    8    7  6              ^      clash: 2 against 4
```

Since shapes are aligned on the right, their axes are counted from the right here: -1 is the last, -2 the one before.
The rule needs no array and no arithmetic: two tuples go in, one tuple comes out.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "01-broadcast-shape"}}
#| export
def broadcast_shape(a, b):
    """The shape that two shapes broadcast to; a drawn ValueError if they clash.

    Args: a and b, tuples of ints.
    Returns: a tuple of ints, as long as the longer of the two.

    TODO: apply the rule to each axis.

    APPROACH:
    1. With n the length of the longer tuple, fill both up to n with 1s on the left.
    2. On each axis the result has the size that is not 1 (or 1, if both are).
    3. Where neither is 1 and they differ, note the axis: position i is axis i - n.
    4. If any clashed, raise errors.clash(a, b, axes), a and b as they were given.

    EXAMPLE:
    >>> broadcast_shape((8, 1, 6), (7, 1))
    (8, 7, 6)

    HINT: (1,) * (n - len(a)) + a is a with 1s on its left.
    """
    ### BEGIN SOLUTION
    n = max(len(a), len(b))
    left, right = (1,) * (n - len(a)) + a, (1,) * (n - len(b)) + b
    shape = tuple(q if p == 1 else p for p, q in zip(left, right, strict=True))
    axes = [axis for axis in range(-n, 0) if right[axis] not in (1, shape[axis])]
    if axes:
        raise errors.clash(a, b, axes)
    return shape
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Broadcasting

Shapes that fit, in both orders, and a pair that does not.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "01-broadcast-shape-check"}}
def test_broadcast_shape():
    """The rule on shapes that fit, and the drawn error on a clash."""
    fitting = [((2, 3), (3,), (2, 3)), ((), (4,), (4,)), ((8, 1, 6), (7, 1), (8, 7, 6))]
    for a, b, expected in fitting:
        expect(f"broadcast_shape({a}, {b})", broadcast_shape(a, b), expected)
        expect(f"broadcast_shape({b}, {a})", broadcast_shape(b, a), expected)
    a, b, text = (5, 2, 3), (4, 3), "axis -2: 2 against 4"
    expect_error(f"broadcast_shape({a}, {b})", lambda: broadcast_shape(a, b), text)
    text = "(2, 3) and (4, 5) do not broadcast"
    expect_error("(2, 3) with (4, 5)", lambda: broadcast_shape((2, 3), (4, 5)), text)
    ### BEGIN HIDDEN TESTS
    expect("broadcast_shape((1,), (0,))", broadcast_shape((1,), (0,)), (0,))
    expect_error("two clashes", lambda: broadcast_shape((2, 3), (4, 5)), "axis -1: 3")
    expect_error("as given", lambda: broadcast_shape((5, 2, 3), (4, 3)), "and (4, 3)")
    ### END HIDDEN TESTS


test_broadcast_shape()

# %% [markdown]
r"""
## Arithmetic

Every arithmetic method takes the same three steps: *unwrap* the operands, let numpy *compute*, *wrap* the result.
`operand` unwraps whatever stands on the other side of the operator. A numpy scalar becomes a Python number there:
numpy lets a scalar float64 turn a whole float32 array into float64, while a Python number leaves floats as they are.
`elementwise` computes with a *ufunc*, numpy's word for a function that works element by element, such as `np.add`. It
looks at the shapes only *after* numpy has refused, so that good calls pay nothing; then your `broadcast_shape` raises
its drawing in place of numpy's message. `wrap` is `Tensor(...)` without the checks at the door, for numpy's own results.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-operand"}}
#| export
def operand(value):
    """What numpy should compute with: an array, or a Python number."""
    if isinstance(value, Tensor):
        return value.data
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (bool, int, float)):
        return value
    return as_numbers(value) if isinstance(value, np.ndarray) else Tensor(value).data


def wrap(result):
    """A Tensor of what numpy has computed, without the checks of Tensor(result)."""
    tensor = object.__new__(Tensor)
    tensor.data = np.asarray(result)  # a single number comes as a scalar
    return tensor

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-elementwise"}}
#| export
def elementwise(ufunc, a, b):
    """ufunc(a, b) as an array; shapes that clash raise the error that draws them."""
    try:
        return ufunc(a, b)
    except ValueError as error:
        fault = error  # raised below, so that the reader meets one error and not two
    broadcast_shape(np.shape(a), np.shape(b))  # raises, if it was the shapes
    raise fault

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "01-tensor-add"}}
#| export
@extend(Tensor)
def __add__(self, other):
    """Add element by element, with broadcasting.

    Args: other, a Tensor, number, list or array.
    Returns: a new Tensor of the broadcast shape; self stays as it is.

    TODO: return self + other as a Tensor.

    APPROACH:
    1. Unwrap: self.data on one side, operand(other) on the other.
    2. Compute: elementwise(np.add, ..., ...).
    3. Wrap: wrap(...).

    EXAMPLE:
    >>> (Tensor([[1, 2], [3, 4]]) + [10, 20]).tolist()
    [[11.0, 22.0], [13.0, 24.0]]

    HINT: it fits on one line.
    """
    ### BEGIN SOLUTION
    return wrap(elementwise(np.add, self.data, operand(other)))  # broadcast shape
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Addition

What may stand on the right of `+`, and the drawn error.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "01-tensor-add-check"}}
def test_tensor_add():
    """Tensors, numbers, lists and arrays; float32 stays float32."""
    x = Tensor([[1, 2], [3, 4]])  # (2, 2)
    expect_tensor("x + x", x + x, [[2, 4], [6, 8]])
    expect_tensor("x itself, after x + x", x, [[1, 2], [3, 4]])
    expect_tensor("x + np.float64(10)", x + np.float64(10), [[11, 12], [13, 14]])
    expect_tensor("x + [10, 20]", x + [10, 20], [[11, 22], [13, 24]])
    expect_tensor("float64 + 1", Tensor(np.ones(2)) + 1, [2, 2], dtype="float64")
    expect_error("x + [1, 2, 3]", lambda: x + [1, 2, 3], "axis -1: 2 against 3")
    ### BEGIN HIDDEN TESTS
    expect_tensor("a column", x + np.array([[1], [2]], "float32"), [[2, 3], [5, 6]])
    expect("(1.5 + [1]).shape", (Tensor(1.5) + Tensor([1.0])).shape, (1,))
    ### END HIDDEN TESTS


test_tensor_add()

# %% [markdown]
r"""
The other operators differ from yours in one word, the name of numpy's function, so a table will do. `binary` makes a
method of two operands and `unary` one of a single operand. Python asks `x.__sub__(y)` for `x - y`. For `1 - x` the
number on the left does not know Tensors, so Python turns to the right: `x.__rsub__(1)`, with the operands *reflected*.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-makers"}}
#| export
def binary(ufunc, reflected=False):
    """Make a method for numpy's ufunc of two operands, broadcast to one shape."""

    def method(self, other):
        return wrap(elementwise(ufunc, self.data, operand(other)))

    def mirrored(self, other):
        return wrap(elementwise(ufunc, operand(other), self.data))

    chosen = mirrored if reflected else method
    chosen.__doc__ = f"numpy's {ufunc.__name__}, element by element, with broadcasting."
    return chosen


def unary(ufunc):
    """Make a method for numpy's ufunc of one operand; the shape stays."""

    def method(self):
        return wrap(ufunc(self.data))

    method.__doc__ = f"numpy's {ufunc.__name__} of each element."
    return method

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-operators"}}
#| export
Tensor.__radd__ = binary(np.add, reflected=True)
Tensor.__sub__, Tensor.__rsub__ = binary(np.subtract), binary(np.subtract, True)
Tensor.__mul__, Tensor.__rmul__ = binary(np.multiply), binary(np.multiply, True)
Tensor.__truediv__, Tensor.__rtruediv__ = binary(np.divide), binary(np.divide, True)
Tensor.__lt__, Tensor.__le__ = binary(np.less), binary(np.less_equal)
Tensor.__gt__, Tensor.__ge__ = binary(np.greater), binary(np.greater_equal)
Tensor.__eq__, Tensor.__ne__ = binary(np.equal), binary(np.not_equal)
Tensor.__hash__ = object.__hash__  # == compares elements; sets and dicts, identity
Tensor.maximum, Tensor.minimum = binary(np.maximum), binary(np.minimum)
Tensor.exp, Tensor.log, Tensor.sqrt = unary(np.exp), unary(np.log), unary(np.sqrt)
Tensor.tanh, Tensor.__neg__ = unary(np.tanh), unary(np.negative)

# %% [markdown]
r"""
:::{predict} `celsius` holds four numbers. What does `celsius + [1, 2, 3]` give?
- [ ] four numbers, the last one unchanged: nothing is filled up with zeros. Only an axis of size 1 is repeated.
- [ ] a matrix of 4 by 3, each with each: for that, `celsius` must be a column, of shape (4, 1).
- [x] an error, `axis -1: 4 against 3`: on the only axis the sizes differ, and neither of them is 1.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "01-arithmetic-demo"}}
celsius = Tensor([-40.0, 0.0, 37.0, 100.0])  # (4,)
print(celsius * 9 / 5 + 32)
print(celsius > 36.6)
print(Tensor([[1], [2], [3]]) * [1, 2, 3, 4])  # (3, 1) and (4,) -> (3, 4)
try:
    celsius + [1, 2, 3]
except ValueError as error:
    print(error)

# %% [markdown]
r"""
Powers look like one more row of the table. They are not: numpy's `x ** 3` calls a general power function for every
element, and on many machines that is very slow where the base is negative. Measure it against `x * x * x`:
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "01-power-timing"}}
base = np.linspace(-2, -1, 100_000, dtype=np.float32)  # (100000,)
power, product = seconds(lambda: base**3), seconds(lambda: base * base * base)
print(bars("100,000 negative float32", {"x ** 3": power, "x * x * x": product}, "s"))

# %% [markdown]
r"""
So our power multiplies when the exponent is 2 or 3, and leaves all others to numpy.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-power"}}
#| export
@extend(Tensor)
def __pow__(self, exponent):
    x, exponent = self.data, operand(exponent)
    if type(exponent) in (int, float) and exponent in (2, 3) and x.dtype.kind == "f":
        return wrap(x * x if exponent == 2 else x * x * x)
    return wrap(elementwise(np.power, x, exponent))

Tensor.__rpow__ = binary(np.power, reflected=True)

# %% [markdown]
r"""
## Reductions

A *reduction* folds an axis away: many numbers become one. The axis you name is the one that disappears, and that
sentence answers most questions about shapes.

```text
   x (2, 3)                      x.sum(axis=1)   (2,)
   ┌───┬───┬───┐
   │ 1 │ 2 │ 3 │   1 + 2 + 3  ────►  6
   ├───┼───┼───┤
   │ 4 │ 5 │ 6 │   4 + 5 + 6  ────► 15
   └───┴───┴───┘
     │   │   │
     ▼   ▼   ▼
     5   7   9     x.sum(axis=0)   (3,)         x.sum()   ()   21
```

`keepdims=True` leaves the axis in place with size 1, so that the result broadcasts against the original again:
`x / x.sum(axis=1, keepdims=True)` divides each row by its own sum, since (2, 3) and (2, 1) meet. As before a helper
does the computing, and turns an axis that is not there into a message that says which ones are.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-along"}}
#| export
def along(function, array, axis, keepdims):
    """Reduce array with a numpy function over axis: an int, a tuple of ints or None."""
    try:
        return function(array, axis=axis, keepdims=keepdims)
    except np.exceptions.AxisError:
        raise errors.no_axis(axis, array.shape) from None

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "01-tensor-sum"}}
#| export
@extend(Tensor)
def sum(self, axis=None, keepdims=False):
    """Add up the elements along an axis.

    Args: axis, an int, a tuple of ints, or None for all axes; keepdims, whether
        summed axes stay, with size 1.
    Returns: a Tensor; the axes summed over are gone, or of size 1.
    Raises: ValueError if there is no such axis.

    TODO: sum self.data over axis, and wrap the result.

    APPROACH:
    1. Compute: along(...) with numpy's function for sums, np.sum.
    2. Pass axis and keepdims on, and wrap the result.

    EXAMPLE:
    >>> Tensor([[1, 2, 3], [4, 5, 6]]).sum(axis=1).tolist()
    [6.0, 15.0]

    HINT: along takes four arguments; the second is self.data.
    """
    ### BEGIN SOLUTION
    return wrap(along(np.sum, self.data, axis, keepdims))  # axis gone, or 1
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Sum

Each axis, all at once, counted from either end, kept and not kept.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "01-tensor-sum-check"}}
def test_tensor_sum():
    """Values and shapes for every kind of axis."""
    x = Tensor([[1, 2, 3], [4, 5, 6]])  # (2, 3)
    expect_tensor("x.sum()", x.sum(), 21.0)
    expect_tensor("x.sum(axis=0)", x.sum(axis=0), [5, 7, 9])
    expect_tensor("x.sum(axis=-1)", x.sum(axis=-1), [6, 15])
    expect_tensor("x.sum(axis=(0, 1))", x.sum(axis=(0, 1)), 21.0)
    expect_tensor("x.sum(1, keepdims=True)", x.sum(1, keepdims=True), [[6], [15]])
    expect_error("x.sum(axis=2)", lambda: x.sum(axis=2), "from -2 to 1")
    ### BEGIN HIDDEN TESTS
    cube = Tensor(np.ones((2, 3, 4), "float32"))
    expect_tensor("axis=(0, -1)", cube.sum(axis=(0, -1)), [8, 8, 8])
    expect_tensor("float64", Tensor(np.ones(2)).sum(), 2.0, dtype="float64")
    expect("keepdims over all", cube.sum(keepdims=True).shape, (1, 1, 1))
    ### END HIDDEN TESTS


test_tensor_sum()

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-reductions"}}
#| export
@extend(Tensor)
def mean(self, axis=None, keepdims=False):
    """The average along an axis; arguments as for sum."""
    return wrap(along(np.mean, self.data, axis, keepdims))

@extend(Tensor)
def max(self, axis=None, keepdims=False):
    """The largest element along an axis; arguments as for sum."""
    return wrap(along(np.max, self.data, axis, keepdims))

# %% [markdown]
r"""
:::{predict} `grades` has shape (2, 3), two students by three tests. What shape has `grades.mean(axis=0)`?
:shows: mean of each test: … shape={}
- [x] `(3,)`: axis 0, the students, disappears, and one mean for each test is left.
- [ ] `(2,)`: that is what `axis=1` gives. The axis you name is the one that goes, not the one that stays.
- [ ] `(1, 3)`: an axis of size 1 stays behind only with `keepdims=True`.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "01-reduce-demo"}}
grades = Tensor([[6.0, 8.0, 10.0], [2.0, 9.0, 1.0]])  # (2, 3): students, tests
print("best of each student:", grades.max(axis=1))
print("mean of each test:   ", grades.mean(axis=0))
print(grades - grades.mean(axis=1, keepdims=True))  # (2, 3) - (2, 1) -> (2, 3)

# %% [markdown]
r"""
## Shape and Indexing

The same twelve numbers can be a row of 12, a grid of (3, 4) or a stack of (2, 2, 3). `reshape` keeps the order in which
the numbers are read, row after row, and changes only where rows end; one size may be -1, to be worked out from the
others. `transpose` swaps two axes, by default the last two: rows become columns, and in a stack of matrices each is
transposed and the stack left alone. Indexing takes what numpy takes, and Tensors of integers or booleans too: numbers,
slices, `None` for a new axis, a mask, lists of positions (two lists are read in pairs).
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-reshape"}}
#| export
@extend(Tensor)
def reshape(self, *shape):
    """The same numbers in another shape: x.reshape(2, 3) or x.reshape((2, 3))."""
    shape = shape[0] if len(shape) == 1 and np.ndim(shape[0]) else shape
    try:
        return wrap(self.data.reshape(shape))
    except ValueError:
        raise errors.no_reshape(self.shape, self.numel(), shape) from None

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-transpose"}}
#| export
@extend(Tensor)
def transpose(self, dim0=-2, dim1=-1):
    """Swap two axes; no number is copied. Raises ValueError if one is missing."""
    try:
        return wrap(np.swapaxes(self.data, dim0, dim1))  # (..., n, m) -> (..., m, n)
    except np.exceptions.AxisError:
        raise errors.no_swap(dim0, dim1, self.shape) from None

Tensor.T = property(lambda self: self.transpose(), doc="The last two axes swapped.")

@extend(Tensor)
def __len__(self):
    return len(self.data)

@extend(Tensor)
def __getitem__(self, index):
    if isinstance(index, tuple):
        index = tuple(i.data if isinstance(i, Tensor) else i for i in index)
    return wrap(self.data[index.data if isinstance(index, Tensor) else index])

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "01-index-demo"}}
x = Tensor(range(12)).reshape(3, -1)  # (12,) -> (3, 4)
print("x[1]             ", x[1])  # (4,)
print("x[:, 1:3]        ", x[:, 1:3].tolist())  # (3, 2)
print("x[x > 8]         ", x[x > 8])  # (3,)
print("x[[0, 2], [1, 3]]", x[[0, 2], [1, 3]])  # (2,)
print("x[:, None].shape ", x[:, None].shape)  # (3, 1, 4)

# %% [markdown]
r"""
## Memory Layout

How can a transpose swap millions of numbers without moving one? An array is a run of bytes plus a *reading rule*: its
shape, the byte where it starts (the **offset**), and its **strides**, how many bytes to step in memory to reach the
next element along each axis. A float32 matrix of shape (2, 3), stored row after row, has strides (12, 4): 4 bytes to
the next column, and 12, a whole row, to the next row. Swap the two, and the same bytes read as the transpose.

```text
             ┌────┬────┬────┬────┬────┬────┐
   memory    │  1 │  2 │  3 │  4 │  5 │  6 │
             └────┴────┴────┴────┴────┴────┘
   byte      0    4    8    12   16   20

   x     shape (2, 3)  strides (12, 4)     x[1, 2]     1·12 + 2·4 = byte 20
   x.T   shape (3, 2)  strides (4, 12)     x.T[2, 1]   2·4 + 1·12 = byte 20
```

In general, element $(i_0, i_1, \dots)$ lies $\sum_k i_k s_k$ bytes after the offset, with $s_k$ the stride of axis $k$.
An array whose numbers lie row after row without gaps is called **contiguous**. For float32 of shape (2, 2, 3) its
strides are (24, 12, 4): 4 bytes to the next number, 3·4 to the next row, 2·12 to the next matrix. Compute them:
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "01-contiguous-strides"}}
#| export
def contiguous_strides(shape, itemsize):
    """The strides of an array that is stored row after row.

    Args: shape, a tuple of sizes, none of them 0; itemsize, bytes per element.
    Returns: a tuple of ints, the step in bytes along each axis; () for shape ().

    TODO: compute the stride of each axis.

    APPROACH:
    1. The last axis steps by itemsize.
    2. Each axis before it steps by the stride of the axis after it, times that
       axis's size. So go over the sizes from the last to the first.
    3. You collect the strides last axis first; turn them round at the end.

    EXAMPLE:
    >>> contiguous_strides((2, 3), 4)
    (12, 4)

    HINT: reversed(...) goes backward over a list or a tuple.
    """
    ### BEGIN SOLUTION
    strides, step = [], itemsize
    for size in reversed(shape):
        strides.append(step)
        step = step * size
    return tuple(reversed(strides))
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Strides

numpy knows the strides of its arrays, so it can be the judge.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "01-contiguous-strides-check"}}
def test_contiguous_strides():
    """The strides of new numpy arrays of several shapes and types."""
    for shape, dtype in [((), "int8"), ((2, 3), "float64"), ((4, 2, 3), "float32")]:
        array = np.zeros(shape, dtype)
        got = contiguous_strides(shape, array.itemsize)
        expect(f"contiguous_strides({shape}, {array.itemsize})", got, array.strides)
    ### BEGIN HIDDEN TESTS
    expect("contiguous_strides((5,), 2)", contiguous_strides((5,), 2), (2,))
    expect("four axes", contiguous_strides((2, 3, 4, 5), 1), (60, 20, 5, 1))
    ### END HIDDEN TESTS


test_contiguous_strides()

# %% [markdown]
r"""
A result that shares its memory with the original is a **view**; one with memory of its own is a **copy**. Transpose
and slices give views, and reshape where a reading rule exists. Arithmetic, masks and lists of positions never do.

:::{predict} Which of these three has to copy the numbers?
:shows: {} … copy
- [ ] `x.T`: two strides change places, and the bytes stay where they are.
- [x] `x.T.reshape(12)`: read row by row, `x.T` jumps about in memory, and a single stride cannot say how.
- [ ] `x[::2]`: every second row means a stride twice as long from row to row.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "01-views-demo"}}
x = Tensor(range(12)).reshape(3, 4)  # (3, 4)
results = {"x": x, "x.T": x.T, "x[:, 1:3]": x[:, 1:3], "x[::2]": x[::2]}
results |= {"x.T.reshape(12)": x.T.reshape(12), "x[[0, 2]]": x[[0, 2]], "x * 1": x * 1}
rows = []
for name, y in results.items():
    memory = "view" if np.shares_memory(x.data, y.data) else "copy"
    contiguous = y.data.strides == contiguous_strides(y.shape, y.data.itemsize)
    rows.append([name, y.shape, y.data.strides, contiguous, memory])
print(table(["", "shape", "strides", "contiguous", "memory"], rows))

# %% [markdown]
r"""
Follow the row of `x.T.reshape(12)`. Read row by row, `x.T` visits the numbers in the order 0, 4, 8, 1, 5, … No single
step describes that order, so flattening it has to copy; the copy itself is contiguous. Broadcasting is a reading rule
too: repeated along an axis means a stride of 0 there. To reach the next row, step nowhere.

## Matrix Multiplication

The product of a matrix (n, k) with a matrix (k, m) has shape (n, m). Each element is a row of the first met with a
column of the second: multiply pair by pair, add up. In a formula, $c_{ij} = \sum_p a_{ip}\, b_{pj}$.

```text
                          b (3, 2)
                        ┌─────┬─────┐
                        │   7 │   8 │
                        ├─────┼─────┤
                        │   9 │  10 │
                        ├─────┼─────┤
                        │  11 │  12 │
      a (2, 3)          └─────┴─────┘
   ┌───┬───┬───┐        ┌─────┬─────┐
   │ 1 │ 2 │ 3 │  ────► │  58 │  64 │   58 = 1·7 + 2·9 + 3·11
   ├───┼───┼───┤        ├─────┼─────┤
   │ 4 │ 5 │ 6 │        │ 139 │ 154 │
   └───┴───┴───┘        └─────┴─────┘
```

Write that sentence as loops once in your life, on plain lists. It is slow, and you will soon measure how slow, but it
is the definition, and everything faster must agree with it.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "01-matmul-loops"}}
def matmul_loops(a, b):
    """The product of two matrices, by its definition.

    Args: a, a list of n rows of k numbers; b, a list of k rows of m numbers.
    Returns: a list of n rows of m numbers.

    TODO: fill in each element of the product.

    APPROACH:
    1. Start with n rows of m zeros; n is len(a), m is len(b[0]).
    2. For each row i of a, each column j of b, and each p below k,
       add a[i][p] * b[p][j] to element i, j.

    EXAMPLE:
    >>> matmul_loops([[1, 2, 3], [4, 5, 6]], [[7, 8], [9, 10], [11, 12]])
    [[58, 64], [139, 154]]

    HINT: [[0] * m for _ in range(n)] makes rows that are independent lists.
    """
    ### BEGIN SOLUTION
    n, k, m = len(a), len(b), len(b[0])
    out = [[0] * m for _ in range(n)]  # (n, m)
    for i in range(n):
        for j in range(m):
            for p in range(k):
                out[i][j] += a[i][p] * b[p][j]
    return out
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Definition

The example from the picture, a row times a column, and a column times a row.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "01-matmul-loops-check"}}
def test_matmul_loops():
    """Products small enough to do by hand."""
    a, b = [[1, 2, 3], [4, 5, 6]], [[7, 8], [9, 10], [11, 12]]
    expect("the product in the picture", matmul_loops(a, b), [[58, 64], [139, 154]])
    row, column = [[1, 2, 3]], [[4], [5], [6]]
    expect("row times column", matmul_loops(row, column), [[32]])
    got, expected = matmul_loops(column, [[1, 2]]), [[4, 8], [5, 10], [6, 12]]
    expect("column times row", got, expected)
    ### BEGIN HIDDEN TESTS
    got = matmul_loops([[0, -1], [1, 0]], [[2, 0], [0, 3]])
    expect("a quarter turn", got, [[0, -3], [2, 0]])
    ### END HIDDEN TESTS


test_matmul_loops()

# %% [markdown]
r"""
Real work goes to compiled code, through one helper, so that there is one place to choose the fastest way. On a computer
`np.matmul` hands float matrices to a BLAS (Basic Linear Algebra Subprograms), a library tuned to the processor. In the
browser, which Python calls `emscripten`, numpy has no BLAS, and `np.einsum` is faster once rows are long. Its text
`"ip,pj->ij"` is the formula letter for letter: p, missing on the right, is summed over.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-contract"}}
#| export
def contract(a, b):
    """The matrix product a @ b of two arrays, by the faster of two ways."""
    if sys.platform == "emscripten" and a.ndim == b.ndim == 2 and b.shape[1] >= 64:
        return np.einsum("ip,pj->ij", a, b)  # (n, k), (k, m) -> (n, m)
    try:
        return np.matmul(a, b)  # (..., n, k), (..., k, m) -> (..., n, m)
    except ValueError:
        raise errors.stack_clash(a.shape, b.shape) from None

# %% [markdown]
r"""
What remains is deciding what may be multiplied. The **inner axes** must agree: the last of `a` and the last but one of
`b`. A vector has only one axis, and that one counts. With more than two axes, the first ones are a stack of matrices,
multiplied one by one, and stacks broadcast by the rule you know. We check before we compute: einsum would take an inner
axis of size 1 for one to be repeated, and say nothing.

```text
   a            b            a @ b        inner axes are called k
   (n, k)       (k, m)       (n, m)       matrix times matrix
   (n, k)       (k,)         (n,)         matrix times vector
   (k,)         (k, m)       (m,)         vector times matrix
   (k,)         (k,)         ()           two vectors: the dot product
   (s, n, k)    (k, m)       (s, n, m)    s matrices, each times b
   (s, n, k)    (s, k, m)    (s, n, m)    s pairs of matrices
```
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "01-tensor-matmul"}}
#| export
@extend(Tensor)
def __matmul__(self, other):
    """The matrix product of vectors, matrices or stacks of matrices.

    Args: other, a Tensor, list or array.
    Returns: a Tensor; (..., n, k) @ (..., k, m) -> (..., n, m).
    Raises: ValueError if a side has no axis, or inner axes or stacks do not fit.

    TODO: check the inner axes of the arrays a and b, then multiply.

    APPROACH:
    1. If an ndim is 0, raise errors.no_product(a.shape, b.shape).
    2. Do the same if the inner axes differ: -1 of a, and -2 of b, or -1 of b if b
       is a vector.
    3. Otherwise contract a and b, and wrap the result.

    EXAMPLE:
    >>> (Tensor([[1, 2, 3], [4, 5, 6]]) @ Tensor([1, 0, 1])).tolist()
    [4.0, 10.0]

    HINT: b.shape[-2] is the size of the last axis but one.
    """
    a, b = self.data, np.asarray(operand(other))  # a number becomes shape ()
    ### BEGIN SOLUTION
    axis = -1 if b.ndim == 1 else -2
    if 0 in (a.ndim, b.ndim) or a.shape[-1] != b.shape[axis]:
        raise errors.no_product(a.shape, b.shape)
    return wrap(contract(a, b))  # (..., n, k) @ (..., k, m) -> (..., n, m)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Matrix Multiplication

The rows of the table, inner axes that differ, and a number, which has none.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "01-tensor-matmul-check"}}
def test_tensor_matmul():
    """Vectors, matrices and stacks; and the drawn error."""
    a, v = Tensor([[1, 2, 3], [4, 5, 6]]), Tensor([1, 0, 1])  # (2, 3) and (3,)
    b = Tensor([[7, 8], [9, 10], [11, 12]])  # (3, 2)
    expect_tensor("a @ b", a @ b, [[58, 64], [139, 154]])
    expect_tensor("a @ v", a @ v, [4, 10])
    expect_tensor("v @ b", v @ b, [18, 20])
    expect_tensor("v @ v", v @ v, 2.0)
    pair = Tensor([a.tolist(), a.tolist()])  # (2, 2, 3)
    expect("shape of (2, 2, 3) @ (3, 2)", (pair @ b).shape, (2, 2, 2))
    expect("shape of (2, 2, 3) @ (2, 3, 2)", (pair @ pair.T).shape, (2, 2, 2))
    expect_error("(2, 3) @ (2, 3)", lambda: a @ a, "a has 3 (axis -1), b has 2")
    expect_error("a @ 5", lambda: a @ 5, "needs an axis")
    ### BEGIN HIDDEN TESTS
    expect_tensor("a @ array", a @ np.ones((3, 1), "float32"), [[6], [15]])
    expect_error("vectors", lambda: v @ Tensor([1, 2]), "b has 2 (axis -1)")
    expect_error("5 @ v", lambda: Tensor(5) @ v, "needs an axis")
    ### END HIDDEN TESTS


test_tensor_matmul()

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-rmatmul"}}
#| export
@extend(Tensor)
def __rmatmul__(self, other):
    return Tensor(operand(other)) @ self

# %% [markdown]
r"""
:::{predict} `batch` has shape (2, 3) and `weights` (3, 2). What does `weights @ batch.T` give?
- [ ] a matrix of shape `(3, 3)`: that is `weights @ batch`. Transposed, `batch` has the shape (3, 2) as well.
- [ ] a matrix of shape (3, 2), element by element: that is `weights * batch.T`. `@` takes rows by columns.
- [x] an error, `inner axes: a has 2 (axis -1), b has 3 (axis -2)`: (3, 2) meets (3, 2), and the inner sizes differ.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "01-matmul-demo"}}
batch = Tensor([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]])  # (2, 3): two examples
weights, bias = Tensor([[1, 0], [0, 1], [1, 1]]), Tensor([10, 20])  # (3, 2) and (2,)
print(batch @ weights + bias)  # (2, 3) @ (3, 2) + (2,) -> (2, 2)
try:
    weights @ batch.T
except ValueError as error:
    print(error)

# %% [markdown]
r"""
The line `batch @ weights + bias` is all that a linear layer computes. Chapter 03 gives it a name.

## Part 2: Systems Analysis

### Memory Profiling

Python's `tracemalloc` keeps account of memory as it is asked for, and numpy reports its arrays to it. Each line below
runs on 1,000 by 1,000 float32 numbers: 4,000,000 bytes, or 3.8 MiB of 1,048,576 bytes. Guess each row before you look.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "01-memory"}}
x = Tensor(np.ones((1000, 1000), dtype=np.float32))  # (1000, 1000)
operations = {
    "x.reshape(-1)": lambda: x.reshape(-1),
    "x.T": lambda: x.T,
    "x.T.reshape(-1)": lambda: x.T.reshape(-1),
    "x + x[0]": lambda: x + x[0],
    "x * 2 + 1": lambda: x * 2 + 1,
    "x.sum(axis=0)": lambda: x.sum(axis=0),
    "x @ x": lambda: x @ x,
}
peaks = {name: traced(operation)[1] for name, operation in operations.items()}
print(bars("peak memory", peaks, "B"))

# %% [markdown]
r"""
The first two are views and cost a few hundred bytes for the Python objects, whatever the size of `x`. `x + x[0]`
allocates its result and nothing else: the row was never repeated in memory. `x * 2 + 1` needs two matrices at its peak,
because `x * 2` must exist before 1 can be added. Here it is freed at once. Training, from chapter 05 on, has to keep
such results, and then they fill the memory.

### Timing That Scales

A product of two n by n matrices takes $2n^3$ FLOPs, so doubling n should take eight times as long. Does it? And what
do the loops cost, which do exactly the same arithmetic?
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "01-matmul-timing"}}
rows, before = [], None
for n in [16, 32, 64, 128, 256, 512]:
    a = Tensor(np.full((n, n), 0.5, dtype=np.float32))  # (n, n)
    time, flops = seconds(lambda a=a: a @ a), 2 * n**3
    growth = f"{time / before:.1f} x" if before else ""
    loops, before, numbers = "", time, a.tolist()
    if n <= 32:
        slow = seconds(lambda numbers=numbers: matmul_loops(numbers, numbers))
        loops = f"{slow / time:.0f} x slower"
    rate = show(flops / time, "FLOP/s")
    rows.append([n, show(flops, "FLOP"), show(time, "s"), growth, rate, loops])
print(table(["n", "work", "a @ a", "growth", "rate", "loops"], rows))

# %% [markdown]
r"""
For small n it does not: a call costs a microsecond or a few whatever it computes (Python, checks, making room for the
result), so doubling n adds little. Further down the growth comes near 8. (With several threads at work, expect a
dent where the second one starts.) The loops grow eightfold from the start, and lose all the same: Python spends tens of
nanoseconds on each step. In large products each number is needed n times, and a good library keeps it close to the
processor meanwhile. Hence the rule of thumb: *few large operations, not many small ones*.

Layout matters as well. Memory arrives in the processor in blocks of 64 bytes or more, at least sixteen float32
numbers. A walk along a row uses every number of a block, and the next block is fetched ahead of time. A walk down a
column takes one number of each block. The next cell sums 125 rows of a matrix one by one, then 125 columns.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "01-layout-timing"}}
grid = np.ones((2000, 2000), dtype=np.float32)  # strides (8000, 4)
by_row = seconds(lambda: [grid[i].sum() for i in range(0, 2000, 16)])
by_column = seconds(lambda: [grid[:, i].sum() for i in range(0, 2000, 16)])
print(bars("125 sums of 2,000 numbers", {"rows": by_row, "columns": by_column}, "s"))

# %% [markdown]
r"""
## Part 3: Production Context

PyTorch's tensor is built on the same plan, and most of what you know now carries over.

```text
   x + y ──► dispatcher ──► CPU or GPU kernel ──► loop for the number type
             device,        TensorIterator:       float32, bfloat16, …
             layout         shapes and strides
```

| here | in PyTorch |
|---|---|
| `data`, a numpy array | a *storage* of bytes, with sizes, strides and an offset into it; strides count elements, not bytes |
| views from `reshape`, `T`, slices | the same; `view` refuses where it would have to copy, `contiguous()` copies if needed |
| broadcasting without copying | `expand` makes a view whose stride is 0 on the repeated axis |
| `Tensor(array)` shares memory | `torch.from_numpy` and `torch.as_tensor` share, `torch.tensor` copies |
| `elementwise`, `along` | *TensorIterator*, which works out the common shape and type and splits work over threads |
| one `if` on `sys.platform` | the *dispatcher*, which picks a kernel by device and layout, and by whether derivatives are recorded |

Why so much machinery? The same line must also run on a GPU, whose memory is separate: hence `x.to("cuda")`. `x * 2 + 1`
writes a matrix only to read it back: `torch.compile` can fuse both steps into one pass. And bfloat16 halves the bytes
once more; it keeps float32's range and gives up digits.

Some things differ. An integer array times 0.5 is float64 here, by numpy's rules, and float32 in PyTorch. PyTorch
prefers `dim` and `keepdim` to `axis` and `keepdims`, and its `max(dim=…)` returns positions too; `amax` is ours. On more
than two axes, our `T` is PyTorch's `mT`. And a Tensor here takes no assignment such as `x[0] = 1`.

What a Tensor cannot do yet is say how its result would change if an input changed. Derivatives come in chapter 05, and
they need not one changed line in what you wrote here.
"""

# %% [code] {"tags": ["main"], "nbgrader": {"grade_id": "01-main"}}
from tinytorch.utils.check import run_all_tests

if __name__ == "__main__":
    run_all_tests(globals())

# %% [markdown]
r"""
## 🤔 ML Systems Thinking

**1.** A batch `x` has shape (32, 32). Someone wants each row minus its mean, and writes `x - x.mean(axis=1)`. There is
no error. What comes out, and why would a batch of shape (32, 10) have been luckier?

:::{dropdown} Answer
`x.mean(axis=1)` has shape (32,), which broadcasts as a *row*: from column j the mean of row j is taken away, which
means nothing. With (32, 10) the shapes clash and the error tells. The cure is `keepdims=True`, for shape (32, 1).
Square shapes hide mistakes; test with sizes that differ.
:::

**2.** You load an array of 1 GiB, keep `sample = Tensor(array)[::1000]` and delete all else. How much memory is freed?

:::{dropdown} Answer
None. The slice is a view and keeps the whole run of bytes alive. Once you keep only `sample * 1`, a copy, it can go.
:::

**3.** A layer computes `x @ w + b` with `x` (256, 784), `w` (784, 128) and `b` (128,). How much of the arithmetic is
the `+ b`? How much of the newly allocated memory?

:::{dropdown} Answer
The product takes 2·256·784·128 = 51,380,224 FLOPs and the sum 256·128 = 32,768, less than a thousandth. But each
allocates a result of shape (256, 128): half of the new memory each. Arithmetic and memory are two different bills.
:::

**4.** Adding two float32 vectors reads 8 bytes and writes 4 for one FLOP. Suppose a machine computes 100 billion FLOPs
a second and moves 20 billion bytes a second. Which limits `x + y`? Which limits `a @ a` at n = 1000?

:::{dropdown} Answer
`x + y`: a billion elements mean 12 billion bytes, 0.6 s, and a billion FLOPs, 0.01 s. Memory limits it. `a @ a`: 8
million bytes if each number is moved once, 0.4 ms, and 2 billion FLOPs, 20 ms. Arithmetic limits it.
:::

## 🎯 Module Summary

You have built the block that everything else is made of.

- A **Tensor** is a flat run of numbers of one type and a rule for reading it: shape, offset, strides.
- **Broadcasting** compares shapes from the right; sizes are equal, or one is 1. Nothing is copied.
- A **reduction** removes the axis you name; `keepdims` leaves a 1, so that the result still fits.
- A **view** is free and shares memory; it is possible where strides over the old bytes describe the result. Else numbers
  are copied, and arithmetic always makes new ones.
- A **matrix product** costs $2nkm$ FLOPs, and large ones use the machine far better than small ones.

What you built is `tinytorch.core.tensor`. `x @ w + b` draws straight lines, and one such step after another still draws
straight lines. Chapter 02 puts functions such as tanh between them, and the lines start to bend.
"""
