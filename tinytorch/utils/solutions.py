"""Runs the reference solution of an exercise in a site built for a course.

Such a site publishes no solution's text; the reference comes as bytecode, one module
for each exercise, in a package of its own.
"""

from importlib.util import find_spec

PACKAGE = "tinytorch_reference"


def module_name(cell_id):
    """Return the name of the module that holds the solution of a cell."""
    return f"{PACKAGE}.cell_{cell_id.replace('-', '_')}"


def use(cell_id, namespace):
    """Run the solution of exercise `cell_id` in `namespace`, as if typed there.

    Raises:
        ModuleNotFoundError: where the reference is not installed or has no such cell.
    """
    name = module_name(cell_id)
    spec = find_spec(name) if find_spec(PACKAGE) else None
    if spec is None:
        raise ModuleNotFoundError(
            f"There is no reference solution of {cell_id} here. Solve the exercise "
            "yourself, or ask whoever publishes this course for a site that has it."
        )
    exec(spec.loader.get_code(name), namespace)
