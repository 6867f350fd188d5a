"""Makes a built site's scripts lighter: no browser needs their comments."""

import re
from pathlib import Path

# A comment that has its lines to itself: a block, or lines that begin with //.
COMMENT = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/).)*\*/[ \t]*\n|//[^\n]*\n)", re.M | re.S)


def without_comments(text: str) -> str:
    """Return a JavaScript module's text without the comments that stand on their own.

    Comments behind code stay, and so does everything inside of a template string: there
    such a line is text.
    """
    kept, at = "", 0
    for found in COMMENT.finditer(text):
        if found.start() < at:
            continue
        kept += text[at : found.start()]
        at = found.start()
        if kept.count("`") % 2 == 0:  # no template string is open
            at = found.end()
    return kept + text[at:]


def lighten(site: Path) -> None:
    """Take the comments out of the page's own scripts in a built site."""
    for path in sorted((site / "_static" / "live").rglob("*.js")):
        text = path.read_text(encoding="utf-8")
        path.write_text(without_comments(text), encoding="utf-8", newline="\n")
