"""Formats the analysis of a chapter: as text, and as HTML with a small chart."""

from __future__ import annotations

from html import escape

from tinytorch.utils.measure import in_columns
from tools.judge.score import CLIFF, Analysis

HEADER = ["exercise", "lines", "complexity", "nesting", "level", "jump", "new"]
HEADER += ["parts", "check", "caught"]
BAR = 16  # pixels: the width of a bar in the chart, with the gap beside it
UNIT = 12  # pixels: the height of a bar for each level of the exercise


def rows(analysis: Analysis) -> list[list[object]]:
    """Return the table's rows, one for each exercise, with the columns of HEADER."""
    return [
        [
            cell.id,
            cell.load.lines,
            cell.load.complexity,
            cell.load.nesting,
            cell.load.level,
            f"{cell.jump:+d}" + (" cliff" if cell.rise >= CLIFF else ""),
            len(cell.new),
            f"{len(cell.parts)}/5",
            "none" if cell.distance is None else cell.distance,
            f"{sum(cell.mutants.values())}/{len(cell.mutants)}",
        ]
        for cell in analysis.exercises
    ]


def summary(analysis: Analysis) -> str:
    """Return a text of one or two sentences: score, counts, and missed targets."""
    crowded = max((len(cell.new) for cell in analysis.cells), default=0)
    told = (
        f"Score {analysis.score:.1f} of 5. {len(analysis.cells)} code cells, "
        f"{len(analysis.exercises)} of them exercises; {analysis.high:.0%} of high "
        f"complexity; at most {crowded} new concepts in a cell; "
        f"{analysis.questions} questions to predict."
    )
    if analysis.missed:
        told += f" Misses: {'; '.join(analysis.missed)}."
    return told


def as_text(analysis: Analysis) -> str:
    """Return the report of a chapter as text: the summary, and the table below it."""
    table = in_columns([HEADER, *rows(analysis)])
    return "\n".join([f"{analysis.slug}: {summary(analysis)}", "", *table])


def as_html(analysis: Analysis) -> str:
    """Return the report of a chapter as HTML: chart, summary, table."""
    head = "".join(f"<th>{escape(name)}</th>" for name in HEADER)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(value))}</td>" for value in row) + "</tr>"
        for row in rows(analysis)
    )
    return (
        f"{chart(analysis)}<p>{escape(summary(analysis))}</p>"
        '<div class="tt-table" tabindex="0"><table class="table">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def chart(analysis: Analysis) -> str:
    """Return an SVG bar chart: the level of each exercise, in order."""
    height = 5 * UNIT
    bars = "".join(
        f'<rect x="{BAR * place}" y="{height - UNIT * cell.load.level}" '
        f'width="{BAR - 4}" height="{UNIT * cell.load.level}">'
        f"<title>{escape(cell.id)}: level {cell.load.level}</title></rect>"
        for place, cell in enumerate(analysis.exercises)
    )
    levels = ", ".join(str(cell.load.level) for cell in analysis.exercises)
    width = BAR * max(1, len(analysis.exercises))
    return (
        f'<svg class="tt-levels" role="img" width="{width}" height="{height}" '
        f'fill="currentColor" aria-label="Levels of the exercises: {levels}">{bars}'
        "</svg>"
    )
