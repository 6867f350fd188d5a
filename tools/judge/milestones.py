"""Runs the milestones at full size with five seeds each; fails where one is missed.

Each milestone's page defines its experiment as a function of a seed, whose defaults are
the full sizes. These functions are taken from the pages' setup cells and called here.
"""

import contextlib
import io
import statistics
from dataclasses import dataclass

from tinytorch.utils.measure import show
from tools import ROOT
from tools.chapters import parser

SEEDS = range(5)


@dataclass(frozen=True)
class Claim:
    """What a milestone says: a share between 0 and 1, and the bound it must keep."""

    folder: str  # under modules/milestones
    function: str  # of the page; returns the share, and whatever else
    what: str
    bound: float
    upper: bool = False  # whether the bound is the most that may come, not the least

    def keeps(self, shares):
        """Whether the median keeps the bound; where it is upper, every share must."""
        if self.upper:
            return max(shares) <= self.bound
        return statistics.median(shares) >= self.bound

    def run(self, seeds):
        """The share for each seed; what the experiment prints is not shown."""
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


def functions(folder):
    """Run the setup cells of a milestone; return the names they define."""
    (path,) = ROOT.joinpath("modules", "milestones", folder).glob("*_dev.py")
    namespace = {"__name__": "milestone"}
    for cell in parser.read(path).code:
        if cell.role == "setup":
            exec(compile(cell.executable, cell.id, "exec"), namespace)
    return namespace


def row(claim, shares, spent):
    """A line of the table."""
    percent = [f"{100 * share:.1f} %" for share in sorted(shares)]
    wanted = f"{'at most' if claim.upper else 'at least'} {100 * claim.bound:.0f} %"
    median = f"{100 * statistics.median(shares):.1f} %"
    verdict = "kept" if claim.keeps(shares) else "MISSED"
    spread = f"{percent[0]} to {percent[-1]}"
    name = f"{claim.folder[:4]} {claim.what}"
    return [name, median, spread, wanted, verdict, show(spent / len(shares), "s")]
