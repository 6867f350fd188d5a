"""Checks that programs compute the same, so that nothing else is timed."""

import numpy as np

from tools.bench.workloads import Array, Program, Workload

STEPS = 3  # of SGD, after which the parameters are compared
NEAR = 2e-4  # of the largest number in an array: float32 after 1,000 operations


def faults(work: Workload, libraries: list[str]) -> list[str]:
    """Compare the programs of a Workload with raw numpy in float64.

    Raw numpy itself is checked first, by finite differences.

    Returns: a list of messages, empty if all is right.
    """
    if not slope_agrees(work.start("raw", "float64")):
        return [f"{work.name}: the gradients of raw numpy are wrong"]
    wanted, found = outcome(work.start("raw", "float64")), []
    for library in libraries:
        for what, arrays in outcome(work.start(library)).items():
            if not all(map(near, arrays, wanted[what])):
                found.append(f"{work.name}: {library} computes another {what}")
    return found


def outcome(program: Program) -> dict[str, list[Array]]:
    """Return lists of arrays: the loss, the gradients, the change after STEPS steps."""
    before = [array.copy() for array in program.values()]
    loss = np.array(program.forward_backward())
    gradients = [array.copy() for array in program.gradients()]
    program.update()
    for _ in range(STEPS - 1):
        program.forward_backward()
        program.update()
    moves = [a - b for a, b in zip(program.values(), before, strict=True)]
    return {"loss": [loss], "gradient": gradients, "step": moves}


def near(array: Array, wanted: Array) -> bool:
    """Return whether two arrays are equal up to float32's rounding."""
    if array.shape != wanted.shape:
        return False
    return bool(np.abs(array - wanted).max() <= NEAR * np.abs(wanted).max())


def slope_agrees(program: Program, h: float = 1e-7) -> bool:
    """Return whether a float64 program's gradients agree with finite differences.

    The parameters are moved by h along one random direction, forth and back.
    """
    rng = np.random.default_rng(1)
    ways = [rng.standard_normal(array.shape) for array in program.values()]
    program.forward_backward()
    slope = sum(
        (g * way).sum() for g, way in zip(program.gradients(), ways, strict=True)
    )
    losses = []
    for step in (h, -2 * h):
        for array, way in zip(program.values(), ways, strict=True):
            array += step * way
        losses.append(np.array(program.forward_backward()).item())
    tried = (losses[0] - losses[1]) / (2 * h)
    return bool(abs(slope - tried) <= 1e-5 * abs(tried))
