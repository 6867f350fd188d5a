"""A reader's own modules: put together, imported in place of the book's, blamed."""

import json
import os
import subprocess
import sys
import textwrap

import pytest
from book_chapters import NUMBERED, parsed
from readers import COUNTED_ADD, COUNTED_MATMUL

from tinytorch.own.module_source import described, names_missing, put_together
from tools import ROOT


def python(code, **settings):
    """Run code in a fresh process; return what it printed."""
    environment = {**os.environ, "TINYTORCH_OWN": "no", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        env={**environment, **settings},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def own(number, yours):
    """A reader's module of a chapter, as the page's kernel makes it."""
    book_chapter = parsed(NUMBERED[number])
    exported = [(cell.id, cell.solved) for cell in book_chapter.code if cell.exported]
    tools = [cell.published for cell in book_chapter.code if not cell.exported]
    title = f"chapter {number}, {book_chapter.title}"
    source, left_out = put_together(title, "0" * 16, exported, yours, tools)
    assert left_out == {}
    return {"module": book_chapter.module, "title": title, "source": source}


def asked(**question):
    """Code that asks as a page does; it prints the answer."""
    text = json.dumps(json.dumps(question))
    name = "tinytorch.own.answers"
    return f'__import__("{name}", fromlist=["answer"]).answer({text})'


@pytest.fixture(scope="module")
def counting():
    return own("01", {"01-tensor-add": COUNTED_ADD, "01-tensor-matmul": COUNTED_MATMUL})


def test_chapter_05_takes_gradients_on_the_readers_own_chapter_01(counting):
    printed = python(f"""
{asked(ask="use", modules=[counting])}
import numpy as np
from tinytorch.core import tensor
from tinytorch.core.autograd import Tensor, gradcheck
from tinytorch.core.layers import Linear
assert Tensor is tensor.Tensor and tensor.__file__ == "your chapter 01, Tensor"
x = Tensor(np.ones((2, 3)), requires_grad=True)
before = tensor.additions, tensor.products
w = Tensor(np.full((3, 2), 0.5), requires_grad=True)
loss = (x @ w + 1).sum()
loss.backward()
print(x.grad.tolist(), w.grad.tolist())
print(tensor.additions - before[0], tensor.products - before[1])
gradcheck(lambda x, w: x @ w + x @ w, x, w)
""")
    told, gradients, calls = printed.split("\n")
    assert json.loads(told) == {"core.tensor": ""}
    assert gradients == "[[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]] " + str([[2.0, 2.0]] * 3)
    additions, products = map(int, calls.split())
    assert additions >= 1 and products >= 1


def test_every_chapter_can_be_the_readers_own_at_once():
    modules = []
    for path in NUMBERED.values():
        book_chapter = parsed(path)
        if book_chapter.module:
            cells = {c.id: c.solved for c in book_chapter.exercises if c.exported}
            modules.append(own(book_chapter.number, cells))
    names = [f"tinytorch.{one['module']}" for one in modules]
    printed = python(f"""
{asked(ask="use", modules=modules)}
import sys
print([sys.modules[name].__file__ for name in {names!r}])
from tinytorch.core.layers import Linear
from tinytorch.core.tensor import Tensor
out = Linear(2, 3)(Tensor([[1, 2]])).sum()
out.backward()
""")
    told, files = printed.split("\n")
    assert set(json.loads(told).values()) == {""}
    assert files == str([f"your {one['title']}" for one in modules])


def test_the_module_says_whose_cells_it_holds_and_what_it_was_made_from(counting):
    ids = ["01-tensor-add", "01-tensor-matmul"]
    assert described(counting["source"]) == ("0" * 16, ids)
    assert described(own("01", {})["source"])[1] == []
    assert described("x = 1") == ("", [])


def test_a_name_of_the_chapters_tools_comes_along_and_any_other_keeps_the_cell_out():
    cells = [("09-f", "def f(x):\n    return x")]
    tools = [
        "import numpy as np\nfrom math import exp, log as ln",
        "def helper(): pass",
    ]
    mine = {"09-f": "def f(x):\n    return np.exp(x) + ln(x)"}
    source, left_out = put_together("chapter 09", "", cells, mine, tools)
    assert left_out == {}
    assert "import numpy as np\nfrom math import log as ln\n" not in source
    assert "from math import log as ln" in source and "import numpy as np" in source
    assert "exp, " not in source
    mine = {"09-f": "def f(x):\n    return helper(x)"}
    source, left_out = put_together("chapter 09", "", cells, mine, tools)
    assert left_out == {"09-f": ["helper"]}
    assert "return x\n" in source and described(source)[1] == []


def test_names_that_a_cell_gives_itself_are_not_missing():
    text = "def f(a, *b, c=1, **d):\n    e = [g for g in b]\n    return len(e) + a + h"
    assert names_missing(text, []) == {"h"}
    assert names_missing(text, ["h = 1"]) == set()


SHORT = """\
class Tensor:
    def __init__(self, data):
        self.data = np.asarray(data, "float32")

    def __add__(self, other):
        return wrap(self.data + operand(other))


import numpy as np
"""


def test_the_reference_fills_names_and_methods_that_are_missing():
    modules = [{"module": "core.tensor", "title": "chapter 01", "source": SHORT}]
    printed = python(f"""
{asked(ask="use", modules=modules)}
from tinytorch.core.tensor import Tensor, broadcast_shape, extend, wrap
assert Tensor.__add__.__code__.co_filename == "your chapter 01"
assert Tensor.__mul__.__code__.co_filename.endswith("tensor.py")
assert type(wrap(Tensor([1]).data)) is Tensor and type(Tensor([1]) * 2) is Tensor
print(Tensor([1, 2]) + 1, (Tensor([1, 2]) * 3).tolist(), broadcast_shape((1,), (2,)))
""")
    assert printed.endswith("Tensor([2., 3.], shape=(2,)) [3.0, 6.0] (2,)")


OLDER = '''\
"""Your own chapter 03, Layers.

Made from the chapter as published with mark 0123456789abcdef.
Your cells: 03-layer.
"""

__all__ = ["Layer"]


class Layer:
    """My own layer.

    Defined in chapter 03, cell 03-layer.
    """

    mine = True
'''


def test_a_module_kept_when_docstrings_named_cells_is_still_used():
    assert described(OLDER) == ("0123456789abcdef", ["03-layer"])
    modules = [{"module": "core.layers", "title": "chapter 03", "source": OLDER}]
    printed = python(f"""
{asked(ask="use", modules=modules)}
from tinytorch.core.layers import Layer, Linear
print(Layer.mine, issubclass(Linear, Layer), len(Linear(2, 3).parameters()))
""")
    told, used = printed.split("\n")
    assert (json.loads(told), used) == ({"core.layers": ""}, "True True 2")


def test_a_class_that_only_the_reference_has_stands_on_the_readers_class():
    source = "class Layer:\n    mine = True\n"
    modules = [{"module": "core.layers", "title": "chapter 03", "source": source}]
    printed = python(f"""
{asked(ask="use", modules=modules)}
from tinytorch.core.layers import Layer, Linear, Sequential
print(Layer.mine, issubclass(Linear, Layer), len(Linear(2, 3).parameters()))
print(Sequential(Linear(2, 3)).parameters()[0].shape)
""")
    assert printed.split("\n")[1:] == ["True True 2", "(2, 3)"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def f(:\n", "SyntaxError"),
        ("x = 1\ny = x / 0\n", "ZeroDivisionError: division by zero (line 2)"),
        ("import nothing_of_the_kind\n", "ModuleNotFoundError"),
    ],
)
def test_a_module_that_cannot_be_imported_is_told_and_the_reference_used(source, said):
    modules = [{"module": "core.tensor", "title": "chapter 01", "source": source}]
    printed = python(f"""
{asked(ask="use", modules=modules)}
from tinytorch.core.tensor import Tensor
import tinytorch.core.tensor
print(tinytorch.core.tensor.__file__.endswith("tensor.py"), Tensor([1]) + 1)
""")
    told, used = printed.split("\n")
    assert said in json.loads(told)["core.tensor"]
    assert used.startswith("True Tensor([2.]")


def blamed(modules, cells):
    printed = python(f"""
import numpy as np
{asked(ask="use", modules=modules)}
np.random.seed(7)
first = np.random.rand()
np.random.seed(7)
import tinytorch.core.tensor as before
{asked(ask="blame", cells=cells)}
import sys
assert sys.modules["tinytorch.core.tensor"] is before
assert np.random.rand() == first
""")
    return json.loads(printed.split("\n")[-1])["modules"]


def test_the_module_that_breaks_a_later_chapter_is_found_among_several():
    wrong = COUNTED_ADD.replace("np.add", "np.subtract")
    modules = [own("01", {"01-tensor-add": wrong}), own("02", {}), own("03", {})]
    setup = [
        "from tinytorch.core.tensor import Tensor",
        "from tinytorch.core.layers import Linear\nprint('unseen')",
    ]
    failing = "assert (Tensor([1]) + 1).tolist() == [2.0]"
    cells = [(str(i), code) for i, code in enumerate([*setup, failing])]
    assert blamed(modules, cells) == ["core.tensor"]


def test_nobody_is_blamed_for_what_fails_with_the_reference_too(counting):
    cells = [("a", "from tinytorch.core.tensor import Tensor"), ("b", "Tensor(1) / x")]
    assert blamed([counting], cells) == []
    assert blamed([counting], cells[:1]) == [], "nor for what does not fail again"


def test_two_modules_that_only_fail_together_are_both_named():
    cell = """
import tinytorch.core.layers as a
import tinytorch.core.losses as b
if "your" in a.__file__ or "your" in b.__file__:
    raise ValueError
"""
    modules = [own("03", {}), own("04", {})]
    assert blamed(modules, [("x", cell)]) == ["core.layers", "core.losses"]


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


def test_a_module_that_an_earlier_one_keeps_from_loading_says_which():
    broken = {"module": "core.tensor", "title": "chapter 01", "source": "extend = 3\n"}
    question = asked(ask="use", modules=[broken, own("05", {})])
    told = json.loads(python(question))
    assert told["core.tensor"] == ""
    assert "TypeError" in told["core.autograd"]
    words = "with the reference in place of your chapter 01, it loads"
    assert told["core.autograd"].endswith(words)
