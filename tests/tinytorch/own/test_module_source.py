"""A module put together from a reader's cells: what it says, what stays out."""

from own_modules import own

from tinytorch.own.module_source import described, names_missing, put_together


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
