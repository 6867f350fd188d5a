"""Runs the solution of an exercise on a course's site, where its text is hidden.

That site publishes the solutions as bytecode, in the package `tinytorch_reference`,
with one module for each exercise; tools/forms/course_build.py writes the package.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

PACKAGE = "tinytorch_reference"


def module_name(cell_id: str) -> str:
    """Return the full name of the module that holds the solution of an exercise."""
    return f"{PACKAGE}.cell_{cell_id.replace('-', '_')}"


def use(cell_id: str, namespace: dict[str, Any]) -> None:
    """Run the solution of exercise `cell_id` in `namespace`, as if typed in a cell.

    Raises:
        ModuleNotFoundError: the solutions are not installed, or lack this exercise.
    """
    name = module_name(cell_id)
    spec = find_spec(name) if find_spec(PACKAGE) else None
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(
            f"There is no reference solution of {cell_id} here. Solve the exercise "
            "yourself, or ask whoever publishes this course for a site that has it."
        )
    # An import would run the code in the namespace of a new module instead.
    get_code: Callable[[str], Any] = spec.loader.get_code  # type: ignore[attr-defined]
    exec(get_code(name), namespace)
