"""Checks the results that the milestones' pages claim, with several seeds each.

Each milestone's page defines its experiment as a function of a seed, whose defaults are
the full sizes. These functions are taken from the pages' setup cells and called here.
"""

from __future__ import annotations

import contextlib
import io
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tinytorch.utils.measure import show
from tools import ROOT
from tools.chapters import parser

SEEDS = range(5)


@dataclass(frozen=True)
class Claim:
    """A milestone's claim: a share, such as an accuracy from 0 to 1, and its bound."""

    folder: str  # under modules/milestones
    function: str  # of the page; takes a seed, returns the share and perhaps more
    label: str  # in the table of results
    bound: float
    upper: bool = False  # True where the share may be at most, not at least, the bound

    def keeps(self, shares: Sequence[float]) -> bool:
        """Whether the median keeps a lower bound, or every share an upper one."""
        if self.upper:
            return max(shares) <= self.bound
        return statistics.median(shares) >= self.bound

    def run(self, seeds: Iterable[int]) -> list[float]:
        """Run the experiment, its output hidden; return the share for each seed."""
        experiment = functions(self.folder)[self.function]
        shares = []
        for seed in seeds:
            with contextlib.redirect_stdout(io.StringIO()):
                shares.append(float(experiment(seed)[0]))
        return shares


CLAIMS = [
    Claim("1957_perceptron", "separable", "perceptron, a line between", 0.99),
    Claim("1957_perceptron", "crisis", "perceptron, XOR, best ever", 0.75, upper=True),
    Claim("1969_xor", "learn", "two layers, XOR", 1.0),
    Claim("1986_mlp", "learn", "multi-layer perceptron, digits", 0.96),
    Claim("1998_lenet", "learn", "LeNet, digits", 0.98),
]


def functions(folder: str) -> dict[str, Any]:
    """Run the setup cells of a milestone; return the names they define."""
    (path,) = ROOT.joinpath("modules", "milestones", folder).glob("*_dev.py")
    namespace: dict[str, Any] = {"__name__": "milestone"}
    for cell in parser.read(path).code:
        if cell.role == "setup":
            exec(compile(cell.executable, cell.id, "exec"), namespace)
    return namespace


def row(claim: Claim, shares: Sequence[float], spent: float) -> list[str]:
    """Return the row of a claim in the table of results; `spent` is in seconds."""
    percent = [f"{100 * share:.1f} %" for share in sorted(shares)]
    wanted = f"{'at most' if claim.upper else 'at least'} {100 * claim.bound:.0f} %"
    median = f"{100 * statistics.median(shares):.1f} %"
    verdict = "kept" if claim.keeps(shares) else "MISSED"
    spread = f"{percent[0]} to {percent[-1]}"
    name = f"{claim.folder[:4]} {claim.label}"
    return [name, median, spread, wanted, verdict, show(spent / len(shares), "s")]
