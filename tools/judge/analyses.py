"""Analyzes the scaffolding of every chapter: how steep it is, and how much it helps.

`load` counts lines and branches, `mutants` makes wrong solutions, `score` judges a
chapter by a written rule, and `report` prints and draws the result.
"""

from tools.chapters import parser
from tools.judge.score import Analysis, analyze


def analyses() -> list[Analysis]:
    """Return the analysis of every chapter, in order."""
    met: set[str] = set()  # the concepts of the chapters before, which readers know
    return [analyze(parser.read(path), met) for path in parser.paths()]
