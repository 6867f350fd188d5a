"""Runs the milestones at full size with five seeds each; fails where one is missed."""

import time

from tinytorch.utils.measure import table
from tools.judge.milestones import CLAIMS, SEEDS, row


def main() -> int:
    """Check each claim with all seeds; print a table; return 1 if one fails, else 0."""
    rows, kept = [], True
    for claim in CLAIMS:
        print(f"{claim.folder}: {claim.function} ...", flush=True)
        start = time.perf_counter()
        shares = claim.run(SEEDS)
        rows.append(row(claim, shares, time.perf_counter() - start))
        kept = kept and claim.keeps(shares)
    head = [f"{len(SEEDS)} seeds", "median", "spread", "wanted", "", "a seed"]
    print("\n" + table(head, rows))
    return 0 if kept else 1
