"""Analyzes the scaffolding of every chapter: how steep it is, and how much it helps.

Of the modules beside this one, reading_load counts lines and branches, mutants makes
wrong solutions, score judges a chapter by a rule, and report formats the result.
"""

from tools.chapters import parser
from tools.judge.score import Analysis, analyze


def analyses() -> list[Analysis]:
    """Return the analysis of every chapter, in order."""
    met: set[str] = set()  # concepts of earlier chapters; analyze() adds each chapter's
    return [analyze(parser.read(path), met) for path in parser.paths()]
