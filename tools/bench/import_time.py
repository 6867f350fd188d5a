"""Times the imports of numpy and of the framework, in fresh Python processes."""

import os
import subprocess
import sys

from tools import ROOT

# Prints the CPU seconds of importing numpy, then those of importing the framework.
# numpy is imported first, so that the second time is the framework's alone: the
# difference of two separate measurements would be small and inexact.
TIMED = """
import time
start = time.process_time()
import numpy
middle = time.process_time()
import tinytorch
tinytorch.Tensor
print(middle - start, time.process_time() - middle)
"""


def best_imports(rounds: int) -> tuple[float, float]:
    """Time the imports in `rounds` fresh Python processes.

    Returns: (CPU seconds for numpy, CPU seconds for the framework after numpy), each
        the best of all rounds.
    Raises: RuntimeError if an import fails.
    """
    python(TIMED)  # not counted, since the first import writes the bytecode
    times = [map(float, python(TIMED).split()) for _ in range(rounds)]
    numpy, framework = map(min, zip(*times, strict=True))
    return numpy, framework


def python(code: str) -> str:
    """Run code in a fresh Python process; return what the code prints.

    Raises: RuntimeError, with the process's stderr, if the process fails.
    """
    # Without this variable Python keeps bytecode for the next run, as for users.
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()
