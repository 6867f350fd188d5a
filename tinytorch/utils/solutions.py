"""Runs the solution of an exercise where a course's site hides its text.

Such a site publishes the solutions as bytecode: one module for each exercise, in a
package of its own, `tinytorch_reference`.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

PACKAGE = "tinytorch_reference"


def module_name(cell_id: str) -> str:
    """Return the name of the module that holds the solution of a cell."""
    return f"{PACKAGE}.cell_{cell_id.replace('-', '_')}"


def use(cell_id: str, namespace: dict[str, Any]) -> None:
    """Run the solution of exercise `cell_id` in `namespace`, as if typed there.

    Raises:
        ModuleNotFoundError: the solutions are not installed or have no such cell.
    """
    name = module_name(cell_id)
    spec = find_spec(name) if find_spec(PACKAGE) else None
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(
            f"There is no reference solution of {cell_id} here. Solve the exercise "
            "yourself, or ask whoever publishes this course for a site that has it."
        )
    # Not imported, which would run it in a namespace of its own.
    get_code: Callable[[str], Any] = spec.loader.get_code  # type: ignore[attr-defined]
    exec(get_code(name), namespace)
