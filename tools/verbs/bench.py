"""Times the framework against raw numpy, and PyTorch if installed, as ratios.

Settings: ONLY=W1,W6 chooses workloads, ROUNDS=200 measures longer. Fails if a ratio is
above its gate.
"""

import os

# Libraries for linear algebra that numpy may use, by their names in NAME_NUM_THREADS.
THREADS = ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM", "BLIS")


def main() -> str | int:
    """Check and time the chosen workloads; return 0, or a message for what failed."""
    # Set before numpy is imported, which is when its libraries read these variables.
    for library in THREADS:
        os.environ[f"{library}_NUM_THREADS"] = "1"
    from tools.bench import ratios, workloads

    only = [name for name in os.environ.get("ONLY", "").split(",") if name]
    known = [work.name for work in workloads.ALL] + [ratios.IMPORT]
    unknown = sorted({*only} - {*known})
    if unknown:
        return f"no workload {', '.join(unknown)}; there are: {', '.join(known)}"
    return ratios.run(only or known, int(os.environ.get("ROUNDS", "60")))
