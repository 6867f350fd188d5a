"""Chapter 03 against numpy and PyTorch: linear, first weights, dropout, the walk."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from tinytorch.core.layers import (
    Dropout,
    Layer,
    Linear,
    Sequential,
    initial_weight,
    linear,
)
from tinytorch.core.tensor import Tensor

settings.register_profile("book", deadline=None, max_examples=60)
settings.load_profile("book")

SIDE = st.integers(1, 5)
LEADING = npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)


def relu(x):
    return x.maximum(0.0)


def normal(rng, *shape, dtype=np.float32):
    return rng.standard_normal(shape).astype(dtype)


@given(LEADING, SIDE, SIDE, st.booleans(), st.sampled_from(["float32", "float64"]))
def test_linear_is_numpys_product_and_sum(leading, n, m, with_bias, dtype):
    rng = np.random.default_rng(0)
    x, weight = normal(rng, *leading, n, dtype=dtype), normal(rng, n, m, dtype=dtype)
    bias = normal(rng, m, dtype=dtype) if with_bias else None
    got = linear(Tensor(x), Tensor(weight), Tensor(bias) if with_bias else None)
    expected = x @ weight + (bias if with_bias else 0)
    assert isinstance(got, Tensor)
    assert (got.shape, str(got.dtype)) == ((*leading, m), dtype)
    np.testing.assert_allclose(got.data, expected, rtol=1e-5, atol=1e-5)


def test_linear_leaves_what_it_is_given_alone():
    x, weight, bias = Tensor([[1, 2]]), Tensor([[3], [4]]), Tensor([5])
    assert linear(x, weight, bias).tolist() == [[16]]
    assert (x.tolist(), weight.tolist(), bias.tolist()) == ([[1, 2]], [[3], [4]], [5])


def test_linear_draws_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match="do not multiply") as caught:
        Linear(4, 2)(Tensor([[1, 2, 3]]))
    assert "a has 3 (axis -1), b has 4 (axis -2)" in str(caught.value)
    assert "help:" in str(caught.value)


@given(st.integers(1, 300), st.integers(1, 300))
@settings(max_examples=20)
def test_first_weights_have_the_variance_they_should(n_in, n_out):
    weight = initial_weight(n_in, n_out, np.random.default_rng(1))
    assert (weight.shape, weight.dtype) == ((n_in, n_out), np.float32)
    scaled = weight.data.astype(float) * math.sqrt(n_in / 2)  # variance 1
    count = n_in * n_out
    assert abs(scaled.mean()) < 6 / math.sqrt(count)
    assert abs((scaled**2).mean() - 1) < 6 * math.sqrt(2 / count)


def test_a_signal_survives_ten_layers_with_relu():
    """On average over many draws the mean square stays; one draw is near it."""
    rng, after = np.random.default_rng(0), []
    for _ in range(40):
        x = Tensor(normal(rng, 64, 64))
        for _ in range(10):
            x = relu(Linear(64, 64, rng=rng)(x))
        after.append((x * x).mean().item())
    assert 0.5 < np.mean(after) < 2


def test_linear_makes_its_parameters():
    layer = Linear(3, 2, rng=0)
    assert (layer.weight.shape, layer.bias.tolist()) == ((3, 2), [0, 0])
    assert layer.weight.dtype == layer.bias.dtype == np.float32
    assert Linear(3, 2, bias=False).bias is None
    assert Linear(3, 2, rng=0).weight.tolist() == layer.weight.tolist()
    rng = np.random.default_rng(0)
    first, second = (Linear(3, 2, rng=rng).weight.tolist() for _ in range(2))
    assert first == layer.weight.tolist() != second


@given(
    npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
    st.floats(0, 0.999),
    st.sampled_from(["float32", "float64"]),
)
def test_dropout_drops_or_scales(shape, p, dtype):
    x = np.full(shape, 3, dtype)
    got = Dropout(p, rng=0)(Tensor(x))
    assert (got.shape, str(got.dtype)) == (shape, dtype)
    kept = got.data != 0
    np.testing.assert_allclose(got.data[kept], 3 / (1 - p), rtol=1e-5)
    assert (x == 3).all()


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.9])
def test_dropout_drops_the_share_it_says_and_keeps_the_mean(p):
    x = Tensor(np.ones((500, 400), np.float32))
    y = Dropout(p, rng=0)(x)
    sigma = math.sqrt(p * (1 - p) / x.numel())
    assert abs((y.data == 0).mean() - p) <= 6 * sigma
    assert abs(y.data.mean(dtype=float) - 1) <= 6 * sigma / (1 - p) + 1e-6


def test_dropout_draws_anew_in_each_call_and_can_be_repeated():
    x = Tensor(np.ones(1000, np.float32))
    one, two = Dropout(0.5, rng=4), Dropout(0.5, rng=np.random.default_rng(4))
    first = one(x).tolist()
    assert first == two(x).tolist()
    assert first != one(x).tolist()


def test_dropout_does_nothing_in_use():
    drop, x = Dropout(0.9), Tensor([1.0, -2.0])
    assert drop.eval() is drop
    assert drop(x).tolist() == [1, -2]
    assert drop.train() is drop
    assert drop.training is True


class Net(Layer):
    """Layers in attributes, lists and tuples, a Tensor of its own, and other things."""

    def __init__(self):
        self.stack = [Linear(2, 2), (Linear(2, 2), [Dropout(0.1)])]
        self.scale = Tensor([1.0])
        self.head = Sequential(Linear(2, 2, bias=False), relu, Sequential(Linear(2, 1)))
        self.mean, self.name, self.rng = np.zeros(2), "net", np.random.default_rng()

    def forward(self, x):
        for layer in (self.stack[0], *self.stack[1][:1], *self.stack[1][1]):
            x = layer(x)
        return self.head(x) * self.scale


def test_modules_are_listed_each_before_what_is_inside_it():
    net = Net()
    first, (second, [drop]) = net.stack
    expected = [net, first, second, drop, net.head, net.head[0], net.head[2]]
    assert net.modules() == [*expected, net.head[2][0]]


def test_parameters_are_listed_own_first_and_each_once():
    net = Net()
    first, (second, _) = net.stack
    head, last = net.head[0], net.head[2][0]
    expected = [net.scale, first.weight, first.bias, second.weight, second.bias]
    expected += [head.weight, last.weight, last.bias]
    got = net.parameters()
    assert [id(p) for p in got] == [id(p) for p in expected]
    net.again, last.weight = first, first.weight
    got = [id(p) for p in net.parameters()]
    assert got == [id(p) for p in expected if p is not expected[-2]]


def test_layers_that_hold_each_other_are_walked_once():
    child, parent = Linear(2, 2), Layer()
    parent.child, child.parent = child, [parent]
    assert parent.modules() == [parent, child]
    assert child.modules() == [child, parent]
    assert len(child.eval().parameters()) == 2


def test_the_walk_is_linear_and_not_recursive():
    """5,000 layers one inside the other, each held twice."""
    outer = Linear(1, 1)
    for _ in range(5000):
        layer = Layer()
        layer.pair = [outer, outer]
        outer = layer
    assert len(outer.modules()) == 5001
    assert len(outer.parameters()) == 2


def test_modes_reach_every_layer():
    net = Net()
    assert all(layer.training for layer in net.modules())
    assert net.eval() is net
    assert not any(layer.training for layer in net.modules())
    assert net.train() is net
    assert all(layer.training for layer in net.modules())
    assert Layer.training is True


def test_sequential_chains():
    first, last = Linear(3, 4, rng=0), Linear(4, 2, rng=1)
    chain, x = Sequential(first, relu, last), Tensor([[1.0, -2.0, 0.5]])
    assert chain(x).tolist() == last(relu(first(x))).tolist()
    assert (len(chain), chain[0], chain[-1]) == (3, first, last)
    assert Sequential()(x) is x


def test_a_subclass_need_not_call_super_and_takes_options():
    class Scale(Layer):
        def forward(self, x, by=2):
            return x * by

    assert Scale()(Tensor([1]), by=5).tolist() == [5]
    assert Scale()(Tensor([1])).tolist() == [2]
    assert Scale().parameters() == []


def test_layers_show_themselves():
    chain = Sequential(Linear(2, 3), relu, Sequential(Dropout(0.5)))
    assert repr(chain).splitlines() == [
        "Sequential(",
        "  Linear(weight (2, 3), bias (3,))",
        "  function",
        "  Sequential(",
        "    Dropout(p 0.5)",
        "  )",
        ")",
    ]


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: Layer()(1), NotImplementedError, "Layer has no forward"),
        (lambda: Linear(0, 3), ValueError, "got 0 and 3"),
        (lambda: Linear(3, -1), ValueError, "got 3 and -1"),
        (lambda: Dropout(1), ValueError, "got 1"),
        (lambda: Dropout(-0.1), ValueError, "got -0.1"),
        (lambda: Dropout(float("nan")), ValueError, "got nan"),
        (lambda: Sequential([Linear(1, 1)]), TypeError, r"Sequential\(\*layers\)"),
        (lambda: Sequential(Linear(1, 1), Linear), TypeError, "place 1"),
        (lambda: Sequential(None), TypeError, "got None"),
    ],
)
def test_wrong_input_gets_a_message_with_help(call, error, says):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(error, match=says) as caught:
            call()
    assert "\nhelp: " in str(caught.value)


def test_linear_agrees_with_pytorch():
    torch = pytest.importorskip("torch")
    layer, theirs = Linear(5, 3, rng=0), torch.nn.Linear(5, 3)
    layer.bias = Tensor([0.5, -1.0, 2.0])
    with torch.no_grad():
        theirs.weight.copy_(torch.tensor(layer.weight.data.T.copy()))
        theirs.bias.copy_(torch.tensor(layer.bias.data))
        for shape in [(5,), (2, 5), (2, 4, 5), (0, 5)]:
            x = normal(np.random.default_rng(1), *shape)
            expected = theirs(torch.tensor(x)).numpy()
            np.testing.assert_allclose(
                layer(Tensor(x)).data, expected, rtol=1e-5, atol=1e-6
            )


def test_dropout_and_counts_agree_with_pytorch():
    torch = pytest.importorskip("torch")
    nn = torch.nn
    x = np.ones(1000, np.float32)
    ours = set(Dropout(0.3, rng=0)(Tensor(x)).tolist())
    theirs = set(nn.Dropout(0.3)(torch.tensor(x)).tolist())
    np.testing.assert_allclose(sorted(ours), sorted(theirs), rtol=1e-6)
    ours = Sequential(Linear(6, 4), relu, Sequential(Linear(4, 2, bias=False)))
    theirs = nn.Sequential(
        nn.Linear(6, 4), nn.ReLU(), nn.Sequential(nn.Linear(4, 2, bias=False))
    )
    counts = [p.numel() for p in ours.parameters()]
    assert counts == [p.numel() for p in theirs.parameters()]


def test_first_weights_spread_as_pytorchs_he_initialization():
    torch = pytest.importorskip("torch")
    theirs = torch.empty(300, 200)  # (out, in)
    torch.nn.init.kaiming_normal_(theirs, nonlinearity="relu")
    ours = Linear(200, 300, rng=0).weight.data
    assert abs(ours.std() / theirs.numpy().std() - 1) < 0.03
