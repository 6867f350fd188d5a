"""Reports each chapter's scaffolding, as a table; the book shows it as a page.

How steep is a chapter, and how much help stands beside each exercise? `load` counts,
`score` judges by a rule that is written down, `report` prints and draws.
"""

from tools import chapter
from tools.analyze import report
from tools.analyze.score import analyze


def analyses():
    """Return the analysis of every chapter, in order."""
    met = set()  # by those who read the chapters before
    return [analyze(chapter.read(path), met) for path in chapter.paths()]


def main():
    """Print the report; return 1 when a chapter misses a target."""
    found = analyses()
    print("\n\n".join(report.as_text(each) for each in found))
    return 1 if any(each.missed for each in found) else 0
