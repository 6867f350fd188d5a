"""Times the framework against raw numpy, and PyTorch if installed, as ratios.

Settings: ONLY=W1,W6 chooses workloads, ROUNDS=200 measures longer. Ends with an error
where a ratio is above its gate.
"""

import os

THREADS = ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM", "BLIS")


def main():
    """Check and time each workload that was asked for, print a table of ratios."""
    for library in THREADS:  # read when numpy is loaded, so this comes before
        os.environ[f"{library}_NUM_THREADS"] = "1"
    from tools.bench import ratios, workloads

    only = [name for name in os.environ.get("ONLY", "").split(",") if name]
    known = [work.name for work in workloads.ALL] + [ratios.IMPORT]
    unknown = sorted({*only} - {*known})
    if unknown:
        return f"no workload {', '.join(unknown)}; there are: {', '.join(known)}"
    return ratios.run(only or known, int(os.environ.get("ROUNDS", "60")))
