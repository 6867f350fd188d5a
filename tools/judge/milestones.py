"""Checks the results that the milestones claim, by running each with several seeds.

Each milestone defines its experiment, in a setup cell, as a function of a seed; the
function's other arguments default to the full size. Here the setup cells are executed
and the functions called.
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
    """A claim of a milestone: the bound of a share (0 to 1), such as an accuracy."""

    folder: str  # of the milestone, under modules/milestones
    function: str  # the experiment's name; it takes a seed, returns (share, ...)
    label: str  # what the table of results calls the claim
    bound: float  # from 0 to 1
    upper: bool = False  # True: the share is at most the bound; False: at least

    def keeps(self, shares: Sequence[float]) -> bool:
        """Whether the claim holds for the shares measured with several seeds.

        The median must keep a lower bound; every share must keep an upper bound.
        """
        if self.upper:
            return max(shares) <= self.bound
        return statistics.median(shares) >= self.bound

    def run(self, seeds: Iterable[int]) -> list[float]:
        """Run the experiment with each seed, output hidden; return the shares."""
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
    """Run the setup cells of a milestone; return their namespace, {name: value}."""
    (path,) = ROOT.joinpath("modules", "milestones", folder).glob("*_dev.py")
    namespace: dict[str, Any] = {"__name__": "milestone"}
    for cell in parser.read(path).code:
        if cell.role == "setup":
            exec(compile(cell.executable, cell.id, "exec"), namespace)
    return namespace


def row(claim: Claim, shares: Sequence[float], spent: float) -> list[str]:
    """Return the cells of a claim's row in the table of results.

    Args: shares, one for each seed; spent, seconds that all seeds took together.
    """
    percent = [f"{100 * share:.1f} %" for share in sorted(shares)]
    wanted = f"{'at most' if claim.upper else 'at least'} {100 * claim.bound:.0f} %"
    median = f"{100 * statistics.median(shares):.1f} %"
    verdict = "kept" if claim.keeps(shares) else "MISSED"
    spread = f"{percent[0]} to {percent[-1]}"
    name = f"{claim.folder[:4]} {claim.label}"
    return [name, median, spread, wanted, verdict, show(spent / len(shares), "s")]
