"""The bookkeeping of chapter 05's graph: which functions are recorded, and how.

A *primitive* is a function of a module, or a method of a class, that is one step of the
graph. `PRIMITIVES` holds the Function (the class with the gradient) of each.
"""

from __future__ import annotations

import functools
import gc
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import ndarray

from tinytorch.errors import autograd as errors
from tinytorch.graph.fingerprints import fingerprints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tinytorch.graph.protocols import Tensor

on = True  # whether operations are recorded at the moment
# (owner, name): Function; the owner is a class or a module
PRIMITIVES: dict[tuple[Any, str], type[Any]] = {}


def primitive(owner: Any, *names: str) -> Callable[[type[Any]], type[Any]]:
    """Class decorator: register a Function for the functions `names` of owner.

    Args: owner, a class or a module. They are recorded from the next
        `install(owner, ...)` on.
    """

    def register(function: type[Any]) -> type[Any]:
        if function.__doc__ is None:
            function.__doc__ = f"{' and '.join(names)} as one step of the graph."
        PRIMITIVES.update({(owner, name): function for name in names})
        return function

    return register


def original(owner: Any, name: str) -> staticmethod:
    """Return owner's function of this name as it was before it was recorded.

    As a staticmethod, so that a class can keep it as an attribute: it would become a
    method of that class otherwise.
    """
    return staticmethod(inspect.unwrap(vars(owner)[name]))


def install(owner: Any, recorded: Callable[[type[Any], Callable], Callable]) -> None:
    """Replace each registered function of owner by recorded(Function, plain).

    Idempotent; a Function that was registered anew replaces the one before.
    """
    for (where, name), function in PRIMITIVES.items():
        if where is owner:
            current = vars(owner)[name]
            if vars(current).get("records") is not function:
                call = recorded(function, inspect.unwrap(current))
                call.records = function  # type: ignore[attr-defined]
                setattr(owner, name, call)


class Node:
    """The base class of Function: what it keeps from forward to backward.

    inputs: the arguments of the call, Tensors and others; empty once they are freed.
    used: the arrays and numbers that the gradient is computed from.
    prints: the fingerprints of `used`, to detect in-place edits later.
    kept: whatever else forward leaves for backward.
    grad: the gradient at the result, during a backward pass.
    """

    uses_result = False  # whether the gradient is computed from the result, too
    inputs: tuple[Any, ...] = ()
    used: tuple[Any, ...] = ()
    prints = b""
    kept: Any = None
    grad: NDArray[Any] | None = None
    # Of the class: what nodes that are being freed held, and whether that goes on.
    dropped: list[tuple[Any, ...]] = []
    dropping = False

    def sources(self) -> list[Any]:
        """Return the Functions that made the inputs. Raises RuntimeError if freed."""
        if not self.inputs:
            raise errors.graph_freed()
        found = []
        for x in self.inputs:  # a comprehension costs a call in Python 3.11
            made = getattr(x, "grad_fn", None)
            if made is not None:
                found.append(made)
        return found

    def remember(self, used: Iterable[Any], out: Tensor) -> None:
        """Save the arrays that backward() reads, and their fingerprints.

        Args: used, arrays and numbers among the inputs; out, the result.
        """
        self.used = used = (*used, out.data) if self.uses_result else (*used,)
        self.prints = fingerprints(used)

    def values(self) -> tuple[Any, ...]:
        """Return the saved arrays. Raises RuntimeError if one was edited meanwhile."""
        used = self.used
        if fingerprints(used) != self.prints:
            raise errors.changed(type(self).__name__)
        return used

    def __del__(self) -> None:
        """Free the inputs, their Functions and so on in a loop instead of recursively.

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


def in_line(x: Tensor, weight: Tensor, bias: Tensor | None) -> bool:
    """Whether the fused form of a linear layer applies to x @ weight + bias.

    It does for x (..., n_in), weight (n_in, n_out) and bias (n_out,).
    """
    if bias is None or type(x) is not type(weight):
        return False
    shape = weight.data.shape
    return x.data.shape[-1:] == shape[:1] and shape[1:] == bias.data.shape


def by_place(
    function: Callable, inputs: tuple[Any, ...], options: Mapping[str, Any]
) -> tuple[Any, ...]:
    """Return the arguments of a call as one tuple, in order, defaults filled in."""
    bound = signature(function).bind(*inputs, **options)
    bound.apply_defaults()
    return bound.args


def copied(index: Any, kind: type) -> tuple[Any, ...]:
    """Return an index as a tuple, with its arrays and Tensors copied.

    Their owner may write over them before backward() reads them.

    Args: kind, the class Tensor.
    """
    parts = index if isinstance(index, tuple) else (index,)
    held = (kind, np.ndarray)
    return tuple(np.array(part) if isinstance(part, held) else part for part in parts)


signature = functools.cache(inspect.signature)


def keep(leaf: Tensor, gradient: NDArray[Any], shared: NDArray[Any] | None) -> None:
    """Add `gradient` to leaf.grad, cast to the leaf's dtype.

    It is copied if it may share memory with another array, which would change with it.

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


def first_gradient(tensor: Tensor, gradient: Any) -> NDArray[Any]:
    """Return the array that backward starts from: the given gradient, or 1 for None.

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


def begin(order: Sequence[Any], gradient: NDArray[Any]) -> None:
    """Start a backward pass: clear old gradients, set that of the first Function."""
    for node in order:
        if node.grad is not None:  # left by a backward pass that an error ended
            node.grad = None
    order[0].grad = gradient


def in_float64(values: Iterable[Any], tensor: type[Any]) -> list[Any]:
    """Return the values as a list, with float64 copies of the Tensors of floats.

    The copies require gradients. Other values stay as they are.

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


def keep_gradients(tensor: Tensor, order: Sequence[Any]) -> None:
    """Move the gradient of each Function to the Tensor that it made, for retain_graph.

    Args: tensor, from which backward started; order, the Functions behind it.
    """
    computed = [x for node in order for x in node.inputs if isinstance(x, type(tensor))]
    for x in [tensor, *computed]:
        if x.grad_fn is not None and x.grad_fn.grad is not None:
            x.grad, x.grad_fn.grad = np.array(x.grad_fn.grad), None


def add_attributes(cls: type[Any]) -> None:
    """Give a class of Tensors requires_grad, grad and grad_fn. Idempotent.

    They are attributes of the class, so Tensors made earlier have them, too. A Tensor
    of floats may be made with requires_grad=True from then on.
    """
    if "requires_grad" in vars(cls):
        return
    plain = cls.__init__

    @functools.wraps(plain)
    def __init__(
        self: Any, data: Any, dtype: Any = None, requires_grad: bool = False
    ) -> None:
        plain(self, data, dtype)
        if requires_grad:
            if self.data.dtype.kind != "f":
                raise errors.not_float(self.data.dtype)
            self.requires_grad = True

    cls.__init__ = __init__
    cls.requires_grad, cls.grad, cls.grad_fn = False, None, None


def watch(layer: type[Any], tensor: type[Any]) -> None:
    """Make float Tensors that are attributes of a Layer require gradients.

    That holds for those there are already and for those set from now on. Arrays stay
    as they are, and so do Tensors whose requires_grad somebody set.

    Args: layer, the class Layer; tensor, the class Tensor.
    """

    def ask(value: Any) -> None:
        if isinstance(value, tensor) and "requires_grad" not in vars(value):
            value.requires_grad = value.data.dtype.kind == "f"

    def set_attribute(self: Any, name: str, value: Any) -> None:
        ask(value)
        object.__setattr__(self, name, value)

    if "__setattr__" not in vars(layer):
        layer.__setattr__ = set_attribute  # type: ignore[assignment]
    for item in instances(layer):
        for value in vars(item).values():
            ask(value)


def instances(cls: type[Any]) -> list[Any]:
    """Return all objects of a class and its subclasses that exist at the moment."""
    kinds = [cls]
    for kind in kinds:  # the list grows while it is read
        kinds += kind.__subclasses__()
    return [item for item in gc.get_referrers(*kinds) if isinstance(item, cls)]
