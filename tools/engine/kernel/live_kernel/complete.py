"""Completion over the names of the running program."""

import builtins
import keyword
import re

_DOTTED = re.compile(r"[^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*\s*\.\s*$")
_WORD = re.compile(r"\w*$")
_IMPORT = re.compile(r"^\s*(?:from|import)\s+([\w.]*)$")


def complete(code, position, namespace):
    """Returns the content of a complete_reply.

    ``position`` counts characters. Attributes are looked up on the objects as
    they are now; no call in the code is run for it.
    """
    before = code[:position]
    word = _WORD.search(before).group()
    start = position - len(word)
    line = before.rpartition("\n")[2]
    imported = _IMPORT.match(line)
    owner = _DOTTED.search(before[:start])
    if imported:
        start = position - len(imported.group(1))
        names = _modules(imported.group(1))
    elif owner:
        names = _attributes(owner.group().rstrip().rstrip("."), namespace)
    elif before[:start].rstrip().endswith("."):
        names = ()
    else:
        names = (*namespace, *dir(builtins), *keyword.kwlist)
    typed = before[start:]
    found = {name for name in names if _offered(name, typed)}
    matches = sorted(found, key=lambda name: (name.startswith("_"), name.lower(), name))
    return {
        "status": "ok",
        "matches": matches,
        "cursor_start": start,
        "cursor_end": position,
        "metadata": {},
    }


def lookup(dotted, namespace):
    """Returns the object a dotted name stands for; LookupError when none."""
    first, *rest = (part.strip() for part in dotted.split("."))
    if first in namespace:
        value = namespace[first]
    elif hasattr(builtins, first):
        value = getattr(builtins, first)
    else:
        raise LookupError(dotted)
    for name in rest:
        try:
            value = getattr(value, name)
        except Exception:
            raise LookupError(dotted) from None
    return value


def _offered(name, typed):
    if not name.startswith(typed) or name == typed:
        return False
    last, end = name.rpartition(".")[2], typed.rpartition(".")[2]
    return not last.startswith("_") or end.startswith("_")


def _attributes(dotted, namespace):
    try:
        return dir(lookup(dotted, namespace))
    except Exception:
        return ()


def _modules(typed):
    import sys

    names = set(sys.stdlib_module_names) | set(sys.modules) | {"numpy", "tinytorch"}
    if "." in typed:
        return names
    return {name.partition(".")[0] for name in names}
