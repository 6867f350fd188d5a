"""What a page's kernel answers when cells are kept as a module."""

import json

from book_chapters import NUMBERED, parsed
from own_modules import asked, python
from readers import COUNTED_ADD


def kept(*each):
    """What the kernel answers when a page keeps cells of chapter 01, once for each."""
    cells = [
        (cell.id, cell.solved) for cell in parsed(NUMBERED["01"]).code if cell.exported
    ]
    question = {"module": "core.tensor", "title": "chapter 01, Tensor", "mark": ""}
    question |= {"ask": "keep", "cells": cells, "tools": []}
    steps = [
        f"""
{asked(**question, yours=yours)}
import tinytorch.core.tensor as after
assert after is before and before.__file__.endswith("tensor.py")
"""
        for yours in each
    ]
    printed = python("import tinytorch.core.tensor as before\n" + "".join(steps))
    return [json.loads(line) for line in printed.split("\n")]


def test_what_is_kept_can_be_imported_or_the_reader_is_told_why_not():
    broken = COUNTED_ADD + "\nprint(Tensor([1]) / 0, broadcast)\nbroadcast = 1\n"
    answer, stopped, unreadable = kept(
        {"01-tensor-add": COUNTED_ADD},
        {"01-tensor-add": broken},
        {"01-tensor-add": "def f(:"},
    )
    assert "My own sum" in answer["source"] and answer["leftOut"] == {}
    assert "as a module it stops with" in stopped["problem"]
    assert "cell 01-tensor-add" in unreadable["problem"]
