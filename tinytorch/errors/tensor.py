"""The errors of chapter 01, Tensor."""

from collections.abc import Sequence

from tinytorch.errors import Shape


def not_numbers(data: object) -> TypeError:
    """TypeError: `data` holds something that is not a number."""
    return TypeError(
        f"a Tensor holds numbers, got {_short(data)}\n"
        "help: turn it into numbers first, for example with float()"
    )


def ragged(data: object) -> ValueError:
    """ValueError: the rows of the nested list `data` differ in length."""
    return ValueError(
        f"a Tensor needs rows of equal length, got {_short(data)}\n"
        "help: pad the short rows, or make one Tensor of each row"
    )


def not_one(shape: Shape) -> ValueError:
    """ValueError: a Tensor of this shape does not hold exactly one number."""
    return ValueError(
        f"one number is needed here, but this Tensor has shape {shape}\n"
        "help: pick one, as in x[0, 0], or reduce to one, as in x.sum()"
    )


def clash(a: Shape, b: Shape, axes: Sequence[int]) -> ValueError:
    """ValueError: shapes a and b do not broadcast. The message draws both shapes.

    Args: axes, the axes on which they clash, counted from -1, the last.
    """
    lines = [f"shapes {a} and {b} do not broadcast"]
    lines += draw([("a", a), ("b", b)], marked=[[], axes])
    sizes = [[1] * (len(a) + len(b)) + list(shape) for shape in (a, b)]
    lines += [f"axis {i}: {sizes[0][i]} against {sizes[1][i]}" for i in axes]
    lines += ["help: on each axis sizes must be equal or one of them 1; try reshape"]
    return ValueError("\n".join(lines))


def no_product(a: Shape, b: Shape) -> ValueError:
    """ValueError: a @ b does not exist for Tensors of shapes a and b.

    Their inner axes differ in size, or one of them has no axis.
    """
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


def stack_clash(a: Shape, b: Shape) -> ValueError:
    """ValueError: for a @ b, the axes before the last two of shapes a and b clash.

    If they do not, the message sends the reader to the inner axes instead.
    """
    sizes = enumerate(zip(a[-3::-1], b[-3::-1], strict=False))  # from axis -3 leftward
    axes = [-3 - i for i, (p, q) in sizes if p != q and 1 not in (p, q)]
    why = "their stacks do not broadcast" if axes else "compare their inner axes first"
    lines = [f"shapes {a} and {b} do not multiply: {why}"]
    lines += draw([("a", a), ("b", b)], marked=[[], axes])
    lines += [f"axis {axis}: {a[axis]} against {b[axis]}" for axis in reversed(axes)]
    lines += ["help: before the last two axes, sizes must be equal or one of them 1"]
    return ValueError("\n".join(lines))


def no_axis(axis: object, shape: Shape) -> ValueError:
    """ValueError: a Tensor of this shape lacks `axis`, or one of a tuple of axes."""
    n = len(shape)
    known = f"an int from {-n} to {n - 1}, a tuple of them, or None for all"
    known = known if n else "None: a single number has no axes"
    return ValueError(f"no axis {axis!r} in shape {shape}\nhelp: use {known}")


def no_swap(dim0: int, dim1: int, shape: Shape) -> ValueError:
    """ValueError: axes dim0 and dim1 cannot be swapped: this shape lacks one."""
    n = len(shape)
    cure = f"axes go from {-n} to {n - 1}" if n > 1 else "reshape it to two axes first"
    return ValueError(
        f"cannot swap axes {dim0} and {dim1}: shape {shape} has {n}\nhelp: {cure}"
    )


def no_reshape(old: Shape, count: int, new: Shape) -> ValueError:
    """ValueError: `count` elements in shape `old` do not fit the shape `new`."""
    return ValueError(
        f"cannot reshape {old}, {count} elements, to {new}\n"
        "help: the sizes must multiply to that number; one may be -1, to be worked out"
    )


def draw(
    named: Sequence[tuple[str, Shape]], marked: Sequence[Sequence[int]]
) -> list[str]:
    """Return lines of text that show shapes below each other, aligned to the right.

    Args: named, (name, shape) of each; marked, for each shape the axes that get a ^
        below them, counted from -1, the last.
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


def _short(value: object) -> str:
    """Return a value's type and its repr, cut to 60 characters, on one line."""
    text = " ".join(repr(value).split())
    return f"{type(value).__name__} {text if len(text) <= 60 else text[:57] + '...'}"
