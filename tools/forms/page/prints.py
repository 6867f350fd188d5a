"""Joins the texts that an executed cell printed into one block of output."""

from __future__ import annotations

import re

from docutils import nodes

# Text that a carriage return deletes, as on a terminal: the rest of the line, written
# after it, replaces it. Used to keep only the last state of a progress line.
OVERWRITTEN = re.compile(r".*\r(?=[^\n])")


def join_prints(output: nodes.Element) -> None:
    """Move all printed text in a cell's output into its first block of printed text.

    A kernel sends printed text in pieces, and their boundaries depend on timing: on a
    busy machine, a piece may end within a line. So the pieces are joined without
    anything in between. (myst-nb's own nb_merge_streams ends each with a new line.)
    """
    blocks = [
        block
        for block in output.findall(nodes.literal_block)
        if {"output", "stream"} <= {*block["classes"]}
    ]
    if not blocks:
        return
    first, *others = blocks
    text = "".join(block.astext() for block in blocks).rstrip() + "\n"
    text = OVERWRITTEN.sub("", text)
    first.rawsource = text
    first.children = []
    first += nodes.Text(text)
    for block in others:
        block.parent.remove(block)
