"""Judges a chapter: a score from 1 to 5 for its scaffolding, and the targets it misses.

The rule: score = 1 + 4 * guidance * ease, where both are from 0 to 1.

guidance: the share of the parts that exercises should have and do have. An exercise
    should have five: TODO, an APPROACH of at least two steps, an EXAMPLE with `>>>`, a
    HINT, and a check that is at most the second cell after it.
ease: the mean of four shares: the cells that are not of high complexity; the exercises
    that are no cliff (a cliff is three levels or more above the hardest exercise before
    it); the cells with at most three new concepts; the wrong solutions on which the
    visible check fails.

The length of prose and docstrings has no influence: explaining more never costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tinytorch.own.module_source import check_id
from tools.chapters import questions
from tools.chapters.cells import Cell, Chapter
from tools.judge.mutants import caught, mutants
from tools.judge.reading_load import Load, concepts, libraries, load_of

# {part of an exercise's docstring: the pattern that finds it in the cell's text}.
PARTS = {
    "TODO": re.compile(r"^\s*TODO:", re.M),
    "APPROACH": re.compile(r"^\s*APPROACH:\s*\n\s*1\. .*?^\s*2\. ", re.M | re.S),
    "EXAMPLE": re.compile(r"^\s*EXAMPLE:\s*\n\s*>>> ", re.M),
    "HINT": re.compile(r"^\s*HINT:", re.M),
}
CLIFF = 3  # an exercise so many levels above the hardest one before it is a cliff
MOST_CONCEPTS = 3  # new concepts that a cell may have
# Targets for a whole chapter:
LEAST_SCORE = 4.0
MOST_HIGH = 0.30  # the share of cells of high complexity must be below
MOST_LINES = 30  # the mean number of lines of an exercise's cell must be below
LEAST_QUESTIONS = 3  # {predict} questions, in the chapters of ASKING
ASKING = {"01", "02", "03", "04", "05"}  # numbers of chapters that must ask questions


@dataclass
class CellReport:
    """The measurements of one code cell."""

    id: str
    role: str
    lines: int  # all lines of the cell in the module file
    load: Load  # of an exercise: the load of its solution; else of the published code
    new: list[str]  # concepts that no earlier cell or chapter has
    # The rest is for exercises only:
    parts: list[str] = field(default_factory=list)  # keys of PARTS that it has, "check"
    distance: int | None = None  # its check is so many code cells below; None: no check
    mutants: dict[str, bool] = field(default_factory=dict)  # {kind: whether caught}
    jump: int = 0  # levels above the exercise before; may be negative
    rise: int = 0  # levels above the hardest exercise before; may be negative


@dataclass
class Analysis:
    """The measurements of a chapter, and the figures computed from them."""

    slug: str
    title: str
    cells: list[CellReport]
    questions: int = 0  # how many {predict} questions the chapter asks

    @property
    def exercises(self) -> list[CellReport]:
        """The reports of the exercises."""
        return [cell for cell in self.cells if cell.role == "exercise"]

    @property
    def guidance(self) -> float:
        """The `guidance` of the rule: the share of parts present, from 0 to 1."""
        there = [len(cell.parts) / (len(PARTS) + 1) for cell in self.exercises]
        return _mean(there)

    @property
    def high(self) -> float:
        """The share of cells that are of high complexity, from 0 to 1."""
        return _mean([cell.load.high for cell in self.cells])

    @property
    def ease(self) -> float:
        """The `ease` of the rule: the mean of its four shares, from 0 to 1."""
        gentle = _mean([cell.rise < CLIFF for cell in self.exercises])
        light = _mean([len(cell.new) <= MOST_CONCEPTS for cell in self.cells])
        seen = [hit for cell in self.exercises for hit in cell.mutants.values()]
        return _mean([1 - self.high, gentle, light, _mean(seen)])

    @property
    def score(self) -> float:
        """The score, from 1 to 5."""
        return 1 + 4 * self.guidance * self.ease

    @property
    def cliffs(self) -> list[str]:
        """The ids of the exercises that are cliffs."""
        return [cell.id for cell in self.exercises if cell.rise >= CLIFF]

    @property
    def missed(self) -> list[str]:
        """The targets of modules/README.md that the chapter misses, in words."""
        lines = _mean([cell.lines for cell in self.exercises])
        crowded = [c.id for c in self.cells if len(c.new) > MOST_CONCEPTS]
        told = [
            (
                self.score < LEAST_SCORE,
                f"score {self.score:.1f} is under {LEAST_SCORE}",
            ),
            (
                self.high >= MOST_HIGH,
                f"{self.high:.0%} of the cells are of high complexity",
            ),
            (lines >= MOST_LINES, f"implementation cells have {lines:.0f} lines"),
            (bool(crowded), f"too many new concepts in {', '.join(crowded)}"),
            (bool(self.cliffs), f"a cliff at {', '.join(self.cliffs)}"),
            (
                self.slug[:2] in ASKING and self.questions < LEAST_QUESTIONS,
                f"{self.questions} questions to predict, under {LEAST_QUESTIONS}",
            ),
        ]
        return [words for missed, words in told if missed]


def analyze(book_chapter: Chapter, met: set[str] | None = None) -> Analysis:
    """Return the analysis of a parsed chapter.

    Args: met, the concepts of earlier chapters; the chapter's own are added to the set.
    """
    met = set() if met is None else met
    reports: list[CellReport] = []
    known: set[str] = set()  # names of imported libraries
    level, hardest = 1, 1  # levels: of the exercise before, of the hardest one before
    code = [cell for cell in book_chapter.code if cell.role != "main"]
    for cell in code:
        known |= libraries(cell.executable)
        new = concepts(cell.executable, known) - met
        met |= new
        solution = "\n".join(cell.solution_lines)
        report = CellReport(
            cell.id,
            cell.role,
            len(cell.source.splitlines()),
            load_of(solution if cell.role == "exercise" else cell.published),
            sorted(new),
        )
        if cell.role == "exercise":
            _judge_exercise(report, book_chapter, cell, code)
            report.jump, level = report.load.level - level, report.load.level
            report.rise, hardest = level - hardest, max(hardest, level)
        reports.append(report)
    text = "\n".join(c.source for c in book_chapter.cells if c.kind == "markdown")
    asked = len(questions.questions(text))
    return Analysis(book_chapter.slug, book_chapter.title, reports, asked)


def _judge_exercise(
    report: CellReport, book_chapter: Chapter, cell: Cell, code: Sequence[Cell]
) -> None:
    """Set the report's parts, distance and mutants for the exercise `cell`.

    Args: code, the chapter's code cells that are analyzed, in order.
    """
    parts = [name for name, part in PARTS.items() if part.search(cell.published)]
    at = code.index(cell)
    ids = [other.id for other in code[at + 1 :]]
    if check_id(cell.id) in ids:
        report.distance = ids.index(check_id(cell.id)) + 1
        report.mutants = {
            kind: caught(book_chapter, cell, text, whole=False)
            for kind, text in mutants(cell).items()
        }
    near = report.distance is not None and report.distance <= 2
    report.parts = [*parts, "check"] if near else parts


def _mean(values: Iterable[float]) -> float:
    """Return the mean of the values; 0.0 if there are none."""
    values = list(values)
    return sum(values) / len(values) if values else 0.0
