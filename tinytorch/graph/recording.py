"""The bookkeeping of chapter 05: which functions are recorded, where backward starts.

A *primitive* is a function, or a method of a class, that goes into the graph as one
step. `PRIMITIVES` says which Function stands behind it.
"""

import functools
import gc
import inspect

import numpy as np
from numpy import ndarray

from tinytorch.errors import autograd as errors

on = True  # whether operations are recorded at the moment


PRIMITIVES = {}  # (owner, name): Function; the owner is a class or a module


def primitive(owner, *names):
    """Register the decorated Function behind the functions `names` of owner.

    It takes effect with the next `install(owner, ...)`.
    """

    def register(function):
        if function.__doc__ is None:
            function.__doc__ = f"{' and '.join(names)} as one step of the graph."
        PRIMITIVES.update({(owner, name): function for name in names})
        return function

    return register


def original(owner, name):
    """Owner's function of this name as it was before anything recorded it."""
    return staticmethod(inspect.unwrap(vars(owner)[name]))


def install(owner, recorded):
    """Put recorded(Function, plain) in place of each registered function of owner.

    What is in place already stays, so that twice is the same as once; a Function that
    was registered anew replaces the one before.
    """
    for (where, name), function in PRIMITIVES.items():
        if where is owner:
            current = vars(owner)[name]
            if vars(current).get("records") is not function:
                call = recorded(function, inspect.unwrap(current))
                call.records = function
                setattr(owner, name, call)


def fingerprints(values):
    """The bytes of each array among the values; of a large one, of a few numbers."""
    prints = b""
    for value in values:
        if isinstance(value, ndarray):
            prints += (value if value.nbytes <= 4096 else sample(value)).tobytes()
    return prints


def sample(array):
    """A view of a few numbers from all over an array, whatever its layout."""
    return array[places(array.shape)]


@functools.lru_cache  # the same shapes come in every step
def places(shape):
    """An index of at most four positions on each axis."""
    return tuple(slice(None, None, size // 4 + 1) for size in shape)


class Node:
    """What a Function keeps until backward comes, and how it lets go of it.

    inputs: what it was called with; used: what of it backward looks at; prints: the
    fingerprints of that; kept: what else its forward leaves for its backward; grad:
    the gradient at its result, while a walk is under way.
    """

    uses_result = False  # whether backward looks at the result
    inputs, used, prints, kept, grad = (), (), b"", None, None
    dropped = []  # what the nodes that are being freed held
    dropping = False

    def sources(self):
        """The Functions that made the inputs; RuntimeError if they are forgotten."""
        if not self.inputs:
            raise errors.graph_freed()
        found = []
        for x in self.inputs:  # a comprehension costs a call in Python 3.11
            made = getattr(x, "grad_fn", None)
            if made is not None:
                found.append(made)
        return found

    def remember(self, used, out):
        """Keep what backward will look at, and the fingerprints of it.

        Args: used, arrays and numbers among the inputs; out, the result.
        """
        self.used = used = (*used, out.data) if self.uses_result else (*used,)
        self.prints = fingerprints(used)

    def values(self):
        """What backward looks at; RuntimeError if it was written over meanwhile."""
        used = self.used
        if fingerprints(used) != self.prints:
            raise errors.changed(type(self).__name__)
        return used

    def __del__(self):
        """Free what it held in a loop: its inputs, their Functions, and so on.

        By itself Python would free a chain from within, each link inside the one
        before, and run out of stack at a few thousand links in a browser.
        """
        if not self.inputs:  # backward has freed it already
            return
        Node.dropped.append((self.inputs, self.used))
        self.inputs = self.used = ()
        if not Node.dropping:
            Node.dropping = True
            while Node.dropped:
                Node.dropped.pop()
            Node.dropping = False


def in_line(x, weight, bias):
    """Whether x @ weight + bias, of Tensors, fits as a layer's: bias (n_out,)."""
    if bias is None or type(x) is not type(weight):
        return False
    shape = weight.data.shape
    return x.data.shape[-1:] == shape[:1] and shape[1:] == bias.data.shape


def by_place(function, inputs, options):
    """The inputs and options of a call of function as one tuple, defaults filled in."""
    bound = signature(function).bind(*inputs, **options)
    bound.apply_defaults()
    return bound.args


def copied(index, kind):
    """An index as a tuple, its arrays and Tensors of this kind copied.

    Copied, since whoever owns them may write over them before backward comes.
    """
    parts = index if isinstance(index, tuple) else (index,)
    held = (kind, np.ndarray)
    return tuple(np.array(part) if isinstance(part, held) else part for part in parts)


signature = functools.cache(inspect.signature)


def keep(leaf, gradient, shared):
    """Add a gradient to that of a leaf, which has its dtype and memory of its own.

    Args: shared, an array that others hold; the gradient may be it, or a view of it.
    Raises: TypeError if the leaf holds no floats; its slopes would be cut to integers.
    """
    so_far, dtype = leaf.grad, leaf.data.dtype
    if so_far is not None:
        gradient = so_far + gradient
    elif dtype.kind != "f":
        raise errors.not_float(dtype)
    elif gradient is shared or gradient.base is not None:  # it may be a view
        gradient = np.array(gradient)
    if type(gradient) is not ndarray or gradient.dtype != dtype:
        gradient = np.asarray(gradient, dtype)  # without axes it came as a scalar
    leaf.grad = gradient


def first_gradient(tensor, gradient):
    """What backward starts from, as an array: the one given, or 1 where it is None.

    Raises: RuntimeError if the Tensor requires no gradient; ValueError if there is no
        gradient for a Tensor of several numbers, or one of another shape.
    """
    if not tensor.requires_grad:
        raise errors.no_gradient()
    if gradient is None and tensor.data.size != 1:
        raise errors.not_scalar(tensor.data.shape)
    if gradient is None:
        return np.array(1, tensor.data.dtype).reshape(tensor.data.shape)
    gradient = np.array(gradient, tensor.data.dtype)
    if gradient.shape != tensor.data.shape:
        raise errors.unlike_gradient(gradient.shape, tensor.data.shape)
    return gradient


def begin(order, gradient):
    """Let a walk begin: no gradients but that of the first Function of the order."""
    for node in order:
        if node.grad is not None:  # left of a walk that broke off
            node.grad = None
    order[0].grad = gradient


def in_float64(values, tensor):
    """The values as a list: Tensors of floats as float64 copies, others as they are.

    The copies require gradients.

    Args: tensor, the class of Tensors.
    Raises: ValueError if there is no Tensor of floats among them.
    """
    copies, found = [], False
    for value in values:
        if isinstance(value, tensor) and value.data.dtype.kind == "f":
            found = True
            value = tensor(value.data.astype("float64"), requires_grad=True)
        copies.append(value)
    if not found:
        raise errors.nothing_to_check()
    return copies


def keep_gradients(tensor, order):
    """Move the gradient of each Function of a walk to the Tensor that it made."""
    computed = [x for node in order for x in node.inputs if isinstance(x, type(tensor))]
    for x in [tensor, *computed]:
        if x.grad_fn is not None and x.grad_fn.grad is not None:
            x.grad, x.grad_fn.grad = np.array(x.grad_fn.grad), None


def add_attributes(cls):
    """Give a class of Tensors requires_grad, grad and grad_fn; twice is as once.

    They stand in the class, so that Tensors made earlier have them. A new Tensor may
    be made with requires_grad=True, if it holds floats.
    """
    if "requires_grad" in vars(cls):
        return
    plain = cls.__init__

    @functools.wraps(plain)
    def __init__(self, data, dtype=None, requires_grad=False):
        plain(self, data, dtype)
        if requires_grad:
            if self.data.dtype.kind != "f":
                raise errors.not_float(self.data.dtype)
            self.requires_grad = True

    cls.__init__ = __init__
    cls.requires_grad, cls.grad, cls.grad_fn = False, None, None


def watch(layer, tensor):
    """Let Tensors require gradients that an object of the class layer holds.

    Those it holds already, and those set from now on. Arrays stay as they are, and so
    do Tensors whose requires_grad somebody set.
    """

    def ask(value):
        if isinstance(value, tensor) and "requires_grad" not in vars(value):
            value.requires_grad = value.data.dtype.kind == "f"

    def set_attribute(self, name, value):
        ask(value)
        object.__setattr__(self, name, value)

    if "__setattr__" not in vars(layer):
        layer.__setattr__ = set_attribute
    for item in instances(layer):
        for value in vars(item).values():
            ask(value)


def instances(cls):
    """All objects of a class and its subclasses that there are at the moment."""
    kinds = [cls]
    for kind in kinds:  # the list grows while it is read
        kinds += kind.__subclasses__()
    return [item for item in gc.get_referrers(*kinds) if isinstance(item, cls)]
