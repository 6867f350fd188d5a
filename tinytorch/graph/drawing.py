"""Draws what a Tensor was computed from: as text in a terminal, as SVG in a page.

Both pictures come from one walk. Nothing here knows how a gradient is computed; of a
Tensor it reads `data`, `grad` and `grad_fn`, and of that its `inputs`.
"""

from dataclasses import dataclass, field
from html import escape

from tinytorch.utils.pictures.picture import Picture

WIDTH, HEIGHT, GAP = 132, 52, 34  # of a box in the SVG, and the space between two


@dataclass
class Node:
    """A Tensor in the picture: what made it, its numbers, and what it was made from."""

    label: str
    shape: str
    value: str
    grad: str
    inputs: list = field(default_factory=list)  # Nodes
    depth: int = 0  # steps to the result, by the longest way


def draw(tensor, names, limit):
    """Walk from a Tensor to what it was made from, and return the Picture.

    Args: tensor, the result; names, a dict of names for Tensors; limit, how many
        nodes are drawn: those nearest to the result. The others are counted.
    """
    names = {id(value): name for name, value in names.items()}
    order, seen = [tensor], {id(tensor)}
    for item in order:  # breadth first: the list grows while it is read
        for source in sources(item):
            if id(source) not in seen:
                seen.add(id(source))
                order.append(source)
    shown = {id(item): describe(item, names) for item in order[:limit]}
    hidden = len(order) - len(shown)
    more = Node(f"… {hidden:,} more", "", "", "")
    for item in order[:limit]:
        node = shown[id(item)]
        for source in sources(item):
            inner = shown.get(id(source), more)
            if inner is not more or more not in node.inputs:
                node.inputs.append(inner)
    nodes = list(shown.values()) + ([more] if hidden else [])
    set_depths(nodes[0], len(nodes))
    return Picture(as_svg(nodes), as_text(nodes))


def sources(tensor):
    """The Tensors that the operation behind a Tensor took."""
    if tensor.grad_fn is None or tensor.grad_fn.inputs is None:
        return []
    return [item for item in tensor.grad_fn.inputs if isinstance(item, type(tensor))]


def describe(tensor, names):
    """The Node of a Tensor; its operation is shown with the numbers it took."""
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
    return Node(label, shape, value, grad)


def short(numbers):
    """Up to three numbers as text with four digits, more as the first two and …"""
    texts = [f"{number + 0:.4g}" for number in numbers[:3]]
    return ", ".join(texts if len(numbers) <= 3 else [*texts[:2], "…"])


def set_depths(result, count):
    """Give each node the length of its longest way to the result."""
    waiting = [result]
    for _ in range(count):  # no way is longer than there are nodes
        following = []
        for node in waiting:
            for inner in node.inputs:
                if inner.depth <= node.depth:
                    inner.depth = node.depth + 1
                    following.append(inner)
        waiting = list({id(node): node for node in following}.values())


def as_text(nodes):
    """The graph as a tree with a row for each node; what recurs has a number."""
    uses = {}
    for node in nodes:
        for inner in node.inputs:
            uses[id(inner)] = uses.get(id(inner), 0) + 1
    marks, rows = {}, [("", "shape", "value", "gradient")]
    stack = [(nodes[0], "", "")]  # a node, what stands before it, and before its inputs
    while stack:
        node, before, indent = stack.pop()
        label = before + node.label
        if id(node) in marks:
            rows.append((f"{label} {marks[id(node)]} (above)", "", "", ""))
            continue
        if uses.get(id(node), 0) > 1 and node.shape:
            marks[id(node)] = f"#{len(marks) + 1}"
            label += f" {marks[id(node)]}"
        rows.append((label, node.shape, node.value, node.grad))
        branches = []
        for place, inner in enumerate(node.inputs):
            last = place == len(node.inputs) - 1
            before = indent + ("└─ " if last else "├─ ")
            branches.append((inner, before, indent + ("   " if last else "│  ")))
        stack += reversed(branches)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def as_svg(nodes):
    """The graph as SVG: inputs on the left, the result on the right."""
    deepest = max(node.depth for node in nodes)
    rows, places = [0] * (deepest + 1), {}
    for node in nodes:
        column = deepest - node.depth
        places[id(node)] = (
            column * (WIDTH + GAP) + 1,
            rows[node.depth] * (HEIGHT + GAP // 2) + 1,
        )
        rows[node.depth] += 1
    width = (deepest + 1) * (WIDTH + GAP) - GAP + 2
    height = max(rows) * (HEIGHT + GAP // 2) - GAP // 2 + 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="monospace" font-size="11" '
        'fill="currentColor" stroke="none" role="img" '
        f'aria-label="computation graph of {len(nodes)} nodes">'
    ]
    for node in nodes:
        for inner in node.inputs:
            parts.append(edge(places[id(inner)], places[id(node)]))
    for node in nodes:
        parts.append(box(node, *places[id(node)]))
    return "".join([*parts, "</svg>"])


def edge(start, end):
    """A curve from the right side of one box to the left side of another."""
    x1, y1 = start[0] + WIDTH, start[1] + HEIGHT / 2
    x2, y2 = end[0], end[1] + HEIGHT / 2
    middle = (x1 + x2) / 2
    return (
        f'<path d="M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}" '
        'fill="none" stroke="currentColor" opacity="0.6"/>'
    )


def box(node, x, y):
    """A box with the label, the value (or the shape), and the gradient."""
    value = node.value if node.shape == "()" else f"{node.shape} {node.value}".strip()
    grad = f"grad {node.grad}" if node.grad else ""
    lines = [(node.label, 15, 600), (value, 30, 400), (grad, 45, 400)]
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
