"""Draws the graph by which a Tensor was computed, as text and as SVG.

Both forms are made from the same boxes. Nothing here knows how a gradient is computed:
of a Tensor only `data`, `grad`, `requires_grad` and `grad_fn` are read, and of its
Function only the class name and the `inputs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from tinytorch.utils.pictures.picture import Picture

if TYPE_CHECKING:
    from tinytorch.graph.protocols import Tensor

WIDTH, HEIGHT, GAP = 132, 52, 34  # pixels in the SVG: of a box, and between columns


@dataclass
class Box:
    """A box of the drawing: a Tensor as text, or "… N more" for those not drawn."""

    label: str  # the Tensor's name, and the operation that made it
    shape: str
    value: str
    grad: str
    inputs: list[Box] = field(default_factory=list)
    depth: int = 0  # operations from here to the result, along the longest path


def draw(tensor: Tensor, named: Mapping[str, Tensor], limit: int) -> Picture:
    """Return a Picture of a Tensor and of all Tensors that it was computed from.

    Args: tensor, the result; named, {name: Tensor}, names to show; limit, how many
        Tensors are drawn, those nearest to the result. One more box, "… N more",
        stands for the others.
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
    more = Box(f"… {hidden:,} more", "", "", "")  # stands for all Tensors not drawn
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
    """Return the Tensors that one operation computed a Tensor from.

    The list is empty for a leaf, and after backward() has freed the graph.
    """
    if tensor.grad_fn is None or tensor.grad_fn.inputs is None:
        return []
    return [item for item in tensor.grad_fn.inputs if isinstance(item, type(tensor))]


def box_of(tensor: Tensor, names: Mapping[int, str]) -> Box:
    """Return the Box of a Tensor, its inputs not filled in yet.

    The label names the operation and the plain numbers it took, as in "y = Mul 2".

    Args: names, {id of a Tensor: name}, for some Tensors or none.
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
    """Return up to three numbers as text, of four digits each; of more, two and "…"."""
    # Adding 0 turns -0.0 into 0.0.
    texts = [f"{number + 0:.4g}" for number in numbers[:3]]
    return ", ".join(texts if len(numbers) <= 3 else [*texts[:2], "…"])


def set_depths(result: Box, count: int) -> None:
    """Set each box's depth: the number of edges on its longest path to the result.

    Args: result, the box of depth 0; count, the number of boxes in the graph.
    """
    waiting = [result]
    for _ in range(count):  # no path has more edges than there are boxes
        following = []
        for box in waiting:
            for inner in box.inputs:
                if inner.depth <= box.depth:
                    inner.depth = box.depth + 1
                    following.append(inner)
        # Each box once: where inputs are shared, the list could double at every step.
        waiting = list({id(box): box for box in following}.values())


def as_text(boxes: Sequence[Box]) -> str:
    """Return the graph as a text tree with a row for each box, the result first.

    A box that several others use is numbered, as in "x #1"; its later rows say only
    "x #1 (above)".

    Args: boxes, all boxes of the graph, the result's first.
    """
    uses: dict[int, int] = {}  # {id of a box: how many boxes use it}
    for box in boxes:
        for inner in box.inputs:
            uses[id(inner)] = uses.get(id(inner), 0) + 1
    marks: dict[int, str] = {}  # {id of a box: its number, such as "#1"}
    rows = [("", "shape", "value", "gradient")]
    # Of each box to be written: the box, and the text that its row and the rows of its
    # inputs begin with.
    stack = [(boxes[0], "", "")]
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
    """Return the graph as an svg element, from inputs on the left to the result."""
    deepest = max(box.depth for box in boxes)
    rows = [0] * (deepest + 1)  # rows[depth]: how many boxes that column has so far
    places = {}  # {id of a box: (x, y) of its upper left corner, in pixels}
    for box in boxes:
        column = deepest - box.depth
        # 1 pixel from the edge of the SVG, which would cut off half of a box's border.
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
    """Return the SVG of a curve from one box's right side to another's left side.

    Args: start, end, (x, y) of the upper left corners of the two boxes, in pixels.
    """
    x1, y1 = start[0] + WIDTH, start[1] + HEIGHT / 2
    x2, y2 = end[0], end[1] + HEIGHT / 2
    middle = (x1 + x2) / 2
    return (
        f'<path d="M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}" '
        'fill="none" stroke="currentColor" opacity="0.6"/>'
    )


def draw_box(box: Box, x: int, y: int) -> str:
    """Return the SVG of a box: its label, shape and value, and gradient in three lines.

    Args: x, y, the upper left corner of the box, in pixels.
    """
    value = box.value if box.shape == "()" else f"{box.shape} {box.value}".strip()
    grad = f"grad {box.grad}" if box.grad else ""
    # (text, pixels from the upper edge of the box to the baseline, font weight)
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
