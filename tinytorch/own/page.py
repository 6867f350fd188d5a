"""What a live page asks the kernel about the reader's own framework.

Questions and answers are JSON, so that each is one call without a trace in the names
of the reader's cells.
"""

import importlib
import json

from tinytorch.own import overlay
from tinytorch.own.blame import culprits, import_problem, in_words, loads_without


def answer(question):
    """Print the answer to a question, {"ask": name, ...}, as one line of JSON."""
    asked = json.loads(question)
    print(json.dumps(ANSWERS[asked.pop("ask")](**asked)))


def use(modules):
    """Import the reader's modules, in this order, in place of the reference.

    Args: modules, a list of {"module": "core.tensor", "title", "source"}.
    Returns: {module: why it cannot be used}, an empty text where it is in use.
    """
    names = {own["module"]: f"tinytorch.{own['module']}" for own in modules}
    labels = {own["module"]: f"your {own['title']}" for own in modules}
    overlay.install(
        {
            names[own["module"]]: overlay.Loader(own["source"], labels[own["module"]])
            for own in modules
        }
    )
    told = {}
    for module, name in names.items():
        try:
            importlib.import_module(name)
            told[module] = ""
        except Exception as error:
            other = loads_without(name)
            overlay.remove(name)
            told[module] = in_words(error, labels[module])
            if other:
                label = labels[other.removeprefix("tinytorch.")]
                told[module] += f"; with the reference in place of {label}, it loads"
    return told


def keep(module, title, mark, cells, yours, tools):
    """Return {"source", "leftOut"}, or {"problem"} where it cannot be imported.

    Args: module, such as "core.tensor"; the others as cells.put_together has them.
    """
    from tinytorch.own.cells import put_together

    try:
        source, left_out = put_together(title, mark, cells, yours, tools)
    except SyntaxError as error:
        return {"problem": f"{type(error).__name__}: {error}"}
    loader = overlay.Loader(source, f"your {title}")
    problem = import_problem(f"tinytorch.{module}", loader)
    if problem:
        return {"problem": f"as a module it stops with {problem}"}
    return {"source": source, "leftOut": left_out}


def blame(cells):
    """Return {"modules": [...]} of the reader's; see blame.culprits."""
    found = culprits(cells)
    return {"modules": [name.removeprefix("tinytorch.") for name in found]}


ANSWERS = {"use": use, "keep": keep, "blame": blame}
