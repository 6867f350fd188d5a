"""The errors of chapter 01, Tensor."""


def not_numbers(data):
    """TypeError: `data` holds something that is not a number."""
    return TypeError(
        f"a Tensor holds numbers, got {_short(data)}\n"
        "help: turn it into numbers first, for example with float()"
    )


def ragged(data):
    """ValueError: the rows of the nested list `data` differ in length."""
    return ValueError(
        f"a Tensor needs rows of equal length, got {_short(data)}\n"
        "help: pad the short rows, or make one Tensor of each row"
    )


def not_one(shape):
    """ValueError: one number is needed, and a Tensor of this shape has more or none."""
    return ValueError(
        f"one number is needed here, but this Tensor has shape {shape}\n"
        "help: pick one, as in x[0, 0], or reduce to one, as in x.sum()"
    )


def clash(a, b, axes):
    """ValueError: shapes a and b do not broadcast; drawn, with the axes at fault.

    Args: a and b, tuples of ints; axes, negative ints, counted from the last axis.
    """
    lines = [f"shapes {a} and {b} do not broadcast"]
    lines += draw([("a", a), ("b", b)], marked=[[], axes])
    sizes = [[1] * (len(a) + len(b)) + list(shape) for shape in (a, b)]
    lines += [f"axis {i}: {sizes[0][i]} against {sizes[1][i]}" for i in axes]
    lines += ["help: on each axis sizes must be equal or one of them 1; try reshape"]
    return ValueError("\n".join(lines))


def no_product(a, b):
    """ValueError: the inner axes of shapes a and b differ; drawn, with both marked."""
    if not a or not b:
        return ValueError(
            f"shapes {a} and {b} do not multiply: @ needs an axis on both sides\n"
            "help: use * to scale by a number"
        )
    axis = -1 if len(b) == 1 else -2
    lines = [f"shapes {a} and {b} do not multiply"]
    lines += draw([("a", a), ("b", b)], marked=[[-1], [axis]])
    lines += [f"inner axes: a has {a[-1]} (axis -1), b has {b[axis]} (axis {axis})"]
    lines += ["help: they must be equal; transpose one operand, or check their order"]
    return ValueError("\n".join(lines))


def stack_clash(a, b):
    """ValueError: stacks of matrices, of shapes a and b, do not broadcast; drawn."""
    sizes = enumerate(zip(a[-3::-1], b[-3::-1], strict=False))  # from axis -3 leftward
    axes = [-3 - i for i, (p, q) in sizes if p != q and 1 not in (p, q)]
    why = "their stacks do not broadcast" if axes else "compare their inner axes first"
    lines = [f"shapes {a} and {b} do not multiply: {why}"]
    lines += draw([("a", a), ("b", b)], marked=[[], axes])
    lines += [f"axis {axis}: {a[axis]} against {b[axis]}" for axis in reversed(axes)]
    lines += ["help: before the last two axes, sizes must be equal or one of them 1"]
    return ValueError("\n".join(lines))


def no_axis(axis, shape):
    """ValueError: a Tensor of this shape has no such axis."""
    n = len(shape)
    known = f"an int from {-n} to {n - 1}, a tuple of them, or None for all"
    known = known if n else "None: a single number has no axes"
    return ValueError(f"no axis {axis!r} in shape {shape}\nhelp: use {known}")


def no_swap(dim0, dim1, shape):
    """ValueError: a Tensor of this shape has no axes dim0 and dim1 to swap."""
    n = len(shape)
    cure = f"axes go from {-n} to {n - 1}" if n > 1 else "reshape it to two axes first"
    return ValueError(
        f"cannot swap axes {dim0} and {dim1}: shape {shape} has {n}\nhelp: {cure}"
    )


def no_reshape(old, count, new):
    """ValueError: `count` elements in shape `old` do not fit the shape `new`."""
    return ValueError(
        f"cannot reshape {old}, {count} elements, to {new}\n"
        "help: the sizes must multiply to that number; one may be -1, to be worked out"
    )


def draw(named, marked):
    """Draw shapes right-aligned, one line each, with ^ under the marked axes.

    Args: named, a list of (name, shape); marked, for each of them a list of axes
        counted from -1, the last.
    Returns: a list of lines.
    """
    rank = max(len(shape) for _, shape in named)
    width = 2 + max(len(str(size)) for _, shape in named for size in (0, *shape))
    lines = []
    for (name, shape), axes in zip(named, marked, strict=True):
        sizes = [""] * (rank - len(shape)) + [str(size) for size in shape]
        marks = ["^" if axis in axes else "" for axis in range(-rank, 0)]
        lines.append(f"  {name}:" + "".join(size.rjust(width) for size in sizes))
        if axes:
            lines.append("    " + "".join(mark.rjust(width) for mark in marks).rstrip())
    return lines


def _short(value):
    """The type and the beginning of a value, on one line."""
    text = " ".join(repr(value).split())
    return f"{type(value).__name__} {text if len(text) <= 60 else text[:57] + '...'}"
