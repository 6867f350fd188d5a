"""Joins what a cell printed into one block, however the kernel sent it."""

from __future__ import annotations

import re

from docutils import nodes

# Text that a carriage return takes back: the line is written anew behind it.
OVERWRITTEN = re.compile(r".*\r(?=[^\n])")


def join_prints(output: nodes.Element) -> None:
    """Put all that a cell printed into the first of its blocks of printed text.

    A kernel sends what is printed in pieces, and where it cuts them depends on time: a
    busy machine may cut within a line. So the pieces are joined as they came, which
    myst-nb's own nb_merge_streams does not: it ends each piece with a new line.
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
