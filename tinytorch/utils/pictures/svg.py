"""Functions that return pieces of SVG for the pictures of `plot`.

Each picture sets its own background and text colors, light and dark, so that it can be
read on any page. As a picture is inline in the page, its style can follow the theme
that the reader chose there (`data-theme`), or without a choice the system's theme.
No font, script or image is loaded from elsewhere.
"""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# For each class or curve: its color on light pages, its color on dark pages.
COLORS = [
    ("#1d5f86", "#8dbde2"),
    ("#b4540a", "#f0a562"),
    ("#2b6a3c", "#86c795"),
    ("#7a3c96", "#c7a8e6"),
    ("#8a2550", "#ee93b6"),
    ("#5f6368", "#b4bac2"),
]
MARKS = "•x+o*#"  # in pictures as text, a character for each curve or class
# stroke-dasharray of each curve, for readers who cannot tell the colors apart.
DASHES = ["none", "7 4", "2 3", "9 3 2 3", "12 5", "4 2"]

# CSS variables of all colors but those of curves, on light and on dark pages.
PAGE = "--paper:#fdfcfa;--ink:#24272d;--soft:#585e69;--line:#dcd8cf;"
DARK_PAGE = "--paper:#17191d;--ink:#d7dadf;--soft:#a2a9b4;--line:#383d45;"


def theme(page: str, which: int, chosen: str = "") -> str:
    """Return the CSS rules that set a picture's colors for one theme.

    Args: page, PAGE or DARK_PAGE; which, the index in each pair of COLORS, 0 for light
        pages or 1 for dark; chosen, a selector put before each rule, which limits the
        rules to a theme.
    """
    curves = "".join(
        f"{chosen}.tt-plot .tt-{i}{{--c:{pair[which]}}}"
        for i, pair in enumerate(COLORS)
    )
    return f"{chosen}.tt-plot{{{page}}}{curves}"


STYLE = (
    theme(PAGE, 0)
    + theme(DARK_PAGE, 1, 'html[data-theme="dark"] ')
    + "@media(prefers-color-scheme:dark){"
    + theme(DARK_PAGE, 1, "html:not([data-theme]) ")
    + "}.tt-plot{font:13px system-ui,sans-serif}"
    ".tt-plot text{fill:var(--ink)}.tt-plot .tt-soft{fill:var(--soft);font-size:12px}"
    ".tt-plot .tt-paper{fill:var(--paper)}"
    ".tt-plot .tt-grid{stroke:var(--line);fill:none}"
    ".tt-plot .tt-line{stroke:var(--c);fill:none;stroke-width:2;stroke-linejoin:round}"
    ".tt-plot .tt-pixels{image-rendering:pixelated}"
)


def document(width: float, height: float, label: str, parts: Iterable[str]) -> str:
    """Return a whole picture as an svg element.

    Args: width, height, in pixels; label, a description for screen readers; parts,
        elements made by the functions below.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tt-plot" width="{width:g}" '
        f'height="{height:g}" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-label="{escape(label)}"><style>{STYLE}</style>'
        f'<rect class="tt-paper" width="{width:g}" height="{height:g}" rx="6"/>'
        + "".join(parts)
        + "</svg>"
    )


def words(
    x: float, y: float, text: str, anchor: str = "start", kind: str = "", turn: int = 0
) -> str:
    """Return a text element.

    Args: x, y, in pixels, y of the baseline; anchor, the part of the text at x:
        "start", "middle" or "end"; kind, a CSS class of STYLE, or ""; turn, degrees of
        clockwise rotation about (x, y).
    """
    turned = f' transform="rotate({turn} {x:.1f} {y:.1f})"' if turn else ""
    marked = f' class="{kind}"' if kind else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{marked}{turned}>'
        f"{escape(text)}</text>"
    )


def curve(points: Sequence[tuple[float, float]], number: int) -> str:
    """Return a path through points (x, y) in pixels, in the style of curve `number`."""
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dash = DASHES[number % len(DASHES)]
    dashed = "" if dash == "none" else f' stroke-dasharray="{dash}"'
    return f'<path class="tt-line tt-{number % len(COLORS)}" d="{path}"{dashed}/>'


def rule(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return a thin grid line from (x1, y1) to (x2, y2), in pixels."""
    return f'<path class="tt-grid" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>'


def dot(x: float, y: float, number: int) -> str:
    """Return the mark of a point of class `number`: a circle, a square or a triangle.

    Its color is that of light pages also on dark pages, where regions are pale as well.

    Args: x, y, the center, in pixels.
    """
    place = f'fill="{COLORS[number % len(COLORS)][0]}" stroke="#fdfcfa"'
    if number % 3 == 0:
        return f'<circle {place} cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    if number % 3 == 1:
        return f'<rect {place} x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'
    return f'<path {place} d="M{x:.1f} {y - 5:.1f}l5 9h-10z"/>'


def pixels(
    x: float, y: float, width: float, height: float, colors: NDArray[np.uint8]
) -> str:
    """Return an image element with its upper left corner at (x, y); lengths in pixels.

    Args: colors, bytes (rows, columns, 3), stretched to width and height.
    """
    return (
        f'<image class="tt-pixels" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
        f'height="{height:.1f}" preserveAspectRatio="none" '
        f'href="data:image/png;base64,{b64encode(png(colors)).decode()}"/>'
    )


def png(colors: NDArray[np.uint8]) -> bytes:
    """Return the bytes of a PNG file with these colors, bytes (rows, columns, 3)."""
    rows, columns, _ = colors.shape
    # In a PNG each row begins with a byte that names its filter, 0 for none.
    lines = b"".join(b"\0" + line.tobytes() for line in colors)
    # The header says: 8 bits a channel, color type 2 (red, green, blue), and 0 for the
    # only methods of compression and filtering, and for no interlacing.
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in [
            (b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(lines, 0)),  # 0: the same bytes from any zlib
            (b"IEND", b""),
        ]
    )


def color(number: int) -> NDArray[np.float64]:
    """Return the color of class `number` on light pages: (3,) floats from 0 to 255."""
    text = COLORS[number % len(COLORS)][0]
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)], float)
