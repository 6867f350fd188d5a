"""Which names a cell defines and which it uses, for every way to bind a name."""

import ast

import pytest

from tinytorch.own.names import definitions, names_of


@pytest.mark.parametrize(
    ("source", "defined", "used"),
    [
        ("", "", ""),
        ("x = y", "x", "y"),
        ("a, (b, *c) = d", "a b c", "d"),
        ("x: int = y", "x", "int y"),
        ("x += y", "x", "x y"),
        ("if a:\n    x += 1", "x", "a x"),
        ("del x", "x", "x"),
        ("for i in items:\n    last = i", "i last", "items i"),
        ("with open(p) as f:\n    pass", "f", "open p"),
        ("(n := size)", "n", "size"),
        # imports
        ("import a.b, c.d as e\nfrom f import g, h as i", "a e g i", ""),
        ("from m import *", "", ""),
        # names of except and match
        ("try:\n    f()\nexcept E as error:\n    g(error)", "error", "f E g error"),
        (
            "match v:\n"
            "    case [a, *b]: pass\n"
            "    case {'k': c, **d}: pass\n"
            "    case Point(x=e) as f: pass\n"
            "    case CONSTANT.of: pass",
            "a b c d e f",
            "v Point CONSTANT",
        ),
        # functions and classes: their insides are local
        (
            "@cache\n"
            "def f(a, b=c, *d, e: g = 1, **h) -> i:\n"
            "    j = a\n"
            "    return j + k",
            "f",
            "cache c g i k",
        ),
        ("async def f():\n    return await g()", "f", "g"),
        ("f = lambda a: a + b", "f", "b"),
        ("class A(B):\n    c = d\n    def m(self):\n        return c", "A", "B d c"),
        ("def f():\n    import os\n    return os.sep", "f", ""),
        ("def f():\n    global n\n    n = 1", "f n", ""),
        ("def f():\n    global n\n    n += 1", "f n", "n"),
        ("def f():\n  n = 1\n  def g():\n    nonlocal n\n    n += 1", "f", ""),
        ("class A:\n  def m(self):\n    return super().m, __class__", "A", "super"),
        ("class A:\n    t = 1\n    u = [t for _ in t]", "A", "t"),
        # a local of one function is not the global that another one reads
        ("def f():\n    helper = 1\ndef g():\n    return helper", "f g", "helper"),
        # comprehensions: their variables are local, := inside of them is not
        ("x = [i * k for i in items]", "x", "k items"),
        ("x = [i for row in rows for i in row if i > least]", "x", "rows least"),
        ("x = [[i * j for i in a] for j in b]", "x", "a b"),
        ("def f():\n    return [g for g in h] + [k := g]", "f", "h g"),
        ("x = {k: v for k, v in d.items()}", "x", "d"),
        ("x = [last := i for i in items]", "x last", "items"),
        # what changes an object uses its name, and does not define it
        ("Tensor.scale = f", "", "Tensor f"),
        ("x[0] = x.y.z = 1", "", "x"),
        ("x.n += 1\ndel y[i]", "", "x y i"),
        ("@extend(Tensor)\ndef f(self):\n    return self", "f", "extend Tensor"),
    ],
)
def test_names_that_are_defined_and_used(source, defined, used):
    names = names_of(source)
    assert names.defined == {*defined.split()}
    assert names.used == {*used.split()}


@pytest.mark.parametrize("source", ["def f(:", "%matplotlib inline"])
def test_a_cell_that_is_not_python_raises(source):
    with pytest.raises(SyntaxError):
        names_of(source)


def test_definitions_are_the_functions_and_classes_of_the_top_level():
    text = "class B:\n    def m(self): pass\nx = 1\ndef a(): pass\ndef a(): pass"
    assert definitions(ast.parse(text)) == ["B", "a"]
