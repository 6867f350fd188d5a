"""Lazy imports: attributes of a module that import another module on first use.

They make `import tinytorch` quick, and let `import tinytorch.core.tensor` load chapter
01 without the later chapters; PEP 562 defines `__getattr__` and `__dir__` of a module.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

AUTOGRAD = "tinytorch.core.autograd"  # importing it switches gradients on


def hand_on(
    module: dict[str, Any], homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return `__getattr__` and `__dir__` for a module whose names are imported lazily.

    Whichever name is looked up first, its lookup also switches gradients on.

    Args: module, the `globals()` of the module that offers the names; each value is
        stored there at its first lookup. homes, {name: its source}: for a name `x`,
        "a.b" means attribute `x` of module a.b, "a.b:other" means attribute `other`
        of module a.b, and "a.b:" means module a.b itself.
    Returns: two functions, to be bound to `__getattr__` and `__dir__`. `__getattr__`
        raises AttributeError, which lists the names in `homes`, for any other name.
    """

    def __getattr__(name: str) -> Any:
        if name not in homes:
            there_is = ", ".join(sorted(homes))
            raise AttributeError(
                f"{module['__name__']} has no attribute {name!r}; it has: {there_is}"
            )
        import_module(AUTOGRAD)
        home, colon, other = homes[name].partition(":")
        value = import_module(home)
        if other or not colon:
            value = getattr(value, other or name)
        module[name] = value  # later lookups find the value without __getattr__
        return value

    def __dir__() -> list[str]:
        return sorted({*module, *homes})

    return __getattr__, __dir__
