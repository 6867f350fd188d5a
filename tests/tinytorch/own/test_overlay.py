"""A reader's modules imported in place of the book's, which fills what they lack."""

import json

import pytest
from book_chapters import NUMBERED, parsed
from own_modules import asked, own, python

from tinytorch.own.module_source import described


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


def test_a_module_that_an_earlier_one_keeps_from_loading_says_which():
    broken = {"module": "core.tensor", "title": "chapter 01", "source": "extend = 3\n"}
    question = asked(ask="use", modules=[broken, own("05", {})])
    told = json.loads(python(question))
    assert told["core.tensor"] == ""
    assert "TypeError" in told["core.autograd"]
    words = "with the reference in place of your chapter 01, it loads"
    assert told["core.autograd"].endswith(words)


def test_a_module_may_delete_a_name_that_the_books_has():
    source = "import numpy as np\nTWO = np.float32(2)\ndel np\n"
    module = {"module": "core.tensor", "title": "chapter 01, Tensor", "source": source}
    printed = python(f"""
{asked(ask="use", modules=[module])}
from tinytorch.core import tensor
print(tensor.TWO, tensor.Tensor([1, 2]).shape)
""")
    told, values = printed.split("\n")
    assert json.loads(told) == {"core.tensor": ""}
    assert values == "2.0 (2,)"
