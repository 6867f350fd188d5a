"""Returns values as text: their repr, with long containers broken into lines.

A container that does not fit on a line has one line for each item, as in IPython, so
that outputs in the browser are those of a notebook.
"""

import contextlib
from collections import defaultdict
from typing import Any

WIDTH = 79  # characters that fit on a line
LONGEST = 1000  # how many items of a container are shown
_UNORDERED = (set, frozenset)
_NO_LIMIT = -(10**9)  # as `tail` (see _format): any text fits on the line


def pretty(value: Any) -> str:
    """Return a value's text, as IPython writes it."""
    return _format(value, 0, 0, 0, frozenset())


def _format(
    value: Any, indent: int, column: int, tail: int, open_ids: frozenset[int]
) -> str:
    """Return a value's text.

    ``indent`` is the number of spaces at the start of new lines, ``column`` the column
    at which the value starts, ``tail`` the number of characters that follow the value
    on its last line. ``open_ids`` are the ids of the containers around the value, by
    which a container that holds itself is recognized.
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


def _defaultdict(
    value: Any, indent: int, column: int, tail: int, open_ids: frozenset[int]
) -> str:
    """Return a defaultdict's text: its factory and its items. Arguments as _format."""
    if id(value) in open_ids:
        return "defaultdict(...)"
    inside = open_ids | {id(value)}
    start = type(value).__name__ + "("
    factory = _format(value.default_factory, 0, 0, _NO_LIMIT, inside)
    flat = f"{start}{factory}, {_format(dict(value), 0, 0, _NO_LIMIT, inside)})"
    if "\n" not in flat and column + len(flat) + tail <= WIDTH:
        return flat
    indent += len(start)
    content = _format(dict(value), indent, indent, tail + 1, inside)
    return f"{start}{factory},\n{' ' * indent}{content})"


def _container(
    value: Any,
    frame: tuple[type, str, str],
    indent: int,
    column: int,
    tail: int,
    open_ids: frozenset[int],
) -> str:
    """Return a container's text: on one line if it fits, else a line for each item.

    ``frame`` is the container's base class, opening bracket and closing bracket. Other
    arguments as _format.
    """
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
    """Placeholder for a container's items beyond LONGEST, which are not shown."""


def _items(value: Any, base: type) -> list[Any]:
    """Return a container's items to show: at most LONGEST, then a _More.

    A dict's items are returned as _Pair. A set's items are sorted where they can be
    compared.
    """
    items: list[Any] = list(value.items()) if base is dict else list(value)
    if base in _UNORDERED:
        with contextlib.suppress(Exception):
            items.sort()
    if base is dict:
        items = [_Pair(key, item) for key, item in items]
    if len(items) > LONGEST:
        items = items[:LONGEST] + [_More()]
    return items


class _Pair:
    """A key and a value of a dict."""

    def __init__(self, key: Any, value: Any) -> None:
        self.key, self.value = key, value


def _item(
    item: Any, indent: int, column: int, tail: int, open_ids: frozenset[int]
) -> str:
    """Return the text of an item that _items returned. Arguments as _format."""
    if isinstance(item, _More):
        return "..."
    if isinstance(item, _Pair):
        key = _format(item.key, indent, column, 2, open_ids)
        column += len(key.rpartition("\n")[2]) + 2
        return f"{key}: {_format(item.value, indent, column, tail, open_ids)}"
    return _format(item, indent, column, tail, open_ids)


def _flat(item: Any, open_ids: frozenset[int]) -> str:
    """Return an item's text on one line, however long."""
    return _item(item, 0, 0, _NO_LIMIT, open_ids)


def _plain(value: Any) -> str:
    """Return the text of a value that is no container.

    That is its repr; for classes, functions and objects without a repr of their own, a
    text with the name, as in IPython.
    """
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


def _qualified(value: Any) -> str:
    """Return a class's or function's name, after its module's name unless builtin."""
    name = getattr(value, "__qualname__", value.__name__)
    module = getattr(value, "__module__", None)
    return name if module in (None, "builtins", "exceptions") else f"{module}.{name}"


def _signature(value: Any) -> str:
    """Return a function's signature, or "" where Python cannot tell it."""
    import inspect

    try:
        return str(inspect.signature(value))
    except (TypeError, ValueError):
        return ""
