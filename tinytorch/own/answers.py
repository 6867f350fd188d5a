"""Answers what a live page asks the kernel about the reader's own framework.

Questions and answers are JSON, so that a page needs one expression to ask and leaves
no name behind among those of the reader's cells.
"""

import importlib
import json
from collections.abc import Callable
from typing import Any, TypedDict

from tinytorch.own import overlay
from tinytorch.own.blame import (
    culprits,
    describe_error,
    import_problem,
    loads_without,
)


class OwnModule(TypedDict):
    """A reader's module as a page sends it."""

    module: str  # "core.tensor"
    title: str  # "chapter 01, Tensor"
    source: str


def answer(question: str) -> None:
    """Print the answer to a question, {"ask": name, ...}, as one line of JSON."""
    asked = json.loads(question)
    print(json.dumps(ANSWERS[asked.pop("ask")](**asked)))


def use_modules(modules: list[OwnModule]) -> dict[str, str]:
    """Import the reader's modules, in this order, in place of the reference.

    Returns: {module: why it cannot be used}, an empty text for a module in use.
    """
    names = {own["module"]: f"tinytorch.{own['module']}" for own in modules}
    labels = {own["module"]: f"your {own['title']}" for own in modules}
    overlay.install(
        {
            names[own["module"]]: overlay.OwnLoader(
                own["source"], labels[own["module"]]
            )
            for own in modules
        }
    )
    problems = {}
    for module, name in names.items():
        try:
            importlib.import_module(name)
            problems[module] = ""
        except Exception as error:
            other = loads_without(name)
            overlay.remove(name)
            problems[module] = describe_error(error, labels[module])
            if other:
                label = labels[other.removeprefix("tinytorch.")]
                problems[module] += (
                    f"; with the reference in place of {label}, it loads"
                )
    return problems


def make_module(
    module: str,
    title: str,
    mark: str,
    cells: list[tuple[str, str]],
    yours: dict[str, str],
    tools: list[str],
) -> dict[str, Any]:
    """Make a module of the reader's cells, for the page to keep.

    Args: module, such as "core.tensor"; the others as `cells.put_together` takes them.
    Returns: {"source", "leftOut"}, or {"problem"} if it cannot be imported.
    """
    # Imported here, since a page that only uses modules makes none.
    from tinytorch.own.module_source import put_together

    try:
        source, left_out = put_together(title, mark, cells, yours, tools)
    except SyntaxError as error:
        return {"problem": f"{type(error).__name__}: {error}"}
    loader = overlay.OwnLoader(source, f"your {title}")
    problem = import_problem(f"tinytorch.{module}", loader)
    if problem:
        return {"problem": f"as a module it stops with {problem}"}
    return {"source": source, "leftOut": left_out}


def find_culprits(cells: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Return {"modules": [...]}, the reader's modules that make the last cell fail."""
    found = culprits(cells)
    return {"modules": [name.removeprefix("tinytorch.") for name in found]}


# The names that pages send; see session.js and own/ among the page's scripts.
ANSWERS: dict[str, Callable[..., object]] = {
    "use": use_modules,
    "keep": make_module,
    "blame": find_culprits,
}
