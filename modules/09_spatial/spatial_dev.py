# %% [markdown]
r"""
# Module 09: Spatial

To a linear layer an image is a row of numbers. It does not know which of them are neighbors, and must learn to
recognize a stroke anew at each place where one may lie. A *convolution* looks at one small patch at a time, with the
same few weights at every place. In this chapter you build it twice: as it is defined, in loops, and as it is
computed, by one large matrix product. Then come its way back, pooling and batch normalization, and a network of fewer
than two thousand numbers that reads handwriting.

**Learning Objectives:**

- Say the shape that a convolution gives, its parameters, and its arithmetic, before running it.
- Build convolution from loops, then from patches laid out as columns, and explain what is won and what it costs.
- Derive the way back of a copy, a product and a maximum, and check it with `gradcheck`.
- Build pooling and batch normalization, and say what changes between training and use.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "09-imports"}}
#| default_exp core.spatial
#| names Conv2d MaxPool2d AvgPool2d BatchNorm2d Flatten
#| export
import math

import numpy as np

from tinytorch.core.autograd import Function, recorded
from tinytorch.core.layers import Layer
from tinytorch.core.tensor import Tensor, contract, operand, wrap
from tinytorch.utils import buffers
from tinytorch.errors import spatial as errors

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "09-tools"}}
from tinytorch.core.activations import ReLU
from tinytorch.core.autograd import gradcheck, no_grad
from tinytorch.core.dataloader import DataLoader, TensorDataset
from tinytorch.core.layers import Linear, Sequential
from tinytorch.core.losses import cross_entropy
from tinytorch.core.optimizers import SGD
from tinytorch.core.tensor import extend
from tinytorch.core.training import Trainer, accuracy
from tinytorch.data import load_digits
from tinytorch.utils import plot
from tinytorch.utils.check import expect, expect_close, expect_error
from tinytorch.utils.measure import bars, seconds, show, table, traced

# %% [markdown]
r"""
## Part 1: Mathematical Foundations

Take a small grid of weights, a **kernel**, and lay it over the upper left corner of an image. Multiply each weight by
the pixel under it, add the products up, and write the sum down. Move the kernel one pixel to the right and do it
again; at the end of the row, go one down. The sums make an image of their own, a **feature map**.

```text
   image (4, 4)                kernel (2, 2)         feature map (3, 3)
   ┌───┬───┬───┬───┐           ┌────┬────┐           ┌────┬────┬────┐
   │ 0 │ 0 │ 1 │ 1 │           │ -1 │  1 │           │  0 │  2 │  0 │
   ├───┼───┼───┼───┤           ├────┼────┤           ├────┼────┼────┤
   │ 0 │ 0 │ 1 │ 1 │           │ -1 │  1 │           │  0 │  2 │  0 │
   ├───┼───┼───┼───┤           └────┴────┘           ├────┼────┼────┤
   │ 0 │ 0 │ 1 │ 1 │                                 │  0 │  2 │  0 │
   ├───┼───┼───┼───┤                                 └────┴────┴────┘
   │ 0 │ 0 │ 1 │ 1 │           the 2 at row 0, column 1:
   └───┴───┴───┴───┘           -1·0 + 1·1 - 1·0 + 1·1 = 2
```

This kernel answers one question at every place: does it get brighter here from left to right? It found the edge, on
all rows, with four weights. An image with $C$ **channels** (three colors; or the feature maps of the layer before)
meets a kernel with $C$ grids, and all products go into one sum. A layer has $O$ kernels, and so makes $O$ feature
maps. With a kernel of $k_h$ by $k_w$ and a bias $b_o$, the map $o$ at row $r$ and column $q$, counted from 0, is

$$y_{o r q} = b_o + \sum_{c=0}^{C-1} \sum_{i=0}^{k_h-1} \sum_{j=0}^{k_w-1} w_{o c i j}\; x_{c,\, r + i,\, q + j}$$

(In mathematics a convolution mirrors the kernel first; this one is called *correlation* there. For weights that are
learned it makes no difference.)

### Computational Complexity

For $N$ images with $H W$ pixels, and as many places of the kernel; beside it the linear layer that would map the same
numbers to the same numbers:

| | parameters | arithmetic |
|---|---|---|
| convolution | $O\, C\, k_h k_w + O$ | $2 N H W \cdot O\, C\, k_h k_w$ |
| linear layer | $O H W \cdot C H W + O H W$ | $2 N H W \cdot O\, C\, H W$ |

From one channel to eight, on images of 8 by 8 with kernels of 3 by 3: 80 parameters against 33,280. The size of the
image does not matter for the first number at all.

## How Many Places?

A kernel of 3 on a row of 5 pixels has three places. Two settings change that. **Padding** puts a frame of zeros
around the image, so that the kernel can also stand at its edge. A **stride** of $s$ moves the kernel by $s$ pixels
each time (here it counts pixels, not bytes as in chapter 01).

```text
   size 5, kernel 3              size 5, kernel 3, padding 1        size 6, kernel 3, stride 2

   ■ ■ ■ ■ ■                     □ ■ ■ ■ ■ ■ □                      ■ ■ ■ ■ ■ ■
   ─────                         ─────                              ─────
     ─────                         ─────                                ─────
       ─────                         ─────                                  ── no: one is missing
                                       ─────
   3 places                              ─────   5 places           2 places
```
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "09-output-size"}}
#| export
def output_size(size, kernel, stride=1, padding=0):
    """How many places a kernel has along an axis.

    Args: size, pixels along the axis; kernel, entries along it; stride, from one place
        to the next; padding, zeros at each end; all ints.
    Raises: ValueError if the kernel is longer than the padded axis.

    TODO: count the places.

    APPROACH:
    1. Find how far the kernel can move: the padded size less the kernel.
    2. If that is negative, raise errors.kernel_too_large(size, kernel, padding).
    3. Return how many whole steps fit into that, and 1 for the place at the start.

    EXAMPLE:
    >>> output_size(5, 3), output_size(5, 3, padding=1), output_size(6, 3, stride=2)
    (3, 5, 2)

    HINT: // divides and rounds down.
    """
    ### BEGIN SOLUTION
    room = size + 2 * padding - kernel
    if room < 0:
        raise errors.kernel_too_large(size, kernel, padding)
    return room // stride + 1
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Size

The pictures; a kernel as large as the image; and one that is larger.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 1, "grade_id": "09-output-size-check"}}
def test_output_size():
    """Sizes with and without stride and padding."""
    cases = [((5, 3), 3), ((5, 3, 1, 1), 5), ((6, 3, 2), 2), ((7, 3, 2), 3)]
    cases += [((28, 5, 1, 2), 28), ((4, 4), 1), ((2, 4, 1, 1), 1), ((8, 2, 2), 4)]
    for given, expected in cases:
        expect(f"output_size{given}", output_size(*given), expected)
    expect_error("output_size(3, 4)", lambda: output_size(3, 4), "does not fit")
    ### BEGIN HIDDEN TESTS
    expect("a large stride", output_size(9, 2, 20), 1)
    expect_error("padded", lambda: output_size(2, 7, padding=2), "2 + 2·2 = 6")
    ### END HIDDEN TESTS


test_output_size()

# %% [markdown]
r"""
## Convolution by Its Definition

Now the sentence from above as loops, for one image: for each kernel, for each place, multiply the patch under the
kernel by the kernel, and add everything up. numpy does the innermost three sums. (From here on, `x` and `weight` are
plain arrays; the Tensors come back when the layer is put together.)
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "09-conv-loops"}}
def conv_loops(x, weight, stride=1):
    """The feature maps of one image, an array (O, height, width) of x's dtype.

    Args: x, an array (C, H, W); weight, an array (O, C, kh, kw); stride, an int.

    TODO: fill in each entry of each map.

    APPROACH:
    1. Find height and width with output_size, and make an array of zeros for the maps.
    2. For each map o, row r and column q (np.ndindex(maps.shape) goes over all three):
       the patch begins at row r * stride and column q * stride of x, has the kernel's
       height and width, and all channels.
    3. Multiply it by weight[o], add everything up, and put the sum at (o, r, q).

    EXAMPLE:
    >>> conv_loops(np.ones((1, 2, 3)), np.ones((1, 1, 2, 2))).tolist()
    [[[4.0, 4.0]]]

    HINT: x[:, a : a + kh, b : b + kw] is the patch whose corner is (a, b).
    """
    count, _, kh, kw = weight.shape
    ### BEGIN SOLUTION
    height = output_size(x.shape[1], kh, stride)
    width = output_size(x.shape[2], kw, stride)
    maps = np.zeros((count, height, width), x.dtype)
    for o, r, q in np.ndindex(maps.shape):
        a, b = r * stride, q * stride
        maps[o, r, q] = (x[:, a : a + kh, b : b + kw] * weight[o]).sum()  # (C, kh, kw)
    return maps
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Definition

The picture; two channels and three kernels, on an image that is not square; and a stride.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "09-conv-loops-check"}}
def test_conv_loops():
    """Maps small enough to do by hand."""
    image = np.array([[[0.0, 0.0, 1.0, 1.0]] * 4])  # (1, 4, 4)
    edge = np.array([[[[-1.0, 1.0], [-1.0, 1.0]]]])  # (1, 1, 2, 2)
    got = conv_loops(image, edge)
    expect("the picture", got.tolist(), [[[0.0, 2.0, 0.0]] * 3])
    ramp = np.arange(20, dtype=np.float32).reshape(1, 5, 4)  # (1, 5, 4)
    got = conv_loops(ramp, np.ones((1, 1, 1, 1), np.float32), stride=2)
    expect("with stride 2", got.tolist(), [[[0.0, 2.0], [8.0, 10.0], [16.0, 18.0]]])
    expect("maps of float32", str(got.dtype), "float32")
    x = np.arange(24.0).reshape(2, 3, 4)  # (2, 3, 4)
    weight = np.zeros((3, 2, 2, 3))  # (3, 2, 2, 3): kernels of 2 by 3
    weight[0, 1, 1, 2], weight[1, 0, 0, 0], weight[2, :, 0, 1] = 1.0, 2.0, 1.0
    got = conv_loops(x, weight)
    expected = [[[18.0, 19.0], [22.0, 23.0]], [[0.0, 2.0], [8.0, 10.0]]]
    expected += [[[14.0, 16.0], [22.0, 24.0]]]
    expect("two channels, three kernels", got.tolist(), expected)
    ### BEGIN HIDDEN TESTS
    got = conv_loops(x[:, :, :3], np.ones((1, 2, 1, 3)), stride=2)
    expect("one column, stride 2", got.tolist(), [[[42.0], [90.0]]])
    expect_error("too large", lambda: conv_loops(image, np.ones((1, 1, 5, 1))), "fit")
    ### END HIDDEN TESTS


test_conv_loops()

# %% [markdown]
r"""
What do kernels see? Here are three on handwritten digits: one asks for edges from left to right, one for edges from
top to bottom, and one takes the mean of its nine pixels. Orange is negative, blue is positive.
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "09-edges-demo"}}
images, labels, unseen_images, unseen_labels = load_digits()  # (1437, 1, 8, 8), …
edges = np.float32([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]) / 3  # (3, 3)
kernels = np.stack([edges, edges.T, np.full((3, 3), 1 / 9, np.float32)])[:, None]
rows = []
for digit in [0, 1, 4, 7]:
    image = np.pad(images[digit], [(0, 0), (1, 1), (1, 1)])  # (1, 10, 10)
    rows.append(np.concatenate([images[digit], conv_loops(image, kernels)]))
titles = ["image", "left to right", "top to bottom", "mean"] * 4
plot.images(np.stack(rows), titles=titles, size=84)

# %% [markdown]
r"""
Shift the image, and each map shifts with it, as far as nothing leaves at the edge: what is recognized at one place is
recognized at all. And nobody has to choose the kernels. They are weights, and training finds them.

## Seen from the Kernel

The loops above ask at each place: which pixels does the kernel meet here? Turn the question round. Which pixels does
*one entry* of the kernel meet, over all places? In a row of 5 pixels, with a kernel of 3 entries:

```text
   x            x0  x1  x2  x3  x4

   entry 0      x0  x1  x2               at the places 0, 1, 2
   entry 1          x1  x2  x3
   entry 2              x2  x3  x4
```

Each entry sees nearly the whole image, shifted; with a stride of 2, every other pixel of it. That is a slice, and
slices are views that copy nothing. So instead of a step for each place, hundreds in a small image and tens of
thousands in a photograph, there is one for each entry of the kernel: nine. The rest of this chapter is made of these
views.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "09-windows"}}
#| export
def windows(x, kernel, stride=1):
    """What each entry of a kernel meets, over all its places.

    Args: x, an array (..., H, W); kernel, its height and width, a pair; stride, an int.
    Returns: a list of kh * kw views of x, each (..., height, width), one for each entry
        of the kernel, row by row.

    TODO: make the list.

    APPROACH:
    1. Find height and width of the views with output_size.
    2. For each row i of the kernel, and each column j in it, take height rows of x, the
       first of them i and the others a stride apart, and width columns likewise from j.

    EXAMPLE:
    >>> [view.tolist() for view in windows(np.arange(5)[None], (1, 3))]
    [[[0, 1, 2]], [[1, 2, 3]], [[2, 3, 4]]]

    HINT: begin : begin + stride * count : stride picks count positions; x[..., rows,
    columns] leaves all axes before the last two as they are.
    """
    ### BEGIN SOLUTION
    height = output_size(x.shape[-2], kernel[0], stride)
    width = output_size(x.shape[-1], kernel[1], stride)
    views, down, right = [], stride * height, stride * width
    for i, j in np.ndindex(*kernel):
        views.append(x[..., i : i + down : stride, j : j + right : stride])
    return views
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Windows

Kernels that are not square; a stride, where rows at the end fit no window; axes in front; and that nothing is copied.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "09-windows-check"}}
def test_windows():
    """The views, in order, against patches cut out one by one."""
    x = np.arange(40.0).reshape(5, 8)
    for kernel, stride in [((2, 3), 1), ((2, 3), 2), ((3, 1), 2), ((5, 8), 1)]:
        corners = x[: 6 - kernel[0] : stride, : 9 - kernel[1] : stride]
        places = [(i, j) for i in range(kernel[0]) for j in range(kernel[1])]
        want = [(corners + 8 * i + j).tolist() for i, j in places]
        got = [np.asarray(view).tolist() for view in windows(x, kernel, stride)]
        expect(f"windows(x, {kernel}, {stride})", got, want)
    views = windows(np.zeros((2, 3, 5, 8)), (2, 2))
    expect("shape of views of (2, 3, 5, 8)", views[3].shape, (2, 3, 4, 7))
    shared = [np.shares_memory(view, x) for view in windows(x, (1, 2))]
    expect("views that share the memory of x", shared, [True, True])
    ### BEGIN HIDDEN TESTS
    expect_error("too large", lambda: windows(x, (6, 1)), "does not fit")
    ### END HIDDEN TESTS


test_windows()

# %% [markdown]
r"""
## One Matrix Product

Write what entry 0 meets into the first row of a matrix, all places one after the other, what entry 1 meets into the
second, and so on. A column then holds the whole patch at one place. This is called *im2col*, image to columns. And as
the kernel is a row of weights in the same order, all sums at all places are one matrix product:

```text
   kernel             columns                       feature map

                      x0   x1   x2    entry 0
   w0  w1  w2    @    x1   x2   x3    entry 1   =   y0   y1   y2
                      x2   x3   x4    entry 2
```

More kernels are more rows on the left, more channels are more rows of columns, and more images are more places. So
for a batch $(N, C, H, W)$ the matrix has $C k_h k_w$ rows and $N \cdot \text{height} \cdot \text{width}$ columns. A
row belongs to one channel and runs through all images, so channels come before images here: `framed` swaps these two
axes, and puts the frame of zeros around. `buffers.empty` is `np.empty`, an array of which nothing has been set yet, and
`buffers.zeros` is `np.zeros`, both in memory that may have been used before; Part 2 says why.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "09-framed"}}
#| export
def framed(x, padding):
    """An array (N, C, H, W) as (C, N, …, …), in a frame of zeros."""
    x = x.swapaxes(0, 1)  # (C, N, H, W), a view
    if padding == 0:
        return x
    c, n, h, w = x.shape
    whole = buffers.zeros((c, n, h + 2 * padding, w + 2 * padding), x.dtype)
    whole[..., padding:-padding, padding:-padding] = x
    return whole

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "09-im2col"}}
#| export
def im2col(x, kernel, stride=1, padding=0):
    """The patches under a kernel at all its places, as the columns of a matrix.

    Takes an array x (N, C, H, W), and returns one (C * kh * kw, N * height * width).

    TODO: copy what each entry of the kernel meets into its place among the rows.

    APPROACH:
    1. views holds an array (C, N, height, width) for each entry; columns is an array
       (C, kh * kw, N, height, width) to be filled.
    2. Copy view number e to where the second axis is e, all channels at once.
    3. Return columns in the shape given above.

    EXAMPLE:
    >>> im2col(np.arange(5.0).reshape(1, 1, 1, 5), (1, 3)).tolist()
    [[0.0, 1.0, 2.0], [1.0, 2.0, 3.0], [2.0, 3.0, 4.0]]

    HINT: enumerate(views) gives pairs of e and its view.
    """
    views = windows(framed(x, padding), kernel, stride)
    channels, *places = views[0].shape  # C, and [N, height, width]
    columns = buffers.empty((channels, len(views), *places), x.dtype)
    ### BEGIN SOLUTION
    for e, view in enumerate(views):
        columns[:, e] = view  # (C, N, height, width)
    return columns.reshape(channels * len(views), -1)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing im2col

Against patches cut out one by one, with a stride and a frame, on two images of two channels.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "09-im2col-check"}}
def test_im2col():
    """Every column is a patch, in the order of images, rows and columns."""
    x = np.arange(1.0, 81.0).reshape(2, 2, 4, 5)  # (2, 2, 4, 5)
    for stride, padding, places in [(1, 0, 18), (2, 0, 8), (2, 1, 18)]:
        columns = im2col(x, (2, 3), stride, padding)
        what = f"stride {stride}, padding {padding}"
        expect(f"shape with {what}", np.shape(columns), (12, places))
        whole = np.pad(x, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2])
        height, width = whole.shape[2] - 1, whole.shape[3] - 2  # places with stride 1
        down, right = range(height)[::stride], range(width)[::stride]
        corners = [(r, q) for r in down for q in right]
        for place, (r, q) in enumerate(corners):
            patch = whole[1, :, r : r + 2, q : q + 3].ravel().tolist()
            got = columns[:, len(corners) + place].tolist()
            expect(f"{what}: image 1, corner {(r, q)}", got, patch)
    ### BEGIN HIDDEN TESTS
    expect("the first column", im2col(x, (1, 2))[:, 0].tolist(), [1, 2, 21, 22])
    expect("dtype", str(im2col(np.float32(x), (2, 2)).dtype), "float32")
    ### END HIDDEN TESTS


test_im2col()

# %% [markdown]
r"""
Now the product. The weights of kernel $o$, flattened, are row $o$ of a matrix $(O,\, C k_h k_w)$, in the same order
as the rows of the columns. What comes out is $(O,\, N \cdot \text{height} \cdot \text{width})$: for each map all
images, one after the other. Callers expect $(N, O, \text{height}, \text{width})$, and swapping two axes is free.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "09-product"}}
#| export
def product(columns, weight, bias, places):
    """The feature maps of all images, an array (N, O, height, width).

    Args: columns, an array (C * kh * kw, N * height * width); weight, (O, C, kh, kw);
        bias, (O,) or None; places, the tuple (N, height, width).

    TODO: multiply, add the bias, and bring the axes in order.

    APPROACH:
    1. Reshape weight to a matrix with a row for each kernel; contract it with columns.
    2. If there is a bias, add to each row its number.
    3. Reshape the rows to (O, N, height, width), and swap the first two axes.

    EXAMPLE:
    >>> columns, weight = im2col(np.ones((2, 1, 2, 3)), (2, 2)), np.ones((1, 1, 2, 2))
    >>> product(columns, weight, np.array([10.0]), (2, 1, 2)).tolist()
    [[[[14.0, 14.0]]], [[[14.0, 14.0]]]]

    HINT: bias[:, None] is a column, which broadcasts along the rows; .swapaxes(0, 1).
    """
    ### BEGIN SOLUTION
    rows = contract(weight.reshape(len(weight), -1), columns)  # (O, N * height * width)
    if bias is not None:
        rows += bias[:, None]
    return rows.reshape(len(weight), *places).swapaxes(0, 1)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing the Product

Against your loops: two images of two channels, three kernels that are not square, with a bias and without.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "09-product-check"}}
def test_product():
    """The same numbers as the definition gives, image by image."""
    rng = np.random.default_rng(0)
    x = rng.integers(-4, 5, (2, 2, 5, 4)).astype(float)  # (2, 2, 5, 4)
    weight = rng.integers(-4, 5, (3, 2, 2, 3)).astype(float)  # (3, 2, 2, 3)
    bias = np.array([100.0, 200.0, 300.0])  # (3,)
    maps = np.stack([conv_loops(image, weight) for image in x])  # (2, 3, 4, 2)
    columns = im2col(x, (2, 3))
    got = product(columns, weight, None, (2, 4, 2))
    expect("without bias", got.tolist(), maps.tolist())
    got, wanted = product(columns, weight, bias, (2, 4, 2)), maps + bias[:, None, None]
    expect("with bias", got.tolist(), wanted.tolist())
    ### BEGIN HIDDEN TESTS
    expect("bias afterwards", bias.tolist(), [100.0, 200.0, 300.0])
    expect("weight afterwards", weight.shape, (3, 2, 2, 3))
    one = product(np.ones((4, 6)), np.ones((5, 1, 2, 2)), None, (1, 2, 3))
    expect("one image", one.shape, (1, 5, 2, 3))
    ### END HIDDEN TESTS


test_product()

# %% [markdown]
r"""
## The Way Back

Three things happened: pixels were copied into columns, columns multiplied by weights, a bias added. Backward they
come in reverse, and two of them you know from chapter 05. Let $g$ be the gradient at the maps, a matrix with a row for
each map. Then the bias gets the sums of its rows, the weights get `g @ columns.T`, and the columns `weight.T @ g`. New
is the copy. A pixel was copied once for each window it lies in, and if it moves, all these copies move. So its gradient
is the *sum* of theirs:

```text
   gradient at the columns           gradient at x

   g0   g1   g2    entry 0           g0   g1   g2
   g3   g4   g5    entry 1    ───►        g3   g4   g5
   g6   g7   g8    entry 2                     g6   g7   g8     add up each column
```

Forward, each row was filled from a view of x. Backward, each row is added *into the same view*, of an array of zeros.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "09-col2im"}}
#| export
def col2im(columns, shape, kernel, stride=1, padding=0):
    """Add up, for each pixel, what stands in the columns where it was copied to.

    Takes an array (C * kh * kw, N * height * width), and what im2col got: the shape of
    x, (N, C, H, W), kernel, stride, padding. Returns an array of x's shape.

    TODO: add each row of the columns into its view.

    APPROACH:
    1. whole is the framed image, all zeros; views are the windows into it; rows[:, e]
       is what entry e of the kernel sends back, shaped like view number e.
    2. Add each into its view, in place; cut the frame off; swap the axes back.

    EXAMPLE:
    >>> col2im(np.ones((3, 3)), (1, 1, 1, 5), (1, 3)).tolist()
    [[[[1.0, 2.0, 3.0, 2.0, 1.0]]]]

    HINT: view += … adds in place. Of whole, keep the rows padding : padding + h, …
    """
    n, c, h, w = shape
    whole = buffers.zeros((c, n, h + 2 * padding, w + 2 * padding), columns.dtype)
    views = windows(whole, kernel, stride)
    rows = columns.reshape(c, len(views), *views[0].shape[1:])
    ### BEGIN SOLUTION
    for e, view in enumerate(views):
        view += rows[:, e]  # (C, N, height, width)
    inner = whole[..., padding : padding + h, padding : padding + w]
    return inner.swapaxes(0, 1)  # (N, C, H, W)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing col2im

How often each pixel was copied; and a rule that every pair of copy and sum must keep: if $g$ meets `im2col(x)` and
everything is multiplied and added up, the same must come out when `col2im(g)` meets $x$.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "09-col2im-check"}}
def test_col2im():
    """Counts of copies, and the two sums, for several strides and frames."""
    got = col2im(np.ones((4, 6)), (1, 1, 3, 4), (2, 2)).tolist()
    expect("copies", got, [[[[1, 2, 2, 1], [2, 4, 4, 2], [1, 2, 2, 1]]]])
    x = np.random.default_rng(1).integers(-4, 5, (2, 3, 5, 4)).astype(float)
    for stride, padding in [(1, 0), (1, 1), (2, 0), (2, 1), (3, 2)]:
        columns = im2col(x, (2, 3), stride, padding).copy()
        g = np.arange(columns.size).reshape(columns.shape) % 7.0
        back = col2im(g, x.shape, (2, 3), stride, padding)
        what = f"stride {stride}, padding {padding}"
        expect(f"shape with {what}", np.shape(back), x.shape)
        expect(f"sum with {what}", float((back * x).sum()), float((g * columns).sum()))
    ### BEGIN HIDDEN TESTS
    expect("g afterwards", g.ravel()[:8].tolist(), [0, 1, 2, 3, 4, 5, 6, 0])
    small = col2im(np.ones((4, 1), "float32"), (1, 1, 3, 3), (2, 2), 2)
    expect("no window there", small[0, 0, 2].tolist(), [0, 0, 0])
    ### END HIDDEN TESTS


test_col2im()

# %% [markdown]
r"""
Put together, this is a Function as in chapter 05: `forward` computes, and keeps the columns; `backward` walks back.
`recorded` makes of it what is called in place of the plain function whenever a gradient is wanted. The first layer of
a network gets images, which want none, so the third product and `col2im` are left out there.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "09-convolution"}}
#| export
class Convolution(Function):
    """conv2d as one operation of the graph."""

    uses = 2

    def forward(self, x, weight, bias=None, stride=1, padding=0):
        """Take Tensors (N, C, H, W), (O, C, kh, kw) and (O,); return (N, O, …, …)."""
        if np.ndim(x) != 4 or x.shape[1] != weight.shape[1]:
            raise errors.no_images(np.shape(x), weight.shape[1])
        self.how = kernel, stride, padding = weight.shape[2:], stride, padding
        sizes = zip(x.shape[2:], kernel, strict=True)
        places = [output_size(size, k, stride, padding) for size, k in sizes]
        self.columns = im2col(operand(x), *self.how)
        bias = None if bias is None else bias.data
        return wrap(product(self.columns, weight.data, bias, (len(x), *places)))

    def backward(self, grad):
        """The gradients at x, weight and bias, where they are wanted."""
        x, weight = self.values()
        grad = grad.swapaxes(0, 1).reshape(len(weight), -1)  # (O, N * height * width)
        to_bias = self.needs(2) and grad.sum(axis=1)  # (O,)
        to_weight = False
        if self.needs(1):
            to_weight = contract(grad, self.columns.T).reshape(weight.shape)
        if not self.needs(0):
            return False, to_weight, to_bias
        columns = contract(weight.reshape(len(weight), -1).T, grad)
        return col2im(columns, x.shape, *self.how), to_weight, to_bias

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "09-conv2d"}}
#| export
def conv2d(x, weight, bias=None, stride=1, padding=0):
    """The feature maps (N, O, …, …) of x (N, C, H, W) by weight (O, C, kh, kw)."""
    return Convolution().forward(x, weight, bias, stride, padding)


conv2d = recorded(Convolution, conv2d)

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "09-gradcheck-demo"}}
rng = np.random.default_rng(0)
x, weight = Tensor(rng.normal(size=(2, 3, 5, 4))), Tensor(rng.normal(size=(4, 3, 3, 2)))
bias = Tensor(rng.normal(size=4))
for stride, padding in [(1, 0), (1, 2), (2, 1)]:
    good = gradcheck(lambda *t, s=stride, p=padding: conv2d(*t, s, p), x, weight, bias)
    print(f"stride {stride}, padding {padding}:", good)

# %% [markdown]
r"""
The layer holds the weights. How large must they be at first? An output is a sum of $C k_h k_w$ products, and that is
the $n$ of chapter 03: variance $2/n$.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "09-conv-class"}}
#| export
class Conv2d(Layer):
    """Convolution; weight (out_channels, in_channels, kh, kw), bias (out_channels,)."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0,
                 bias=True, rng=None):
        if min(in_channels, out_channels) < 1:
            raise errors.no_channels(in_channels, out_channels)
        shape = out_channels, in_channels, *errors.kernel_pair(kernel_size)
        draws = np.random.default_rng(rng).standard_normal(shape, np.float32)
        self.weight = Tensor(draws) * math.sqrt(2 / math.prod(shape[1:]))
        self.bias = Tensor([0.0] * out_channels) if bias else None
        self.stride = errors.whole_number("stride", stride, 1)
        self.padding = errors.whole_number("padding", padding, 0)

    def forward(self, x):
        """x (N, in_channels, H, W) -> (N, out_channels, height, width)"""
        return conv2d(x, self.weight, self.bias, self.stride, self.padding)

# %% [markdown]
r"""
## Pooling

After a convolution a network knows at each place how much of a feature is there. Often it is enough to know roughly
where. **Max pooling** keeps the largest number of each window, and as a rule the windows do not overlap: a kernel of
2 with a stride of 2 leaves a quarter of the numbers. A stroke that moves by a pixel often stays in its window.

```text
   1  0 │ 2  3
   4  1 │ 0  1                                     4  3
   ─────┼─────    max pooling, 2 by 2    ───►      5  9
   0  5 │ 9  9
   2  1 │ 0  8
```

The windows are those of the kernel, so you have the views: the first holds the upper left number of every window, the
second its neighbor, and so on. The largest of each window is the largest *across the views*.
"""

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "09-max-pool"}}
#| export
def max_pool(x, kernel, stride):
    """The largest number of each window of x (..., H, W), a new array.

    TODO: compare the views, number by number.

    APPROACH:
    1. Start with a copy of the first view: what is largest so far.
    2. For each further view, keep at each place the larger of the two numbers.

    EXAMPLE:
    >>> max_pool(np.array([[1, 0, 2, 3], [4, 1, 0, 1]]), (2, 2), 2).tolist()
    [[4, 3]]

    HINT: np.maximum(a, b) is the larger of two at each place; array.copy() copies.
    """
    views = windows(x, kernel, stride)
    ### BEGIN SOLUTION
    largest = views[0].copy()  # (..., height, width)
    for view in views[1:]:
        largest = np.maximum(largest, view)
    return largest
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Max Pooling

The picture, with windows side by side, overlapping, and of other forms; what is left where no window fits; and that
the image stays as it was.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 2, "grade_id": "09-max-pool-check"}}
def test_max_pool():
    """Windows by hand."""
    x = np.array([[1, 0, 2, 3], [4, 1, 0, 1], [0, 5, 9, 9], [2, 1, 0, 8.0]])
    cases = [((2, 2), 2, [[4, 3], [5, 9]]), ((3, 2), 1, [[5, 9, 9], [5, 9, 9]])]
    cases += [((1, 3), 1, [[2, 3], [4, 1], [9, 9], [2, 8]]), ((4, 4), 1, [[9]])]
    cases += [((3, 3), 3, [[9]]), ((1, 1), 2, [[1, 2], [0, 9]])]
    x.setflags(write=False)  # to write into x is an error now
    for kernel, stride, expected in cases:
        got = max_pool(x, kernel, stride)
        expect(f"shared with x, {kernel}", np.shares_memory(got, x), False)
        expect(f"max_pool(x, {kernel}, {stride})", got.tolist(), expected)
    expect("negative numbers", max_pool(-x[:2], (2, 2), 2).tolist(), [[0, 0]])
    batch = max_pool(np.stack([[x, x + 1]] * 3), (2, 2), 2)  # (3, 2, 4, 4)
    expect("shape of a batch", batch.shape, (3, 2, 2, 2))
    ### BEGIN HIDDEN TESTS
    expect("all negative", max_pool(-x[2:, 2:] - 1, (2, 2), 2).tolist(), [[-1.0]])
    ### END HIDDEN TESTS


test_max_pool()

# %% [markdown]
r"""
Backward, the largest number of a window takes the whole gradient, for it alone moved the result. Where several are
equally large (after ReLU many windows are all zeros) one of them is chosen, the first, as PyTorch does. A mean
instead of the maximum makes *average pooling*; there each number gets an equal part.
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "09-max-pooling"}}
#| export
class MaxPooling(Function):
    """The largest number of each window, as one operation of the graph."""

    uses, uses_result = 1, True

    def forward(self, x, kernel, stride):
        """Take a Tensor (N, C, H, W); return (N, C, height, width)."""
        return wrap(max_pool(operand(x), kernel, stride))

    def backward(self, grad):
        """To the first number of each window that equals the largest."""
        x, largest = self.values()
        _, kernel, stride = self.inputs
        out = np.zeros_like(x)
        open_still = np.ones(largest.shape, bool)  # windows whose largest is not found
        to_views = windows(out, kernel, stride)
        for view, to_view in zip(windows(x, kernel, stride), to_views, strict=True):
            here = (view == largest) & open_still
            open_still ^= here
            to_view += grad * here
        return (out,)

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "09-average-pooling"}}
#| export
class AveragePooling(Function):
    """The mean of each window, as one operation of the graph."""

    def forward(self, x, kernel, stride):
        """Take a Tensor (N, C, H, W); return (N, C, height, width)."""
        return wrap(sum(windows(operand(x), kernel, stride)) / math.prod(kernel))

    def backward(self, grad):
        """An equal part to each number of a window."""
        x, kernel, stride = self.inputs
        out, part = np.zeros_like(x.data), grad / math.prod(kernel)
        for view in windows(out, kernel, stride):
            view += part
        return (out,)

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "09-pool-functions"}}
#| export
def max_pool2d(x, kernel, stride):
    """The largest of each window of x (N, C, H, W); kernel is a pair."""
    return MaxPooling().forward(x, kernel, stride)


def avg_pool2d(x, kernel, stride):
    """The mean of each window of x (N, C, H, W); kernel is a pair."""
    return AveragePooling().forward(x, kernel, stride)


max_pool2d = recorded(MaxPooling, max_pool2d)
avg_pool2d = recorded(AveragePooling, avg_pool2d)

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "09-pool-layers"}}
#| export
class MaxPool2d(Layer):
    """The largest number of each window; the stride is kernel_size if left out."""

    pool = staticmethod(max_pool2d)

    def __init__(self, kernel_size, stride=None):
        self.kernel = errors.kernel_pair(kernel_size)
        stride = kernel_size if stride is None else stride
        self.stride = errors.whole_number("stride", stride, 1)

    def forward(self, x):
        """x (N, C, H, W) -> (N, C, height, width)"""
        if np.ndim(x) != 4:
            raise errors.no_images(np.shape(x))
        return self.pool(x, self.kernel, self.stride)


class AvgPool2d(MaxPool2d):
    """The mean of each window; the stride is kernel_size if left out."""

    pool = staticmethod(avg_pool2d)


class Flatten(Layer):
    """All axes but the first become one, so that a linear layer can follow."""

    def forward(self, x):
        """x (N, ...) -> (N, the product of the other sizes)"""
        return x.reshape(len(x), math.prod(x.shape[1:]))

# %% [markdown]
r"""
## Batch Normalization

Chapter 03 chose the first weights so that a signal keeps its size from layer to layer. But weights change, and then
nothing keeps it. **Batch normalization** (Ioffe and Szegedy, 2015) puts it right in every step: for each channel,
take the mean $\mu$ and the variance $v$ over all images and pixels of the batch, and make

$$\hat x = \frac{x - \mu}{\sqrt{v + \epsilon}} \qquad\qquad y = \gamma\, \hat x + \beta$$

Now each channel has mean 0 and variance 1. The small $\epsilon$ keeps a channel that is constant from a division by
0. With $\gamma$ and $\beta$, a number for each channel and learned like weights, the network may choose another mean
and spread for it.

```text
   x (N, C, H, W)      statistics of channel c: over N, H and W, so axes 0, 2 and 3

        N images, channel 0      ──►   one mean, one variance
        N images, channel 1      ──►   one mean, one variance
```

In use there may be a single image, and its result must not depend on what else is in the batch. So the layer keeps
*running* statistics: in each training step they move a tenth of the way to those of the batch, and in use they take
their place. They are plain arrays, since training adjusts them by another rule than by slopes. (The running variance
has $m - 1$ in place of the count $m$ of a batch, which makes it right on average, as PyTorch does.)
"""

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "09-batch-norm-class"}}
#| export
class BatchNorm2d(Layer):
    """Each channel with mean 0 and variance 1, then times weight, plus bias (C,)."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        self.weight = Tensor([1.0] * num_features)  # gamma
        self.bias = Tensor([0.0] * num_features)  # beta
        self.running_mean = np.zeros(num_features, np.float32)
        self.running_var = np.ones(num_features, np.float32)
        self.eps, self.momentum = eps, momentum

    def __call__(self, x):
        if x.ndim != 4 or x.shape[1] != self.weight.numel():
            raise errors.no_images(x.shape, self.weight.numel())
        if self.training and x.numel() <= x.shape[1]:
            raise errors.one_value(x.shape)
        return self.forward(x)

    def follow(self, x, mean, variance):
        """Move the running statistics towards those of a batch, each (1, C, 1, 1)."""
        count = x.numel() // x.shape[1]  # numbers in each channel
        mean, variance = mean.data.reshape(-1), variance.data.reshape(-1)  # (C,)
        self.running_mean += self.momentum * (mean - self.running_mean)
        unbiased = variance * (count / (count - 1))
        self.running_var += self.momentum * (unbiased - self.running_var)

    def per_channel(self, values):
        """Values (C,) as a Tensor (1, C, 1, 1), to meet a batch."""
        values = values if isinstance(values, Tensor) else Tensor(values)
        return values.reshape(1, -1, 1, 1)

# %% [code] {"nbgrader": {"grade": false, "locked": false, "solution": true, "grade_id": "09-batch-norm"}}
#| export
@extend(BatchNorm2d)
def forward(self, x):
    """Normalize each channel of x, a Tensor (N, C, H, W).

    TODO: find mean and variance, by mode, and compute the two formulas.

    APPROACH:
    1. In training: the mean of x over axes 0, 2 and 3, which stay with size 1; the mean
       of the squares of x - mean, likewise; and self.follow(x, mean, variance).
    2. In use: self.per_channel of running_mean and of running_var.
    3. Subtract the mean, divide by the root of variance + self.eps; multiply by weight
       and add bias, each by self.per_channel.

    EXAMPLE:
    >>> BatchNorm2d(1)(Tensor([[[[3.0, 5.0]]]])).data.round(3).tolist()
    [[[[-1.0, 1.0]]]]

    HINT: compute with Tensor operations, and the way back comes by itself.
    """
    ### BEGIN SOLUTION
    if self.training:
        mean = x.mean(axis=(0, 2, 3), keepdims=True)  # (1, C, 1, 1)
        variance = ((x - mean) ** 2).mean(axis=(0, 2, 3), keepdims=True)
        self.follow(x, mean, variance)
    else:
        mean, variance = map(self.per_channel, (self.running_mean, self.running_var))
    normal = (x - mean) / (variance + self.eps).sqrt()  # (N, C, H, W)
    return normal * self.per_channel(self.weight) + self.per_channel(self.bias)
    ### END SOLUTION

# %% [markdown]
r"""
### Testing Batch Normalization

Channels of different mean and spread, in training; what the layer remembers; the same layer in use; and the way back.
"""

# %% [code] {"nbgrader": {"grade": true, "locked": true, "solution": false, "points": 3, "grade_id": "09-batch-norm-check"}}
def test_batch_norm():
    """Two channels, in both modes."""
    layer = BatchNorm2d(2, eps=1.0)
    image, other = [[1, 3], [5, 3]], [[1, 5], [3, 3]]
    x = [[image, [[10, 10], [10, 10]]], [other, [[40, 40], [40, 40]]]]
    x = Tensor(x)  # (2, 2, 2, 2); variances 2 and 225, and 1 is added
    a, b = 2 / 3**0.5, 15 / 226**0.5
    expected = [[[[-a, 0], [a, 0]], [[-b, -b]] * 2], [[[-a, a], [0, 0]], [[b, b]] * 2]]
    expect_close("in training", layer(x), expected)
    expect_close("running_mean", Tensor(layer.running_mean), [0.3, 2.5])
    expect_close("running_var", Tensor(layer.running_var), [1.128571, 26.614286])
    layer.weight.data[:], layer.bias.data[:] = [2.0, 1.0], [0.0, 7.0]
    got = layer.eval()(x[:1])  # divided by the roots of 2.128571 and 27.614286
    expected = [[[[0.959586, 3.701260], [6.442935, 3.701260]], [[8.427231] * 2] * 2]]
    expect_close("in use, one image alone", got, expected)
    expect_close("running_mean, then", Tensor(layer.running_mean), [0.3, 2.5])
    layer.train()(x).sum().backward()
    slopes = [p.grad is None for p in (layer.weight, layer.bias)]
    expect("weight and bias without a gradient", slopes, [False, False])
    expect("gradcheck at x, in training", gradcheck(layer, x), True)
    ### BEGIN HIDDEN TESTS
    three = Tensor(np.ones((1, 3, 2, 2)))
    expect_error("three channels", lambda: layer(three), "(N, 2, ")
    alone = Tensor(np.ones((1, 2, 1, 1), "float32"))
    expect_error("one number", lambda: layer(alone), "no spread")
    ### END HIDDEN TESTS


test_batch_norm()

# %% [markdown]
r"""
## A Network That Reads

Convolution, normalization, ReLU and pooling, twice; then a linear layer decides. Beside it stands a network of linear
layers with about as many parameters:

:::{predict} The second convolution makes 16 maps of 8, with kernels of 3 by 3. How many parameters has it?
:shows: second convolution: {}
- [ ] `160`: nine weights and a bias for each map. But each kernel has a grid of nine for every channel that comes in.
- [ ] `1,152`: these are the weights, 16 · 8 · 9. Each of the 16 maps has a bias as well.
- [x] `1,168`: 16 · 8 · 9 weights and 16 numbers in the bias, whatever the size of the image.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "09-network"}}
def block(n_in, n_out, rng):
    convolution = Conv2d(n_in, n_out, 3, padding=1, rng=rng)
    return Sequential(convolution, BatchNorm2d(n_out), ReLU(), MaxPool2d(2))

rng = np.random.default_rng(0)
reader = Sequential(
    block(1, 8, rng),  # (N, 1, 8, 8) -> (N, 8, 4, 4)
    block(8, 16, rng),  # -> (N, 16, 2, 2)
    Flatten(),  # -> (N, 64)
    Linear(64, 10, rng=rng),  # -> (N, 10)
)
parts = Linear(64, 26, rng=rng), ReLU(), Linear(26, 10, rng=rng)
models = {"convolutions": reader, "linear layers": Sequential(Flatten(), *parts)}
for name, model in [("second convolution", reader[1][0]), *models.items()]:
    print(f"{name}: {sum(p.numel() for p in model.parameters()):,} parameters")

# %% [markdown]
r"""
Both learn the digits for five epochs, step by step with chapter 07's `Trainer`. Then they are asked about images they
have not seen: as they are, and moved to the right by one pixel.

:::{predict} The network of convolutions reads 94% of the unseen images right. How many of the moved ones?
:shows: convolutions 94% {}
- [ ] `94%`: the maps move with the image, but the linear layer at the end looks for each feature at a fixed place.
- [x] `59%`: pooling hides a part of the shift; the linear layer at the end, which knows places, meets the rest.
- [ ] `10%`: that is guessing. But a stroke that moves by one pixel often stays in its window of the pooling.
:::
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "09-training"}}
def learn(trainer):
    loader = DataLoader(TensorDataset(images, labels), 64, shuffle=True, rng=0)
    return [trainer.learn(x, y) for _ in range(5) for x, y in loader]

moved = np.pad(unseen_images, [(0, 0)] * 3 + [(1, 0)])[..., :-1]  # (360, 1, 8, 8)
asked = [TensorDataset(x, unseen_labels) for x in (unseen_images, moved)]
curves, rows = {}, []
for name, model in models.items():
    trainer = Trainer(model, SGD(model.parameters(), lr=0.1), cross_entropy)
    curves[name] = learn(trainer)
    shares = [trainer.evaluate(DataLoader(x, 360), accuracy) for x in asked]
    rows.append([name, *(f"{share:.0%}" for share in shares)])
print(table(["right on unseen images", "as they are", "moved"], rows))
plot.lines(curves, xlabel="step", ylabel="loss")

# %% [markdown]
r"""
The convolutions learn faster and read better, and a shift costs them less, though neither network has ever seen one.
(The augmentation of chapter 08 would show them some.) What do they look at? For four digits, what the first block makes of
them, eight maps of 4 by 4:
"""

# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "09-maps-demo"}}
with no_grad():
    maps = reader.eval()[0](Tensor(unseen_images[:4]))  # (4, 8, 4, 4)
plot.images(maps.data, size=56)

# %% [markdown]
r"""
## Part 2: Systems Analysis

### Memory Profiling

The columns repeat every pixel up to $k_h k_w$ times: that is the price of the one product. Here it is for 8 images of
16 channels and 32 by 32 pixels, with 32 kernels of 3 by 3, counted and measured, for a first call and a second one:
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "09-memory"}}
x = Tensor(np.ones((8, 16, 32, 32), np.float32))  # (8, 16, 32, 32)
layer = Conv2d(16, 32, 3, padding=1, rng=0)
memory = {"x": x.data.nbytes, "columns, counted": 9 * x.data.nbytes}
with no_grad():
    maps, memory["a first call"] = traced(lambda: layer(x))
    memory["a second call"] = traced(lambda: layer(x))[1]
memory["two, kept for backward"] = traced(lambda: [layer(x), layer(x)])[1]
print(bars("8 images of 16 channels", memory, "B"))

# %% [markdown]
r"""
A first call needs the columns, the framed image, and 1 MiB for the maps. A second one needs the maps alone: columns
and frame lie in the memory that `buffers.empty` kept. (Run the cell again, and the first call finds it, too.) Why not
ask the system each time? Because many systems hand out large blocks page by page and fill each with zeros first, and
that can take as long as the arithmetic.

But memory that is used again is dangerous. The columns of a recorded call are needed by its backward pass; whoever
overwrites them before makes wrong gradients, and no error. So a block is handed out again only when no array, no view
and no graph refers to it any more. Python counts references to each object, and `buffers` asks for that count. The
last row shows it: of two calls that wait for backward, the first takes over the old columns, and the second needs new
ones, 4.5 MiB; and each makes its maps.

### Timing That Scales

The same convolution, by your loops and by one product: one image of 4 channels, 8 kernels of 3 by 3.
"""

# %% [code] {"tags": ["measure"], "nbgrader": {"grade_id": "09-timing"}}
rows, weight = [], rng.standard_normal((8, 4, 3, 3), np.float32)  # (8, 4, 3, 3)
for size in [6, 10, 18, 34]:
    x = Tensor(rng.standard_normal((1, 4, size, size), np.float32))
    flops = 2 * 8 * (size - 2) ** 2 * 4 * 9
    slow = seconds(lambda x=x: conv_loops(x.data[0], weight))
    fast = seconds(lambda x=x: conv2d(x, Tensor(weight)))
    rate, times = show(flops / fast, "FLOP/s"), [show(slow, "s"), show(fast, "s")]
    rows.append([size, show(flops, "FLOP"), *times, f"{slow / fast:.0f} x", rate])
print(table(["size", "work", "loops", "one product", "faster", "rate"], rows))

# %% [markdown]
r"""
The loops take some microseconds for each place and kernel, so their time follows the work from the start: four times
as much from row to row. The product pays for nine slices and a few calls, and until the image is large it pays for
little else. So the factor grows with the image.

## Part 3: Production Context

| here | in PyTorch |
|---|---|
| columns in memory, then one product | on a GPU the patches are formed in fast memory, block by block, and never stored: *implicit* im2col |
| one way for all kernels | cuDNN tries several: for 3 by 3 Winograd's algorithm, with 2.25 times fewer multiplications, for large kernels the Fourier transform |
| channels before images in memory, shapes as usual | `channels_last`: other strides, the same shape; each pixel has its channels side by side |
| each kernel sees all channels | `groups=`; with a group for each channel, *depthwise*, $C$ times less arithmetic |
| strides and padding are ints | pairs too, and `dilation`, a kernel with gaps |
| batch normalization of Tensor operations | one kernel; in use it can be folded into the weights of the convolution before it, and then costs nothing |

In early networks most parameters were in the linear layers at the end. Later ones take the mean of each map instead,
average pooling over the whole image, and so accept images of any size.
"""

# %% [code] {"tags": ["main"], "nbgrader": {"grade_id": "09-main"}}
from tinytorch.utils.check import run_all_tests

if __name__ == "__main__":
    run_all_tests(globals())

# %% [markdown]
r"""
## 🤔 ML Systems Thinking

**1.** A `Conv2d(64, 128, 3, padding=1)` gets a batch of shape (32, 64, 56, 56). How many parameters, how much
arithmetic forward, how large are its input and its columns? What would you do if the columns did not fit?

:::{dropdown} Answer
128·64·9 + 128 = 73,856 parameters; 2·32·56·56·128·64·9 = 14.8 GFLOP. The input takes 26 MB, the columns nine times as
much, 231 MB. Images do not depend on each other, so work on four at a time: an eighth of the columns. That is enough
in use. For backward, make each part's columns again from x, and pay by copying twice.
:::

**2.** Two layers of 3 by 3 kernels, one after the other: how large a patch of the image does a number of the second
depend on? Compare the parameters with one layer of that size, for $C$ channels everywhere.

:::{dropdown} Answer
5 by 5: each of its nine inputs saw 3 by 3, one pixel further on each side. Two layers have $2 \cdot 9\, C^2 = 18\,
C^2$ weights, one of 5 by 5 has $25\, C^2$, and two have a bend between them. Hence small kernels and many layers.
:::

**3.** Someone forgets `model.eval()` before testing a network with batch normalization. The accuracy is good. What is
wrong with it?

:::{dropdown} Answer
Each image was normalized with the statistics of its batch, so its answer depended on its neighbors: sort the test set
by class, and the accuracy falls. And the running statistics have followed the test images, so the model has learned
from them.
:::

## 🎯 Module Summary

You have built layers that know which pixels are neighbors.

- A **convolution** multiplies the same few weights with every patch: $O\, C\, k_h k_w + O$ parameters for any image size.
- An axis has $\lfloor (\text{size} + 2\,\text{padding} - k) / s \rfloor + 1$ places.
- Seen from the kernel, it is $k_h k_w$ **shifted views**. Copied to columns they make it **one matrix product**, for
  $k_h k_w$ times the memory.
- Backward, what was copied is **added up** into the same views, and a maximum sends its gradient to one place.
- **Batch normalization** gives each channel mean 0 and variance 1: of the batch in training, of its memory in use.

What you built is `tinytorch.core.spatial`. Images have neighbors on a grid; sentences have them in a row, and first
of all they have to become numbers. That is chapter 10.
"""
