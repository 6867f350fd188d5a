"""How long imports take, each time in a process of its own."""

import os
import subprocess
import sys

from tools import ROOT

# Numpy comes first, so that the second figure is what the framework adds to it, and
# not the small difference of two large and unsteady ones.
TIMED = """
import time
start = time.process_time()
import numpy
middle = time.process_time()
import tinytorch
tinytorch.Tensor
print(middle - start, time.process_time() - middle)
"""


def best_imports(rounds):
    """Import numpy, then the framework, each time in a fresh Python.

    Args: rounds, how many times.
    Returns: two numbers, seconds of CPU time that numpy took, and the framework after
        it, each the best of all rounds; the first of all only makes the bytecode.
    """
    python(TIMED)
    times = [map(float, python(TIMED).split()) for _ in range(rounds)]
    return tuple(map(min, zip(*times, strict=True)))


def python(code):
    """Run code in a fresh Python, and return what it prints.

    Raises: RuntimeError with what stands on stderr, if it ends with an error.
    """
    # Bytecode is kept from one run to the next, as it is for all who use the package.
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()
