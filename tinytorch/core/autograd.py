"""Generated from modules/05_autograd/autograd_dev.py: edit that file, then run `make package`.

Chapter 05 of the book, Autograd.
"""

__all__ = [
    "Function",
    "recorded",
    "add_autograd",
    "Add",
    "Mul",
    "unbroadcast",
    "topological_order",
    "send_back",
    "backward",
    "by_slopes",
    "share",
    "safe_log",
    "Sum",
    "Mean",
    "Max",
    "Reshape",
    "Transpose",
    "GetItem",
    "product_gradients",
    "MatMul",
    "no_grad",
    "detach",
    "numeric_gradient",
    "gradcheck",
    "FusedLinear",
    "FusedMSE",
    "FusedCrossEntropy",
    "enable_autograd",
    "draw_graph",
]

import contextlib
import functools

import numpy as np

from tinytorch.core import activations, layers, losses
from tinytorch.core.tensor import Tensor, contract, extend, operand, wrap
from tinytorch.graph import drawing, recording
from tinytorch.errors import autograd as errors
from tinytorch.graph.recording import keep, original, primitive


# cell 05-function
class Function(recording.Node):
    """One operation of the graph: what went in, and how a gradient goes back."""

    uses, uses_result = 0, False  # what backward looks at: how many inputs, the result

    def needs(self, place):
        """Whether the input at this place wants a gradient."""
        x = self.inputs[place]
        return isinstance(x, Tensor) and x.requires_grad


# cell 05-recorded
def recorded(function, plain):
    """What is called in place of plain: it does the same, and records it."""
    uses, looks = function.uses, function.uses or function.uses_result

    @functools.wraps(plain)
    def call(*inputs, **options):
        for x in (*inputs, *options.values()) if options else inputs:
            if isinstance(x, Tensor) and x.requires_grad and recording.on:
                break  # this call is to be recorded
        else:
            return plain(*inputs, **options)
        if options:
            inputs = recording.by_place(plain, inputs, options)
        node, recording.on = function(), False
        try:
            out = node.forward(*inputs)
        finally:
            recording.on = True
        node.inputs = inputs
        if looks:
            node.remember(map(operand, inputs[:uses]), out)
        out.grad_fn, out.requires_grad = node, True
        return out

    return call


# cell 05-add-autograd
def add_autograd(cls):
    """Let the class Tensor record, in place. Twice is the same as once."""
    recording.add_attributes(cls)
    recording.install(cls, recorded)


# cell 05-add-autograd
@primitive(Tensor, "__add__", "__radd__")
class Add(Function):
    forward = original(Tensor, "__add__")

    def backward(self, grad):
        return grad, grad


# cell 05-mul
@primitive(Tensor, "__mul__", "__rmul__")
class Mul(Function):
    uses = 2
    forward = original(Tensor, "__mul__")

    def backward(self, grad):
        """The gradients at a and b, given grad, that at a * b; a tuple of two.

        EXAMPLE:
        >>> add_autograd(Tensor)
        >>> a, b = Tensor([3.0], requires_grad=True), Tensor([5.0], requires_grad=True)
        >>> [g.tolist() for g in (a * b).grad_fn.backward(np.array([10.0]))]
        [[50.0], [30.0]]
        """
        a, b = self.values()
        return grad * b, grad * a


# cell 05-unbroadcast
def unbroadcast(gradient, shape):
    """Sum a gradient down to the shape of an input that was broadcast; an array.

    EXAMPLE:
    >>> unbroadcast(np.ones((4, 2, 3)), (2, 1)).tolist()
    [[12.0], [12.0]]
    """
    if gradient.shape == shape:  # nothing was repeated
        return gradient
    front = gradient.ndim - len(shape)
    axes = [i for i in range(gradient.ndim) if i < front or shape[i - front] == 1]
    return gradient.sum(axis=tuple(axes)).reshape(shape)


# cell 05-order
def topological_order(root):
    """All Functions behind a result, each once and before those it was computed from.

    EXAMPLE:
    >>> x = Tensor([1.0], requires_grad=True)
    >>> [type(node).__name__ for node in topological_order((x * 2 + x).grad_fn)]
    ['Add', 'Mul']
    """
    seen, written, stack = set(), {}, [root]
    while stack:
        node = stack[-1]
        if node in seen:
            written[stack.pop()] = True
        else:
            seen.add(node)
            stack += node.sources()
    return list(written)[::-1]


# cell 05-send-back
def send_back(node):
    """Hand node.grad, the whole gradient at a Function's result, on to its inputs.

    EXAMPLE:
    >>> x = Tensor([3.0], requires_grad=True)
    >>> node = (x * x).grad_fn
    >>> node.grad = np.array([10.0])
    >>> send_back(node) or x.grad.tolist()
    [60.0]
    """
    for x, gradient in zip(node.inputs, node.backward(node.grad)):
        if isinstance(x, Tensor) and x.requires_grad:
            if gradient.shape != x.data.shape:
                gradient = unbroadcast(gradient, x.data.shape)
            made = x.grad_fn
            if made is None:
                keep(x, gradient, node.grad)
            else:
                made.grad = gradient if made.grad is None else made.grad + gradient


# cell 05-backward
@extend(Tensor)
def backward(self, gradient=None, retain_graph=False):
    """Add to the grad of each leaf how this result moves when that leaf moves.

    A gradient of this Tensor's shape may be left out, and is 1, for a single number.
    """
    gradient = recording.first_gradient(self, gradient)
    if self.grad_fn is None:  # a leaf
        keep(self, gradient, gradient)
        return
    order = topological_order(self.grad_fn)
    recording.begin(order, gradient)
    for node in order:
        send_back(node)
        if not retain_graph:
            node.__dict__.clear()
    if retain_graph:
        recording.keep_gradients(self, order)


# cell 05-slopes
def by_slopes(method, inputs, result, *slopes, owner=Tensor):
    """Register a Function whose gradients are grad times each of the slopes."""

    class Sloped(Function):
        uses, uses_result = inputs, result
        forward = original(owner, method)

        def backward(self, grad):
            used = self.values()
            return [self.needs(i) and grad * s(*used) for i, s in enumerate(slopes)]

    Sloped.__name__ = (method if owner is Tensor else owner.__name__).strip("_").title()
    primitive(owner, method)(Sloped)


by_slopes("exp", 0, True, lambda y: y)
by_slopes("log", 1, False, lambda x: 1 / x)
by_slopes("sqrt", 0, True, lambda y: 0.5 / y)
by_slopes("tanh", 0, True, lambda y: 1 - y * y)
by_slopes("__neg__", 0, False, lambda: -1)


# cell 05-slopes-of-two
def share(a, b):
    """1 where a is larger, 0 where b is, and a half where they are equal."""
    return (a > b) + np.float32(0.5) * (a == b)

# cell 05-slopes-of-two
def safe_log(base):
    """The logarithm, and 0 for base 0, whose powers do not move."""
    return np.log(base + (base == 0))

by_slopes("__sub__", 0, False, lambda: 1, lambda: -1)
by_slopes("__truediv__", 2, True, lambda a, b, y: 1 / b, lambda a, b, y: -y / b)
by_slopes("maximum", 2, False, lambda a, b: share(a, b), lambda a, b: share(b, a))
by_slopes("minimum", 2, False, lambda a, b: share(b, a), lambda a, b: share(a, b))
by_slopes(
    *("__pow__", 2, True),
    lambda a, n, y: n * a ** (n - (n != 0)),  # 0 where n is 0, whatever a is
    lambda a, n, y: y * safe_log(a),
)
by_slopes("__rsub__", 0, False, lambda: -1)  # c - x
by_slopes("__rtruediv__", 1, True, lambda x, y: -y / x)  # y = c / x
by_slopes("__rpow__", 2, True, lambda x, c, y: y * safe_log(c))  # y = c ** x


# cell 05-reductions
@primitive(Tensor, "sum")
class Sum(Function):
    forward = original(Tensor, "sum")

    def spread(self, value):
        """Repeat a value along the axes that are gone."""
        x, axis, keepdims = (*self.inputs, None, False)[:3]
        if axis is not None and not keepdims:
            value = np.expand_dims(value, axis)
        return np.full(x.shape, value, x.dtype)

    def backward(self, grad):
        return (self.spread(grad),)


# cell 05-reductions
@primitive(Tensor, "mean")
class Mean(Sum):
    forward = original(Tensor, "mean")

    def backward(self, grad):
        count = self.inputs[0].data.size // max(grad.size, 1)
        return (self.spread(grad / max(count, 1)),)


# cell 05-max
@primitive(Tensor, "max")
class Max(Sum):
    """The largest along axes: it takes the whole gradient, and equals share."""

    uses, uses_result = 1, True
    forward = original(Tensor, "max")

    def backward(self, grad):
        (x, y), (_, axis) = self.values(), (*self.inputs, None)[:2]
        largest = x == self.spread(y)
        count = largest.sum(axis=axis, keepdims=True, dtype=x.dtype)
        return (self.spread(grad) * largest / count,)


# cell 05-moves
@primitive(Tensor, "reshape")
class Reshape(Function):
    forward = original(Tensor, "reshape")

    def backward(self, grad):
        return (grad.reshape(self.inputs[0].data.shape),)

# cell 05-moves
@primitive(Tensor, "transpose")
class Transpose(Function):
    forward = original(Tensor, "transpose")

    def backward(self, grad):
        given = self.inputs[1:]  # of two axes, -2 and -1 where they were left out
        return (np.swapaxes(grad, *given, *(-2, -1)[len(given) :]),)


# cell 05-getitem
@primitive(Tensor, "__getitem__")
class GetItem(Function):
    """What stands at an index, which is kept as it was."""

    plain = original(Tensor, "__getitem__")

    def forward(self, x, index):
        self.kept = recording.copied(index, Tensor)
        return self.plain(x, index)

    def backward(self, grad):
        out = np.zeros_like(self.inputs[0].data)
        if any(isinstance(part, (np.ndarray, list)) for part in self.kept):
            np.add.at(out, self.kept, grad)
        else:
            out[self.kept] = grad
        return (out,)


# cell 05-matmul
def product_gradients(a, b, grad):
    """The gradients at a and b, given grad, that at a @ b; a tuple of two.

    Args: arrays: a (..., n, k), b (..., k, m), and grad (..., n, m).

    EXAMPLE:
    >>> a, b = np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])
    >>> [g.tolist() for g in product_gradients(a, b, np.array([[10.0]]))]
    [[[30.0, 40.0]], [[10.0], [20.0]]]
    """
    to_a = contract(grad, np.swapaxes(b, -1, -2))  # (..., n, m) @ (..., m, k)
    to_b = contract(np.swapaxes(a, -1, -2), grad)  # (..., k, n) @ (..., n, m)
    return to_a, to_b


# cell 05-matmul-function
@primitive(Tensor, "__matmul__")
class MatMul(Function):
    uses = 2
    forward = original(Tensor, "__matmul__")

    def backward(self, grad):
        a, b = self.values()
        column = b.ndim == 1
        if column:
            b, grad = b[:, None], grad[..., None]  # (k, 1) and (..., n, 1)
        if a.ndim == 1:
            a, grad = a[None, :], grad[..., None, :]  # (1, k) and (..., 1, m)
        to_a, to_b = product_gradients(a, b, grad)
        return to_a, to_b[..., 0] if column else to_b

add_autograd(Tensor)  # Tensor learns all that are registered by now


# cell 05-no-grad
@contextlib.contextmanager
def no_grad():
    """Record nothing inside `with no_grad():`, nor in a function under `@no_grad()`."""
    before, recording.on = recording.on, False
    try:
        yield
    finally:
        recording.on = before


# cell 05-no-grad
@extend(Tensor)
def detach(self):
    """The same numbers, in the same memory, as a leaf that requires no gradient."""
    return wrap(self.data)


# cell 05-numeric-gradient
def numeric_gradient(loss, array, h=1e-5):
    """The slopes of loss(), a number, by each number of an array it reads; an array.

    EXAMPLE:
    >>> array = np.array([1.0, 2.0])
    >>> numeric_gradient(lambda: (array**2).sum(), array).round(6).tolist()
    [2.0, 4.0]
    """
    slopes = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        number = array[index]
        array[index] = number + h
        up = loss()
        array[index] = number - h
        slopes[index] = (up - loss()) / (2 * h)
        array[index] = number
    return slopes


# cell 05-gradcheck
def gradcheck(function, *inputs):
    """True if backward agrees with trying, for each Tensor of floats among the inputs.

    Raises: AssertionError that names the first wrong slope.
    """
    inputs = recording.in_float64(inputs, Tensor)
    out = function(*inputs)
    weights = np.cos(np.arange(out.numel())).reshape(out.shape)
    out.backward(weights)

    def loss():
        return (function(*inputs).data * weights).sum()

    for place, x in enumerate(inputs):
        if isinstance(x, Tensor) and x.requires_grad:
            tried = numeric_gradient(no_grad()(loss), x.data)
            errors.compare_slopes(place, x.grad, tried)
    return True


# cell 05-fused-linear
@primitive(layers, "linear")
class FusedLinear(Function):
    uses = 2

    def forward(self, x, weight, bias=None):
        if recording.in_line(x, weight, bias):  # in one go, without further checks
            return wrap(contract(x.data, weight.data) + bias.data)
        return layers.linear(x, weight, bias)

    def backward(self, grad):
        x, weight = self.values()  # (..., n_in) and (n_in, n_out)
        to_x = self.needs(0) and contract(grad, weight.T)  # (..., n_in)
        if x.ndim != 2:  # all axes but the last become one long batch
            x, grad = x.reshape(-1, x.shape[-1]), grad.reshape(-1, grad.shape[-1])
        to_weight = x.T * grad if len(x) == 1 else contract(x.T, grad)  # (n_in, n_out)
        return (to_x, to_weight, np.add.reduce(grad))[: len(self.inputs)]

by_slopes("forward", 0, True, None, np.sign, owner=activations.ReLU)  # input 0: self

# cell 05-fused-linear
@primitive(losses.MSELoss, "forward")
class FusedMSE(Function):
    def forward(self, loss, prediction, target):
        prediction, target = losses.alike(prediction, target)
        self.kept = error = prediction.data - target.data
        return wrap(np.vdot(error, error) / error.size)  # the sum of the squares

    def backward(self, grad):
        slope = self.kept * (2 * grad.item() / self.kept.size)
        return None, slope, self.needs(2) and -slope


# cell 05-fused-cross-entropy
@primitive(losses, "cross_entropy")
class FusedCrossEntropy(Function):
    def forward(self, logits, targets):
        ids = losses.class_ids(targets, logits.shape).reshape(-1)  # (rows,)
        right = np.arange(ids.size), ids  # where the right classes are
        scores = logits.data  # (..., C)
        slopes = np.subtract(scores, scores.max(axis=-1, keepdims=True), order="C")
        powers = slopes.reshape(ids.size, -1)  # (rows, C), in the same memory
        picked = powers[right]  # (rows,)
        sums = np.exp(powers, out=powers).sum(axis=1, keepdims=True)  # (rows, 1)
        self.kept = slopes, powers, sums, right
        return wrap((np.log(sums[:, 0]) - picked).sum() / ids.size)

    def backward(self, grad):
        if self.kept is None:  # a second walk
            self.forward(*self.inputs)
        (slopes, powers, sums, right), self.kept = self.kept, None
        powers *= grad / len(sums) / sums  # (rows, C): p / N
        powers[right] -= grad / len(sums)
        return slopes, None


# cell 05-enable
def enable_autograd():
    """Switch gradients on for Tensors, layers and losses. Twice is the same as once."""
    add_autograd(Tensor)
    for owner in (activations.ReLU, losses.MSELoss, layers, losses):
        recording.install(owner, recorded)
    recording.watch(layers.Layer, Tensor)


enable_autograd()


# cell 05-draw-graph
def draw_graph(tensor, limit=24, **names):
    """A picture of the nodes behind a Tensor: text if printed, SVG in a page."""
    return drawing.draw(tensor, names, limit)
