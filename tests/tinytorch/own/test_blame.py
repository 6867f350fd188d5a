"""Which of a reader's modules makes a cell fail."""

import json

from own_modules import asked, own, python
from readers import COUNTED_ADD


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
