"""Values as text: their repr, with long containers broken into lines.

Short values look like their repr. Where a container does not fit a line, each
of its items takes one, as in IPython; a book's outputs are the same in both.
"""

import contextlib
from collections import defaultdict

WIDTH = 79
LONGEST = 1000  # items of a container shown
_SORTED_LATER = (set, frozenset)


def pretty(value):
    """Returns the text/plain form of a value."""
    return _format(value, 0, 0, 0, frozenset())


def _format(value, indent, column, tail, open_ids):
    """Text of a value.

    ``indent`` is what new lines start with, ``column`` where the value itself
    starts, ``tail`` how many characters follow it on its last line.
    """
    kind = type(value)
    if kind.__repr__ is defaultdict.__repr__:
        return _defaultdict(value, indent, column, tail, open_ids)
    for base, start, end in (
        (list, "[", "]"),
        (tuple, "(", ")"),
        (set, "{", "}"),
        (frozenset, "frozenset({", "})"),
        (dict, "{", "}"),
    ):
        if isinstance(value, base):
            if kind.__repr__ is not base.__repr__:
                break
            frame = base, start, end
            return _container(value, frame, indent, column, tail, open_ids)
    return _plain(value).replace("\n", "\n" + " " * indent)


def _defaultdict(value, indent, column, tail, open_ids):
    if id(value) in open_ids:
        return "defaultdict(...)"
    inside = open_ids | {id(value)}
    start = type(value).__name__ + "("
    factory = _format(value.default_factory, 0, 0, -(10**9), inside)
    flat = f"{start}{factory}, {_format(dict(value), 0, 0, -(10**9), inside)})"
    if "\n" not in flat and column + len(flat) + tail <= WIDTH:
        return flat
    indent += len(start)
    content = _format(dict(value), indent, indent, tail + 1, inside)
    return f"{start}{factory},\n{' ' * indent}{content})"


def _container(value, frame, indent, column, tail, open_ids):
    base, start, end = frame
    if id(value) in open_ids:
        return f"{start}...{end}"
    if not value:
        return repr(value)
    inside = open_ids | {id(value)}
    if base is tuple and len(value) == 1:
        end = "," + end
    shown = _items(value, base)
    flat = start + ", ".join(_flat(item, inside) for item in shown) + end
    if "\n" not in flat and column + len(flat) + tail <= WIDTH:
        return flat
    indent, column = indent + len(start), column + len(start)
    lines = []
    for number, item in enumerate(shown):
        after = len(end) + tail if number == len(shown) - 1 else 1
        lines.append(_item(item, indent, column, after, inside))
        column = indent
    return start + (",\n" + " " * indent).join(lines) + end


class _More:
    """Stands for the items that are not shown."""


def _items(value, base):
    items = list(value.items()) if base is dict else list(value)
    if base in _SORTED_LATER:
        with contextlib.suppress(Exception):
            items.sort()
    if base is dict:
        items = [_Pair(key, item) for key, item in items]
    if len(items) > LONGEST:
        items = items[:LONGEST] + [_More()]
    return items


class _Pair:
    def __init__(self, key, value):
        self.key, self.value = key, value


def _item(item, indent, column, tail, open_ids):
    if isinstance(item, _More):
        return "..."
    if isinstance(item, _Pair):
        key = _format(item.key, indent, column, 2, open_ids)
        column += len(key.rpartition("\n")[2]) + 2
        return f"{key}: {_format(item.value, indent, column, tail, open_ids)}"
    return _format(item, indent, column, tail, open_ids)


def _flat(item, open_ids):
    return _item(item, 0, 0, -(10**9), open_ids)


def _plain(value):
    kind = type(value)
    if isinstance(value, type) and type(value).__repr__ is type.__repr__:
        return _qualified(value)
    if kind.__name__ == "function" and kind.__module__ == "builtins":
        return f"<function {_qualified(value)}{_signature(value)}>"
    if kind.__name__ == "builtin_function_or_method":
        return f"<function {_qualified(value)}{_signature(value)}>"
    if kind.__repr__ is object.__repr__:
        return f"<{_qualified(kind)} at {id(value):#x}>"
    return repr(value)


def _qualified(value):
    name = getattr(value, "__qualname__", value.__name__)
    module = getattr(value, "__module__", None)
    return name if module in (None, "builtins", "exceptions") else f"{module}.{name}"


def _signature(value):
    import inspect

    try:
        return str(inspect.signature(value))
    except (TypeError, ValueError):
        return ""
