"""Checks that the programs of a workload compute the same, before they are timed."""

import numpy as np

from tools.bench.workloads import Array, Program, Workload

STEPS = 3  # of SGD, after which the parameters are compared
# How far two arrays may differ, as a share of the largest number: the rounding error of
# float32 after 1,000 operations.
NEAR = 2e-4


def faults(work: Workload, libraries: list[str]) -> list[str]:
    """Compare a workload's programs in these libraries with raw numpy in float64.

    The gradients of raw numpy are checked first, by finite differences.

    Returns: a list of error messages, empty if all programs are right.
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
    """Run STEPS steps; return {"loss", "gradient", "step": list of arrays}.

    "loss" and "gradient" are those of the first step; "step" is how much each parameter
    has changed after the last.
    """
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
    """Return whether two arrays have one shape and differ by NEAR at most."""
    if array.shape != wanted.shape:
        return False
    return bool(np.abs(array - wanted).max() <= NEAR * np.abs(wanted).max())


def slope_agrees(program: Program, h: float = 1e-7) -> bool:
    """Return whether a float64 program's gradients agree with finite differences.

    For the differences, the parameters are moved by h and by -h along one random
    direction; they are not moved back afterwards.
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
