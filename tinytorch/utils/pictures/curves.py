"""`plot.lines`: curves over one pair of axes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tinytorch.errors import plot as errors
from tinytorch.utils.pictures import svg
from tinytorch.utils.pictures.picture import Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]
    Numbers = Sequence[float] | Floats
    Curve = Numbers | tuple[Numbers, Numbers]

Box = tuple[float, float, float, float]  # numbers at the ends: left, right, low, high
Marks = list[tuple[float, str]]  # (place on an axis, text of the mark there)


def lines(
    series: Mapping[str, Curve], xlabel: str = "", ylabel: str = "", log: bool = False
) -> Picture:
    """Draw curves over one pair of axes, such as losses over epochs.

    Args: series, {name: curve}, where a curve is a sequence of numbers, drawn over
        0, 1, 2, …, or a tuple (xs, ys) of two sequences; xlabel, ylabel, the names of
        the axes; log, whether the y axis is logarithmic. A curve has a gap where a
        number is not finite, and with `log` where y is 0 or below.
    Returns: a Picture.
    Raises: ValueError if no curve has a point to draw, or the xs and ys of a curve are
        not sequences of equal length.
    """
    curves = {str(name): _curve(name, values, log) for name, values in series.items()}
    finite = [xy[np.isfinite(xy).all(axis=1)] for xy in curves.values()]
    points = np.concatenate([np.zeros((0, 2)), *finite])
    if not len(points):
        raise errors.nothing_to_draw(list(curves))
    (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
    xs, ys = _ticks(left, right), _log_ticks(low, high) if log else _ticks(low, high)
    if left == right:  # one x for all points: widen the axis to the ticks around it
        left, right = xs[0], xs[-1]
    xs = [x for x in xs if left <= x <= right]
    box = (left, right, min(low, ys[0]), max(high, ys[-1]))
    axes = [(value, _short(value)) for value in xs]
    marks = [(value, _short(10**value if log else value)) for value in ys]
    return Picture(
        _lines_as_svg(curves, box, axes, marks, xlabel, ylabel),
        _lines_as_text(curves, box, marks, xlabel, ylabel),
    )


def _curve(name: str, values: Curve, log: bool) -> Floats:
    """Return the points of a curve, (n, 2); with `log`, y is log10, and nan for y <= 0.

    Args: name, of the curve, for the error message; values, as `lines` takes a curve.
    Raises: ValueError if xs and ys are not both of the same shape (n,).
    """
    given = values if isinstance(values, tuple) else (range(len(values)), values)
    xs, ys = np.asarray(given[0], float), np.asarray(given[1], float)
    if xs.shape != ys.shape or xs.ndim != 1:
        raise errors.no_curve(name, xs.shape, ys.shape)
    if log:
        ys = np.log10(np.where(ys > 0, ys, math.nan))
    return np.stack([xs, ys], axis=1)


def _ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return the ticks of an axis, round numbers that enclose `low` and `high`.

    The first is at or below `low`, the last at or above `high`. The step between ticks
    is 1, 2 or 5 times a power of ten.

    Args: about, the rough number of steps.
    """
    if low == high:
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / about
    ten = 10 ** math.floor(math.log10(rough))
    # 0.999 and 1e-9: a number that is round but for a rounding error counts as round.
    step = next(ten * n for n in (1, 2, 5, 10) if ten * n >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * i for i in range(first, last + 1)]


def _log_ticks(low: float, high: float) -> list[float]:
    """Return the ticks of a logarithmic axis, as whole exponents of ten.

    The first is at or below `low`, the last at or above `high`, and there are at most
    about eight, so that all can be labelled.
    """
    first, last = math.floor(low + 1e-9), math.ceil(high - 1e-9)
    step = 1 + (last - first) // 7
    return list(range(first, max(last, first + 1) + step, step))


def _short(value: float) -> str:
    # Rounding errors can leave a tick at 0 with a value such as 1e-17.
    return f"{value:.4g}" if abs(value) > 1e-12 else "0"


def _lines_as_text(
    curves: Mapping[str, Floats],
    box: Box,
    marks: Marks,
    xlabel: str,
    ylabel: str,
    width: int = 60,
    height: int = 14,
) -> str:
    """Return the curves drawn in characters.

    Args: as in `_lines_as_svg`; width, height, of the space between the axes, in
        characters.
    """
    left, right, low, high = box
    grid = [[" "] * width for _ in range(height)]

    def row_of(y: float) -> int:
        return round((high - y) / (high - low) * (height - 1))

    for number, xy in enumerate(curves.values()):
        for run in _runs(xy):
            (first, last), ordered = run[[0, -1], 0], run[run[:, 0].argsort()]
            for x in np.linspace(min(first, last), max(first, last), 2 * width):
                column = round((x - left) / (right - left) * (width - 1))
                row = row_of(np.interp(x, *ordered.T))
                grid[row][column] = svg.MARKS[number % len(svg.MARKS)]
    labels = {row_of(value): text for value, text in marks}
    margin = max(map(len, labels.values()))
    names = [f"{svg.MARKS[i % len(svg.MARKS)]} {name}" for i, name in enumerate(curves)]
    rows = ["   ".join(names)] + ([f"{ylabel}"] if ylabel else [])
    rows += [
        f"{labels.get(i, ''):>{margin}} {'┤' if i in labels else '│'}{''.join(row)}"
        for i, row in enumerate(grid)
    ]
    ends = f"{_short(left)}{xlabel:^{width - 2 * len(_short(right))}}{_short(right)}"
    rows += [" " * (margin + 1) + "└" + "─" * width, " " * (margin + 2) + ends]
    return "\n".join(row.rstrip() for row in rows)


def _lines_as_svg(
    curves: Mapping[str, Floats],
    box: Box,
    xs: Marks,
    ys: Marks,
    xlabel: str,
    ylabel: str,
    width: int = 600,
    height: int = 280,
) -> str:
    """Return the curves as SVG, with the legend in a row on top.

    Args: curves, {name: points (n, 2)}; box, the numbers at the ends of the axes; xs,
        ys, the marks on both axes; xlabel, ylabel, the names of the axes; width,
        height, of the picture, in pixels; a long legend makes it wider.
    """
    left, right, low, high = box
    x0, x1, y0, y1 = 66, width - 22, height - 46, 38  # ends of the axes, in pixels

    def at(x: float, y: float) -> tuple[float, float]:
        """Return the place of a curve's point in the picture, in pixels."""
        return (
            x0 + (x - left) / (right - left) * (x1 - x0),
            y0 + (y - low) / (high - low) * (y1 - y0),
        )

    rows = [(at(left, value)[1], text) for value, text in ys]
    columns = [(at(value, low)[0], text) for value, text in xs]
    parts = _marks_as_svg(rows, columns, (x0, x1, y0))
    parts.append(svg.words((x0 + x1) / 2, height - 8, xlabel, "middle"))
    parts.append(svg.words(16, (y0 + y1) / 2, ylabel, "middle", turn=-90))
    place: float = x0  # x of the next entry in the legend, in pixels
    for number, (name, xy) in enumerate(curves.items()):
        for run in _runs(xy):
            points = [at(*point) for point in run]
            # A single point between two gaps is drawn as a line of length 0.
            parts.append(svg.curve(points if len(points) > 1 else points * 2, number))
        parts += [svg.curve([(place, 18), (place + 26, 18)], number)]
        parts += [svg.words(place + 33, 22, name)]
        place += 56 + 7.5 * len(name)  # 7.5 pixels a character, estimated generously
    label = f"{ylabel or 'curves'} over {xlabel or 'x'}: {', '.join(curves)}"
    return svg.document(max(width, place), height, label, parts)


def _marks_as_svg(
    rows: Marks, columns: Marks, corners: tuple[float, float, float]
) -> list[str]:
    """Return the SVG of the marks: grid lines for the y axis, ticks for the x axis.

    Args: rows, (y, text) of the marks on the y axis; columns, (x, text) of the marks on
        the x axis; corners, left, right and bottom end of the axes; all in pixels.
    """
    left, right, bottom = corners
    parts = []
    for y, text in rows:
        parts += [
            svg.rule(left, y, right, y),
            svg.words(left - 8, y + 4, text, "end", "tt-soft"),
        ]
    for x, text in columns:
        parts += [
            svg.rule(x, bottom, x, bottom + 5),
            svg.words(x, bottom + 19, text, "middle", "tt-soft"),
        ]
    return parts


def _runs(xy: Floats) -> list[Floats]:
    """Return the pieces of a curve between its gaps, each an array (n, 2), n >= 1."""
    finite = np.isfinite(xy).all(axis=1)
    cuts = np.flatnonzero(np.diff(finite)) + 1
    return [
        part for part in np.split(xy, cuts) if len(part) and np.isfinite(part).all()
    ]
