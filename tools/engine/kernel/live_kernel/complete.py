"""Completes names: variables, attributes, builtins, keywords and modules."""

import builtins
import keyword
import re
from collections.abc import Iterable
from typing import Any

_DOTTED = re.compile(r"[^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*\s*\.\s*$")
_WORD = re.compile(r"\w*$")
_IMPORT = re.compile(r"^\s*(?:from|import)\s+([\w.]*)$")


def complete(code: str, position: int, namespace: dict[str, Any]) -> dict[str, Any]:
    """Return the names that could stand at a position, as a complete_reply's content.

    ``position`` counts characters from the start of ``code``. Attributes are those of
    the objects in ``namespace``, the program's global names; calls are not run.
    """
    before = code[:position]
    start = position - len(_match(_WORD, before))
    line = before.rpartition("\n")[2]
    imported = _IMPORT.match(line)
    owner = _DOTTED.search(before[:start])
    names: Iterable[str]
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


def lookup(dotted: str, namespace: dict[str, Any]) -> Any:
    """Return the object that a dotted name, as "np.linalg.norm", stands for.

    Raises: LookupError when there is no such object.
    """
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


def _match(pattern: re.Pattern[str], text: str) -> str:
    """Return the text of the pattern's first match, or "" where nothing matches."""
    found = pattern.search(text)
    return found.group() if found else ""


def _offered(name: str, typed: str) -> bool:
    """Return whether a name is to be offered: it continues the typed text.

    A private name, which starts with _, is offered only when that _ was typed.
    """
    if not name.startswith(typed) or name == typed:
        return False
    last, end = name.rpartition(".")[2], typed.rpartition(".")[2]
    return not last.startswith("_") or end.startswith("_")


def _attributes(dotted: str, namespace: dict[str, Any]) -> Iterable[str]:
    """Return the attributes of the object that a dotted name stands for.

    None are returned where there is no such object, or its __dir__ raises.
    """
    try:
        return dir(lookup(dotted, namespace))
    except Exception:
        return ()


def _modules(typed: str) -> set[str]:
    """Return names of modules to import: only top-level ones until a dot is typed."""
    import sys

    names = set(sys.stdlib_module_names) | set(sys.modules) | {"numpy", "tinytorch"}
    if "." in typed:
        return names
    return {name.partition(".")[0] for name in names}
