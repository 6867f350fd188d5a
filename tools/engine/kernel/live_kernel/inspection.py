"""What a name stands for, and whether code is whole."""

import contextlib
import re

from live_kernel.complete import lookup

_BEFORE = re.compile(r"[^\W\d][\w.]*$")
_AFTER = re.compile(r"^\w*")


def inspect_at(code, position, detail, namespace):
    """Returns the content of an inspect_reply: signature and documentation."""
    import inspect

    before = _BEFORE.search(code[:position])
    name = (before.group() if before else "") + _AFTER.match(code[position:]).group()
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


def is_complete(code):
    """Returns the content of an is_complete_reply."""
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
