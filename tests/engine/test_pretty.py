"""The browser's kernel writes values as text exactly as IPython does."""

import collections
import datetime
import importlib.util
import random
import statistics

import numpy as np
import pytest

from tools.engine.toolchain import HERE


@pytest.fixture(scope="module")
def pretty():
    path = HERE / "kernel" / "live_kernel" / "pretty.py"
    spec = importlib.util.spec_from_file_location("live_kernel_pretty", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pretty


@pytest.fixture(scope="module")
def ipython():
    formatters = pytest.importorskip("IPython.core.formatters")
    return formatters.PlainTextFormatter()


class Plain:
    pass


class Lines:
    def __repr__(self):
        return "Lines(1,\n      2)"


ITSELF = [1]
ITSELF.append(ITSELF)
VALUES = [
    1.5,
    "a\nb" * 60,
    b"x" * 99,
    None,
    (1,),
    [],
    {},
    set(),
    {3, 1, 2},
    frozenset({1}),
    range(5),
    list(range(60)),
    tuple(range(60)),
    list(range(1500)),
    {number: number for number in range(60)},
    [[1] * 30, [2] * 30],
    {"a": [1] * 40, "b": {"c": [2] * 40}},
    {"loss": [0.123456789] * 12},
    [np.eye(3), np.ones(2)],
    {"w": np.eye(2), "shape": (2, 2)},
    (np.float32(1.5), np.int64(3), np.dtype("float32")),
    [Lines(), Lines()],
    ITSELF,
    Plain,
    len,
    np.sum,
    statistics.mean,
    "".join,
    datetime.date(2020, 1, 1),
    collections.Counter("abca"),
    collections.deque([1, 2]),
    collections.defaultdict(list, {"a": [1] * 40}),
    collections.defaultdict(int, {"a": 1}),
    *(["x" * width] for width in range(72, 80)),
    *({"k" * 10: "x" * width} for width in range(58, 68)),
    *([["x" * 35, "y" * width], 1] for width in range(26, 36)),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_text_is_ipythons(pretty, ipython, value):
    assert pretty(value) == ipython(value)


def test_text_of_nested_values_is_ipythons(pretty, ipython):
    choose = random.Random(0)

    def value(depth):
        kind = choose.choice("nfsltd" if depth else "nfs")
        if kind == "n":
            return choose.randrange(10 ** choose.randrange(1, 9))
        if kind == "f":
            return choose.random()
        if kind == "s":
            return choose.choice("abc") * choose.randrange(40)
        items = [value(depth - 1) for _ in range(choose.randrange(6))]
        if kind == "d":
            return {value(0): item for item in items}
        return tuple(items) if kind == "t" else items

    for _ in range(300):
        made = value(4)
        assert pretty(made) == ipython(made)
