"""Removes comments from a built site's scripts, which makes the scripts shorter."""

import re
from pathlib import Path

# A comment without code on its lines: a block, or a line that begins with //.
COMMENT = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*\n|//[^\n]*\n)", re.M | re.S)


def without_comments(text: str) -> str:
    """Return a JavaScript module's text without comments on lines of their own.

    Comments behind code stay. Text in a template string stays too, even if it looks
    like a comment.
    """
    pieces, at, in_template = [], 0, False
    for found in COMMENT.finditer(text):
        piece = text[at : found.start()]
        pieces.append(piece)
        in_template ^= piece.count("`") % 2 == 1
        at = found.start() if in_template else found.end()
    return "".join(pieces) + text[at:]


def lighten(site: Path) -> None:
    """Remove the comments from the scripts in _static/live of a built site."""
    for path in sorted((site / "_static" / "live").rglob("*.js")):
        text = path.read_text(encoding="utf-8")
        path.write_text(without_comments(text), encoding="utf-8", newline="\n")
