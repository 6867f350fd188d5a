"""Putting a module together from cells."""

import ast

import pytest

from tinytorch.own.assemble import assemble, fold, public_names, strip_scaffold

CLASS = '''\
#| export
class Box:
    """Holds a value."""

    def __init__(self, value):
        self.value = value
'''
METHOD = '''\
#| export
# A comment that belongs to the method.
@extend(Box)
def doubled(self):
    """Twice the value.

    Returns: a Box.

    TODO: double it.

    APPROACH:
    1. Multiply.

    EXAMPLE:
    >>> Box(2).doubled().value
    4

    HINT: use *.
    """
    text = """kept
as it is"""
    return Box(self.value * 2)


def helper():
    return 1
'''


def run(text):
    namespace = {}
    exec(compile(text, "module", "exec"), namespace)
    return namespace


def test_methods_are_folded_into_their_class():
    text = assemble([("01-box", CLASS), ("01-doubled", METHOD)], "A box.")
    module = run(text)
    assert module["Box"](2).doubled().value == 4
    assert "extend" not in text
    tree = ast.parse(text)
    names = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    assert names == ["Box"]
    assert "    # A comment that belongs to the method.\n    # cell" in text
    assert '"""kept\nas it is"""' in text


def test_scaffolding_leaves_docstrings_and_the_rest_stays():
    text = assemble([("01-box", CLASS), ("01-doubled", METHOD)], "A box.")
    for word in ("TODO", "APPROACH", "HINT", "Multiply", "#|"):
        assert word not in text
    for word in ("Twice the value.", "Returns: a Box.", ">>> Box(2)"):
        assert word in text


def test_public_names_are_listed():
    module = run(assemble([("01-box", CLASS), ("01-doubled", METHOD)], "A box."))
    assert module["__all__"] == ["Box", "helper"]
    assert public_names("def _a(): pass\nclass B: pass") == ["B"]


def test_a_class_of_another_module_is_extended_where_it_stands():
    code = "@extend(Elsewhere)\ndef f(self):\n    pass"
    assert fold(code) == code


def test_a_docstring_that_ends_with_scaffold_is_closed():
    code = 'def f():\n    """Sum.\n\n    HINT: x"""\n    return 1'
    assert strip_scaffold(code) == 'def f():\n    """Sum."""\n    return 1'


def test_a_broken_cell_is_named():
    with pytest.raises(SyntaxError, match="cell 01-broken"):
        assemble([("01-box", CLASS), ("01-broken", "def f(:\n")], "A box.")


def test_a_comment_above_each_definition_names_its_cell():
    text = assemble([("01-box", CLASS), ("01-doubled", METHOD)], "A box.")
    module = run(text)
    assert "\n# cell 01-box\nclass Box:\n" in text
    belongs = "    # A comment that belongs to the method.\n"
    assert f"{belongs}    # cell 01-doubled\n    def doubled" in text
    assert "\n# cell 01-doubled\ndef helper" in text
    assert module["Box"].__doc__ == "Holds a value."
    assert "cell" not in module["Box"].doubled.__doc__


def test_the_comment_stands_above_decorators():
    text = assemble(
        [("01-f", "import functools\n\n\n@functools.cache\ndef f(): 1")], ""
    )
    assert "# cell 01-f\n@functools.cache\ndef f" in text
