"""Describes the object that a name stands for; determines whether code is complete."""

import contextlib
import re
from typing import Any

from live_kernel.complete import lookup

_BEFORE = re.compile(r"[^\W\d][\w.]*$")
_AFTER = re.compile(r"^\w*")


def inspect_at(
    code: str, position: int, detail: int, namespace: dict[str, Any]
) -> dict[str, Any]:
    """Return the content of an inspect_reply: a name's signature and documentation.

    The name is the dotted name at ``position``, in characters from the start of
    ``code``; or, right after an opening parenthesis, the name before it. The source
    is added with ``detail`` 1.
    """
    import inspect

    before, after = _BEFORE.search(code[:position]), _AFTER.match(code[position:])
    name = (before.group() if before else "") + (after.group() if after else "")
    if not name and code[:position].rstrip().endswith("("):
        return inspect_at(code, len(code[:position].rstrip()) - 1, detail, namespace)
    try:
        value = lookup(name, namespace)
    except LookupError:
        return {"status": "ok", "found": False, "data": {}, "metadata": {}}
    parts = []
    try:
        parts.append(name + str(inspect.signature(value)))
    except (TypeError, ValueError):
        parts.append(f"{name}: {type(value).__name__}")
    documentation = inspect.getdoc(value)
    if documentation:
        parts.append(documentation)
    if detail:
        with contextlib.suppress(OSError, TypeError):
            parts.append(inspect.getsource(value))
    data = {"text/plain": "\n\n".join(parts)}
    return {"status": "ok", "found": True, "data": data, "metadata": {}}


def is_complete(code: str) -> dict[str, str]:
    """Return the content of an is_complete_reply: whether code could run as it is."""
    import codeop

    try:
        whole = codeop.compile_command(code, "<cell>", "exec")
    except (SyntaxError, OverflowError, ValueError):
        return {"status": "invalid"}
    if whole is not None:
        return {"status": "complete"}
    last = code.rpartition("\n")[2]
    indent = len(last) - len(last.lstrip()) + (4 if last.rstrip().endswith(":") else 0)
    return {"status": "incomplete", "indent": " " * indent}
