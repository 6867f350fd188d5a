"""Draws the graph that a Tensor was computed by: as text, and as SVG for a page.

Both pictures are made from the same boxes. Nothing here knows how a gradient is
computed: of a Tensor only `data`, `grad`, `requires_grad` and `grad_fn` are read, and
of its Function the name and the `inputs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from tinytorch.utils.pictures.picture import Picture

if TYPE_CHECKING:
    from tinytorch.graph.protocols import Tensor

WIDTH, HEIGHT, GAP = 132, 52, 34  # of a box in the SVG, and the space between two


@dataclass
class Box:
    """A Tensor in the drawing."""

    label: str  # its name, and the operation that made it
    shape: str
    value: str
    grad: str
    inputs: list[Box] = field(default_factory=list)
    depth: int = 0  # steps to the result, by the longest way


def draw(tensor: Tensor, named: Mapping[str, Tensor], limit: int) -> Picture:
    """Draw a Tensor and all that it was computed from.

    Args: tensor, the result; named, {name: Tensor}, names to show; limit, how many
        boxes are drawn: those nearest to the result. The others are counted.
    """
    names = {id(value): name for name, value in named.items()}
    order, seen = [tensor], {id(tensor)}
    for item in order:  # breadth first: the list grows while it is read
        for source in inputs_of(item):
            if id(source) not in seen:
                seen.add(id(source))
                order.append(source)
    shown = {id(item): box_of(item, names) for item in order[:limit]}
    hidden = len(order) - len(shown)
    more = Box(f"… {hidden:,} more", "", "", "")  # stands for all that are not drawn
    for item in order[:limit]:
        box = shown[id(item)]
        for source in inputs_of(item):
            inner = shown.get(id(source), more)
            if inner is not more or more not in box.inputs:
                box.inputs.append(inner)
    boxes = list(shown.values()) + ([more] if hidden else [])
    set_depths(boxes[0], len(boxes))
    return Picture(as_svg(boxes), as_text(boxes))


def inputs_of(tensor: Tensor) -> list[Tensor]:
    """Return the Tensors that a Tensor was computed from; none for a leaf.

    None either if its graph was freed: then the Function has lost its inputs.
    """
    if tensor.grad_fn is None or tensor.grad_fn.inputs is None:
        return []
    return [item for item in tensor.grad_fn.inputs if isinstance(item, type(tensor))]


def box_of(tensor: Tensor, names: Mapping[int, str]) -> Box:
    """Return the Box of a Tensor, without inputs; names, {id of a Tensor: name}.

    The label has the operation and the plain numbers that it took, as in "y = Mul 2".
    """
    made = tensor.grad_fn
    label = names.get(id(tensor), "")
    if made is None:
        label = label or ("leaf" if tensor.requires_grad else "constant")
    else:
        numbers = [i for i in made.inputs or () if type(i) in (int, float)]
        called = type(made).__name__ + (f" {short(numbers)}" if numbers else "")
        label = f"{label} = {called}" if label else called
    shape = str(tensor.data.shape)
    value = short(tensor.data.reshape(-1).tolist())
    grad = "" if tensor.grad is None else short(tensor.grad.reshape(-1).tolist())
    return Box(label, shape, value, grad)


def short(numbers: Sequence[float]) -> str:
    """Return numbers as text, of four digits each: three at most, or two and …"""
    # Adding 0 makes 0.0 of -0.0.
    texts = [f"{number + 0:.4g}" for number in numbers[:3]]
    return ", ".join(texts if len(numbers) <= 3 else [*texts[:2], "…"])


def set_depths(result: Box, count: int) -> None:
    """Set the depth of each of the `count` boxes: its longest way to the result."""
    waiting = [result]
    for _ in range(count):  # no way has more steps than there are boxes
        following = []
        for box in waiting:
            for inner in box.inputs:
                if inner.depth <= box.depth:
                    inner.depth = box.depth + 1
                    following.append(inner)
        # Each box once, else a graph of shared inputs doubles the list at every step.
        waiting = list({id(box): box for box in following}.values())


def as_text(boxes: Sequence[Box]) -> str:
    """Return the graph as a tree with a row for each box, the result first.

    A box that several others use has a number; where it comes again there is a row
    with its number alone.
    """
    uses: dict[int, int] = {}  # id of a box: how many others use it
    for box in boxes:
        for inner in box.inputs:
            uses[id(inner)] = uses.get(id(inner), 0) + 1
    marks: dict[int, str] = {}  # id of a box: its number
    rows = [("", "shape", "value", "gradient")]
    stack = [(boxes[0], "", "")]  # a box, the text before it, and before its inputs
    while stack:
        box, before, indent = stack.pop()
        label = before + box.label
        if id(box) in marks:
            rows.append((f"{label} {marks[id(box)]} (above)", "", "", ""))
            continue
        if uses.get(id(box), 0) > 1 and box.shape:  # "… more" has no shape
            marks[id(box)] = f"#{len(marks) + 1}"
            label += f" {marks[id(box)]}"
        rows.append((label, box.shape, box.value, box.grad))
        branches = []
        for place, inner in enumerate(box.inputs):
            last = place == len(box.inputs) - 1
            before = indent + ("└─ " if last else "├─ ")
            branches.append((inner, before, indent + ("   " if last else "│  ")))
        stack += reversed(branches)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def as_svg(boxes: Sequence[Box]) -> str:
    """Return the graph as SVG: inputs on the left, the result on the right."""
    deepest = max(box.depth for box in boxes)
    rows = [0] * (deepest + 1)  # how many boxes each depth, a column, has so far
    places = {}  # id of a box: its upper left corner
    for box in boxes:
        column = deepest - box.depth
        # 1 pixel from the edges, which would cut the border of a box in half.
        places[id(box)] = (
            column * (WIDTH + GAP) + 1,
            rows[box.depth] * (HEIGHT + GAP // 2) + 1,
        )
        rows[box.depth] += 1
    width = (deepest + 1) * (WIDTH + GAP) - GAP + 2
    height = max(rows) * (HEIGHT + GAP // 2) - GAP // 2 + 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="monospace" font-size="11" '
        'fill="currentColor" stroke="none" role="img" '
        f'aria-label="computation graph of {len(boxes)} nodes">'
    ]
    for box in boxes:
        for inner in box.inputs:
            parts.append(draw_edge(places[id(inner)], places[id(box)]))
    for box in boxes:
        parts.append(draw_box(box, *places[id(box)]))
    return "".join([*parts, "</svg>"])


def draw_edge(start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return a curve from the right side of a box to the left side of another.

    Args: start, end, the upper left corners of the two boxes.
    """
    x1, y1 = start[0] + WIDTH, start[1] + HEIGHT / 2
    x2, y2 = end[0], end[1] + HEIGHT / 2
    middle = (x1 + x2) / 2
    return (
        f'<path d="M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}" '
        'fill="none" stroke="currentColor" opacity="0.6"/>'
    )


def draw_box(box: Box, x: int, y: int) -> str:
    """Return a box with its label, its shape and value, and its gradient."""
    value = box.value if box.shape == "()" else f"{box.shape} {box.value}".strip()
    grad = f"grad {box.grad}" if box.grad else ""
    # Each line of text with its place below the upper edge, and its font weight.
    lines = [(box.label, 15, 600), (value, 30, 400), (grad, 45, 400)]
    texts = "".join(
        f'<text x="{x + 7}" y="{y + down}" font-weight="{weight}">'
        f"{escape(text if len(text) < 19 else text[:17] + '…')}</text>"
        for text, down, weight in lines
        if text
    )
    return (
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="5" '
        f'fill="none" stroke="currentColor"/>{texts}'
    )
