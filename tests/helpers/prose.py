"""Reads headings and diagrams out of a chapter's text, for the tests."""

import re

DOWN, UP = set("┌┐┬├┤┼│"), set("└┘┴├┤┼│")  # sides that lead on


def headings(each):
    """Return the headings of a chapter, code blocks aside."""
    text = "\n".join(cell.source for cell in each.cells if cell.kind == "markdown")
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return re.findall(r"^#{1,3} .+$", prose, re.M)


def loose_end(lines):
    """Find a side of a box that meets nothing on the next line, or return None."""
    for number, (above, below) in enumerate(zip(lines, lines[1:], strict=False), 1):
        width = max(len(above), len(below))
        for column, (a, b) in enumerate(
            zip(above.ljust(width), below.ljust(width), strict=True)
        ):
            if a in "┌┐┬├┤┼" and b not in UP | set("▼╌"):
                return f"line {number}, column {column}: {a} over {b!r}"
            if b in "└┘┴├┤┼" and a not in DOWN | set("╌"):
                return f"line {number + 1}, column {column}: {b} under {a!r}"
    return None
