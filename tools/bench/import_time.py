"""Times the imports of numpy and the framework, in a fresh Python each time."""

import os
import subprocess
import sys

from tools import ROOT

# Numpy is imported first, so that the second figure is the framework's share alone, and
# not the small difference of two large and unsteady figures.
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
    """Import numpy, then the framework, in `rounds` fresh Pythons.

    Returns: the seconds of CPU time of numpy, and of the framework after it, each the
        best of all rounds.
    """
    python(TIMED)  # not counted: it writes the bytecode
    times = [map(float, python(TIMED).split()) for _ in range(rounds)]
    numpy, framework = map(min, zip(*times, strict=True))
    return numpy, framework


def python(code: str) -> str:
    """Run code in a fresh Python; return its output.

    Raises: RuntimeError with its stderr, if it ends with an error.
    """
    # Bytecode is kept from one run to the next, as it is for users of the package.
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()
