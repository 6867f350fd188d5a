"""Reports each chapter's scaffolding, as a table; the book shows it as a page.

How steep is a chapter, and how much help stands beside each exercise? `load` counts,
`score` judges by a rule that is written down, `report` prints and draws.
"""

from tools.chapters import parser
from tools.judge.score import analyze


def analyses():
    """Return the analysis of every chapter, in order."""
    met = set()  # by those who read the chapters before
    return [analyze(parser.read(path), met) for path in parser.paths()]
