"""The functions that a page calls in the kernel to use and make the reader's modules.

Questions and answers are JSON. So the page can ask with one Python expression, which
adds no name to the namespace of the reader's cells.
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
    """One of the reader's own modules, as the page sends it to the kernel."""

    module: str  # "core.tensor"
    title: str  # "chapter 01, Tensor"
    source: str  # the module's Python text


def answer(question: str) -> None:
    """Print the answer to a question as one line of JSON.

    Args: question, JSON of {"ask": a key of ANSWERS, and the function's arguments}.
    """
    asked = json.loads(question)
    print(json.dumps(ANSWERS[asked.pop("ask")](**asked)))


def use_modules(modules: list[OwnModule]) -> dict[str, str]:
    """Import the reader's modules, in this order, in place of the book's modules.

    A module that raises an exception on import is replaced by the book's again.

    Returns: {module: error message}, with "" for each module that was imported.
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
    """Return the text of a module made of the reader's cells, which the page stores.

    Args: module, such as "core.tensor"; all others are those of
        `module_source.put_together`.
    Returns: {"source": the module's text, "leftOut": {id of a cell of the reader that
        was left out: names that it lacked}}, or {"problem": error message} if a cell
        is not Python or the module cannot be imported.
    """
    # Imported here: a page that only asks "use" need not wait for this import.
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
    """Return {"modules": names of the reader's modules that make the last cell fail}.

    Args: cells, (id, code) of the cells that ran, in order, the failing one last.
    Returns: names such as "core.tensor"; `blame.culprits` says when there are none.
    """
    found = culprits(cells)
    return {"modules": [name.removeprefix("tinytorch.") for name in found]}


# {value of "ask": function}; book/_static/live/engine/session.js asks the questions.
ANSWERS: dict[str, Callable[..., object]] = {
    "use": use_modules,
    "keep": make_module,
    "blame": find_culprits,
}
