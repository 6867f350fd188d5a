"""The bookkeeping of chapter 05: which functions are recorded, where backward starts.

A *primitive* is a function, or a method of a class, that goes into the graph as one
step. `PRIMITIVES` says which Function stands behind it.
"""

import functools
import gc
import inspect

import numpy as np

from tinytorch.utils.errors import autograd as errors

on = True  # whether operations are recorded at the moment


class _Paused:
    """Turns recording off for a moment; to be entered only while it is on."""

    def __enter__(self):
        global on
        on = False

    def __exit__(self, *error):
        global on
        on = True


paused = _Paused()


class Node:
    """Frees what it held in a loop: its inputs, their Functions, and so on.

    By itself Python would free a chain from within, each link inside the one before,
    and run out of stack at a few thousand links in a browser.
    """

    inputs = used = ()
    dropped = []  # what the nodes that are being freed held
    dropping = False

    def __del__(self):
        if not self.inputs:  # backward has freed it already
            return
        Node.dropped.append((self.inputs, self.used))
        self.inputs = self.used = ()
        if not Node.dropping:
            Node.dropping = True
            while Node.dropped:
                Node.dropped.pop()
            Node.dropping = False


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


def fingerprint(values):
    """A copy of the bytes of all arrays among the values; of large ones, a sample."""
    prints = b""
    for value in values:
        if isinstance(value, np.ndarray):
            if value.nbytes > 4096:
                value = value.flat[:: value.size // 64 | 1]
            prints += value.tobytes()
    return prints


def by_place(function, inputs, options):
    """The inputs and options of a call of function as one tuple.

    If there are options, defaults are filled in, too.
    """
    if not options:
        return inputs
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


def own(gradient, x, shared):
    """What may be kept as the gradient of x, a Tensor.

    For a leaf an array of x's dtype, and not in the memory of the array `shared`;
    otherwise the gradient as it is.
    """
    if x.grad_fn is not None:
        return gradient
    if gradient.dtype != x.data.dtype or np.may_share_memory(gradient, shared):
        return np.array(gradient, x.data.dtype)
    return np.asarray(gradient)


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
        return np.ones(tensor.data.shape, tensor.data.dtype)
    gradient = np.array(gradient, tensor.data.dtype)
    if gradient.shape != tensor.data.shape:
        raise errors.unlike_gradient(gradient.shape, tensor.data.shape)
    return gradient


def begin(order, gradient):
    """Let a walk begin: no gradients but that of the first Function in the order."""
    for node in order:
        node.grad = None
    order[0].grad = gradient


def in_float64(value, tensor):
    """A float64 copy, requiring a gradient, of a Tensor of floats; others as they are.

    Args: tensor, the class of Tensors.
    """
    if not isinstance(value, tensor) or value.data.dtype.kind != "f":
        return value
    return tensor(value.data.astype("float64"), requires_grad=True)


def keep_gradients(tensor, order):
    """Give each computed Tensor behind this one the gradient of its Function."""
    computed = [x for node in order for x in node.inputs if isinstance(x, type(tensor))]
    for x in [tensor, *computed]:
        if x.grad_fn is not None:
            x.grad = np.array(x.grad_fn.grad)


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
