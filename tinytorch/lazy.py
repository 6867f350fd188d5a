"""Lazy imports: a module offers names of other modules and imports those on first use.

So `import tinytorch` is quick, and `import tinytorch.core.tensor` brings chapter 01
alone; see PEP 562 for a module's `__getattr__` and `__dir__`.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

AUTOGRAD = "tinytorch.core.autograd"  # importing it switches gradients on


def hand_on(
    module: dict[str, Any], homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return a `__getattr__` and a `__dir__` that import a module's names on first use.

    The first name that is asked for switches gradients on, whichever name it is.

    Args: module, the `globals()` of the module that offers the names; a name stays
        there once it was looked up. homes, {name: where it comes from}: "a.b" for the
        attribute of that name of module a.b, "a.b:other" if it is called `other`
        there, "a.b:" for module a.b itself.
    Returns: two functions, to be bound to `__getattr__` and `__dir__`. The former
        raises AttributeError, with the names there are, for a name not in homes.
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
        module[name] = value  # Python finds it there from now on, without this call
        return value

    def __dir__() -> list[str]:
        return sorted({*module, *homes})

    return __getattr__, __dir__
