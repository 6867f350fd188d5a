"""gradcheck, draw_graph, and what the error messages of chapter 05 say."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from tinytorch import Function, Tensor, draw_graph, gradcheck, nn


def test_gradcheck_says_yes_and_changes_nothing():
    x, w = Tensor([[1.0, 2.0]]), Tensor([[0.5], [0.25]], requires_grad=True)
    before = x.tolist(), w.tolist()
    assert gradcheck(lambda x, w: (x @ w).tanh(), x, w) is True
    assert (x.tolist(), w.tolist()) == before
    assert (x.grad, w.grad, x.requires_grad) == (None, None, False)


def test_gradcheck_takes_what_is_no_tensor_of_floats_along():
    x, ids = Tensor([[1.0, 2.0], [0.0, 1.0]]), Tensor(np.array([1, 0]))
    assert gradcheck(lambda x, ids, n: nn.CrossEntropyLoss()(x, ids) * n, x, ids, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda gradients: [2 * g for g in gradients],
        lambda gradients: [-g for g in gradients],
        lambda gradients: [g + 1e-4 for g in gradients],
        lambda gradients: [g * np.nan for g in gradients],
        lambda gradients: gradients[::-1],
    ],
)
def test_gradcheck_catches_a_wrong_backward(wrong, monkeypatch):
    x, y = Tensor([1.0, 2.0], requires_grad=True), Tensor([4.0, 3.0])
    kind = type((x * y).grad_fn)
    assert issubclass(kind, Function)
    right = kind.backward
    monkeypatch.setattr(kind, "backward", lambda self, g: wrong([*right(self, g)]))
    with pytest.raises(AssertionError, match=r"(?s)input \d.*entry.*help:"):
        gradcheck(lambda x, y: x * y, x, y)


def test_gradcheck_names_the_place():
    with pytest.raises(AssertionError) as caught:
        gradcheck(
            lambda a, x: a + x * x.detach(), Tensor([1.0, 1.0]), Tensor([0.0, 2.0])
        )
    assert "input 1" in str(caught.value)
    assert "(1,)" in str(caught.value)
    assert "2" in str(caught.value)


@pytest.mark.parametrize("inputs", [(), (3.0,), (Tensor(np.array([1])),)])
def test_gradcheck_without_anything_to_check(inputs):
    with pytest.raises(ValueError, match="(?s)gradcheck.*help:"):
        gradcheck(lambda *inputs: Tensor([1.0]), *inputs)


def neuron():
    """A loss with names for what it was computed from."""
    x, w, b = (Tensor(v, requires_grad=True) for v in (2.0, 3.0, 1.0))
    e = x * w + b - 5
    loss = e * e
    loss.backward(retain_graph=True)
    return loss, {"x": x, "w": w, "b": b, "e": e}


def svg(drawing):
    """The drawing as a page shows it, parsed."""
    return ET.fromstring(drawing._repr_svg_())


def test_a_graph_as_text_has_names_values_and_gradients():
    loss, names = neuron()
    text = str(draw_graph(loss, **names))
    assert text == repr(draw_graph(loss, **names))
    rows = {line.split()[-3]: line for line in text.splitlines()}
    assert text.count("\n") == len(rows) or text.count("\n") >= 7
    for name in names:
        assert name in text
    lines = text.splitlines()
    (w,) = [line for line in lines if "─ w" in line]
    assert w.split()[-3:] == ["()", "3", "8"]
    (b,) = [line for line in lines if "─ b" in line]
    assert b.split()[-3:] == ["()", "1", "4"]


def test_a_graph_as_svg_is_well_formed_and_has_a_box_for_each_node():
    loss, names = neuron()
    root = svg(draw_graph(loss, **names))
    kinds = [element.tag.split("}")[1] for element in root]
    assert kinds.count("rect") == 7  # loss, e, sum, product, x, w, b
    assert kinds.count("path") == 7  # both sides of e * e are e
    texts = [element.text for element in root if element.text]
    assert {"x", "w", "b"} <= set(texts)
    assert any("grad 8" in text for text in texts)
    width, height = float(root.get("width")), float(root.get("height"))
    for box in root:
        if box.tag.endswith("rect"):
            assert 0 <= float(box.get("x")) <= width - float(box.get("width"))
            assert 0 <= float(box.get("y")) <= height - float(box.get("height"))


def test_names_are_escaped():
    x = Tensor([1.0], requires_grad=True)
    root = svg(draw_graph(x * 2, **{"<b> & 'c'": x}))
    assert "<b> & 'c'" in [element.text for element in root]


def test_a_large_graph_is_folded():
    x = Tensor(np.ones((3, 3)), requires_grad=True)
    for _ in range(3000):
        x = x * 1.01
    drawing = draw_graph(x)
    assert len(str(drawing).splitlines()) < 40
    assert "more" in str(drawing)
    assert "2,9" in str(drawing)  # of 3,001 nodes all but a few
    assert len(svg(drawing)) < 100
    few = draw_graph(x, limit=3)
    assert len(str(few).splitlines()) == 1 + 3 + 1


def test_a_graph_of_forks_is_drawn_without_running_away():
    x = Tensor([1.0], requires_grad=True)
    for _ in range(20):
        x = x + x
    assert len(str(draw_graph(x, limit=100)).splitlines()) < 70
    assert sum(e.tag.endswith("rect") for e in svg(draw_graph(x, limit=100))) == 21


def test_a_tensor_that_nothing_made_is_drawn_too():
    assert "constant" in str(draw_graph(Tensor([1.0])))
    assert "leaf" in str(draw_graph(Tensor([1.0], requires_grad=True)))
    assert len(svg(draw_graph(Tensor([1.0])))) >= 2


def test_a_graph_that_was_freed_is_drawn_as_its_result():
    y = Tensor([1.0], requires_grad=True) * 2
    y.backward()
    assert str(draw_graph(y))
    svg(draw_graph(y))


def asks(*shape):
    return Tensor(np.ones(shape), requires_grad=True)


def no_graph():
    y = asks(2).sum()
    y.backward()
    y.backward()


def changed():
    x = asks(2)
    y = (x * x).sum()
    x.data *= 2
    y.backward()


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: Tensor([1.0]).backward(), RuntimeError, "requires no gradient"),
        (
            lambda: (asks(1).detach() * 2).backward(),
            RuntimeError,
            "requires no gradient",
        ),
        (lambda: asks(2, 3).backward(), ValueError, r"\(2, 3\)"),
        (lambda: (asks(2) * 2).backward(), ValueError, r"\(2,\)"),
        (lambda: (asks(0) * 2).backward(), ValueError, r"\(0,\)"),
        (lambda: (asks(2) * 2).backward([1.0]), ValueError, r"\(1,\).*\(2,\)"),
        (lambda: asks(2).backward(np.ones((2, 1))), ValueError, r"\(2, 1\).*\(2,\)"),
        (lambda: asks(2).sum().backward([1.0]), ValueError, r"\(1,\).*\(\)"),
        (no_graph, RuntimeError, "freed"),
        (changed, RuntimeError, "Mul.*changed"),
        (lambda: Tensor(np.array([1]), requires_grad=True), TypeError, "int64"),
        (lambda: Tensor([True], "bool", requires_grad=True), TypeError, "bool"),
        (lambda: asks(2) + asks(3), ValueError, "2.*3"),
        (lambda: asks(2) @ asks(3), ValueError, "2.*3"),
        (lambda: asks(2).sum(axis=1), ValueError, "no axis 1"),
        (lambda: asks(2).reshape(3), ValueError, "3"),
        (lambda: nn.Linear(2, 3)(asks(4)), ValueError, "4"),
        (lambda: nn.CrossEntropyLoss()(asks(2, 3), [0, 3]), ValueError, "3"),
        (lambda: nn.MSELoss()(asks(2), [1.0]), ValueError, r"\(2,\)"),
        (lambda: nn.Softmax(2)(asks(2, 3)), ValueError, "no axis 2"),
    ],
)
def test_wrong_use_gets_a_message_with_help(call, error, says):
    with pytest.raises(error, match=rf"(?s){says}.*\nhelp: "):
        call()
