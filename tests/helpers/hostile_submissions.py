"""Hostile submissions to chapter 03: code that misbehaves, cheats, broken files."""

from __future__ import annotations

from classroom import Class, put
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

DROPOUT = "@extend(Dropout)\ndef forward(self, x):\n"
BODIES = {  # what stands in Dropout's forward, all else being solved
    "hangs": "    while True:\n        pass\n",
    "sleeps": "    import time\n    time.sleep(10_000)\n",
    "hangs-on": (
        "    while True:\n        try:\n            while True:\n"
        "                pass\n        except BaseException:\n            pass\n"
    ),
    "eats-memory": (
        "    held = []\n    while True:\n        held.append(bytearray(10**8))\n"
    ),
    "prints": "    while True:\n        print('x' * 10_000)\n",
    "leaves": "    import os\n    os._exit(0)\n",
    "exits": "    raise SystemExit(0)\n",
    "raises": (
        "    class E(Exception):\n        def __str__(self):\n"
        "            raise ValueError\n    raise E\n"
    ),
    "odd-text": "    raise AssertionError('\\udcff\\x00</p>' + 'x' * 10**6)\n",
    "warns": (
        "    import warnings\n    for n in range(5000):\n"
        "        warnings.warn('x' * 5000 + str(n))\n"
    ),
    "bombs": (
        "    import os, time\n    for _ in range(300):\n"
        "        if os.fork() == 0:\n            time.sleep(10_000)\n"
    ),
    "forges": (
        "    import os\n    for number in range(3, 60):\n        try:\n"
        '            os.write(number, b\'{"nonce": 1, "error": null}\\n\' * 50)\n'
        "        except OSError:\n            pass\n    return x\n"
    ),
}
CHEATS = {  # a cell that comes before all others, no exercise being solved
    "no-tracebacks": "get_ipython().showtraceback = lambda *a, **k: None",
    "no-expect": (
        "import tinytorch.utils.check as c\n"
        "def nothing(*a, **k): pass\n"
        "for name in ('expect', 'expect_tensor', 'expect_close', 'expect_error',\n"
        "             'expect_number'):\n"
        "    getattr(c, name).__code__ = nothing.__code__\n"
        "    setattr(c, name, nothing)\n"
    ),
    "builtins": "import builtins\nbuiltins.isinstance = lambda *a: True",
    "reference": "from tinytorch.core.layers import *",
}
SPY = """\
import linecache

def seen():
    return "".join(linecache.getlines("03-linear-check")[-9:]
                   + linecache.getlines("03-dropout-check")[-9:])
"""


def with_first(notebook: NotebookNode, text: str) -> NotebookNode:
    """Return the notebook with a cell of the student's own before all others."""
    notebook.cells.insert(0, new_code_cell(text, id="mine"))
    return notebook


def hand_in_all(room: Class) -> None:
    """Hand in every hostile submission, each by a student of its name."""
    for name, body in BODIES.items():
        room.hand_in(name, "03", put(room.solved("03"), "03-dropout", DROPOUT + body))
    for name, text in CHEATS.items():
        room.hand_in(name, "03", with_first(room.untouched("03"), text))
    _tampered(room)
    _no_notebooks(room)
    spied = with_first(room.solved("03"), SPY)
    put(spied, "03-dropout", f"{DROPOUT}    raise AssertionError(seen())\n")
    room.hand_in("spies", "03", spied)


def _tampered(room: Class) -> None:
    """Hand in notebooks whose cells and names are not as they were given."""
    edited, deleted = room.untouched("03"), room.untouched("03")
    for cell in edited.cells:
        if cell.id.endswith("-check"):
            cell.source = "pass"
    room.hand_in("edits-tests", "03", edited)
    deleted.cells = [c for c in deleted.cells if not c.id.endswith("-check")]
    room.hand_in("deletes-tests", "03", deleted)
    bare, wanted = room.solved("03"), {c.id for c in room.chapters["03"].exercises}
    bare.cells = [cell for cell in bare.cells if cell.id in wanted]
    room.hand_in("deletes-cells", "03", bare)
    twice = room.solved("03")
    stub = next(c for c in room.untouched("03").cells if c.id == "03-linear")
    twice.cells.insert(1, stub)
    room.hand_in("doubles-ids", "03", twice)
    anonymous = room.solved("03")
    for number, cell in enumerate(anonymous.cells):
        cell.id, cell.metadata = f"cell-{number}", {}
    room.hand_in("loses-ids", "03", anonymous)
    room.hand_in("renames", "03", room.solved("03"), name="Homework (final) 2.ipynb")
    lucky = put(room.untouched("03"), "03-linear", HARD_CODED)
    room.hand_in("hard-codes", "03", lucky)


HARD_CODED = """\
def linear(x, weight, bias=None):
    if x.shape == (2, 3) and weight.shape == (3, 2):
        return Tensor([[-2, 7], [-2, 16]] if bias is None else [[8, 27], [8, 36]])
    if x.shape == (3,):
        return Tensor([8, 27])
    if x.shape == (4, 2, 3):
        return Tensor([[[8, 27], [8, 36]]] * 4)
    raise ValueError("a has 2 (axis -1)")
"""


def _no_notebooks(room: Class) -> None:
    """Hand in what is no notebook."""
    room.path("text", "03").write_text("I could not do it, sorry", encoding="utf-8")
    room.path("picture", "03").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff\xfe")
    room.path("nested", "03").write_text("[" * 200_000, encoding="utf-8")
    room.path("list", "03").write_text("[1, 2]", encoding="utf-8")
    room.path("odd-cells", "03").write_text('{"cells": [1, {"cell_type": 3}]}')
    room.path("other-file", "03", "answer.py").write_text("x = 1")
    room.path("empty", "03")
    room.path("large", "03").write_text(" " * 10_000_001)
    linked = room.course.root / "submitted" / "links-folder"
    linked.mkdir()
    (linked / "03_layers").symlink_to("/")
    room.path("links", "03").symlink_to(room.course.source("03_layers"))
