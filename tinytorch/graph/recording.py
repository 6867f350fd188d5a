"""The bookkeeping of chapter 05's graph: which functions are recorded, and how.

A *primitive* is a function of a module, or a method of a class, whose call becomes one
node of the graph. `PRIMITIVES` maps each to its Function, the class that computes its
gradients.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import ndarray

from tinytorch.errors import autograd as errors

# Chapter 05 calls these two by this module's name.
from tinytorch.graph.attributes import add_attributes as add_attributes
from tinytorch.graph.attributes import watch as watch
from tinytorch.graph.fingerprints import fingerprints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tinytorch.graph.protocols import Tensor

on = True  # whether calls of primitives are recorded at the moment
# {(owner, name): Function}; the owner is a class or a module
PRIMITIVES: dict[tuple[Any, str], type[Any]] = {}


def primitive(owner: Any, *names: str) -> Callable[[type[Any]], type[Any]]:
    """Return a class decorator that registers a Function for functions of `owner`.

    Calls of these functions are recorded from the next `install(owner, ...)` on.

    Args: owner, a class or a module; names, of its functions.
    """

    def register(function: type[Any]) -> type[Any]:
        if function.__doc__ is None:
            function.__doc__ = f"{' and '.join(names)} as one step of the graph."
        PRIMITIVES.update({(owner, name): function for name in names})
        return function

    return register


def original(owner: Any, name: str) -> staticmethod:
    """Return owner's function of this name as it was before `install` replaced it.

    The result is a staticmethod: as an attribute of a class, a plain function would
    become a method of that class.
    """
    return staticmethod(inspect.unwrap(vars(owner)[name]))


def install(owner: Any, recorded: Callable[[type[Any], Callable], Callable]) -> None:
    """Replace each primitive of `owner` by a function that records its calls.

    A second call changes nothing, except for primitives whose Function was registered
    anew in between.

    Args: owner, a class or a module; recorded, called with a Function and the plain
        function, returns the replacement.
    """
    for (where, name), function in PRIMITIVES.items():
        if where is owner:
            current = vars(owner)[name]
            if vars(current).get("records") is not function:
                call = recorded(function, inspect.unwrap(current))
                call.records = function  # type: ignore[attr-defined]
                setattr(owner, name, call)


class Node:
    """The base class of Function: a node of the graph, with the data backward needs.

    inputs: the arguments of the call, Tensors and others; () once the graph is freed.
    used: the arrays and numbers that the gradient is computed from.
    prints: the fingerprints of `used`, to detect in-place edits later.
    kept: any other value that forward leaves for backward.
    grad: the gradient at the result, during a backward pass.
    """

    uses_result = False  # whether the gradient is computed from the result as well
    inputs: tuple[Any, ...] = ()
    used: tuple[Any, ...] = ()
    prints = b""
    kept: Any = None
    grad: NDArray[Any] | None = None
    # Shared by all nodes, for __del__: (inputs, used) of the nodes being freed, and
    # whether a call of __del__ is emptying that list.
    dropped: list[tuple[Any, ...]] = []
    dropping = False

    def sources(self) -> list[Any]:
        """Return the Functions whose results are inputs of this one.

        Raises: RuntimeError if the graph was freed.
        """
        if not self.inputs:
            raise errors.graph_freed()
        found = []
        for x in self.inputs:  # no comprehension: it would cost a call in Python 3.11
            made = getattr(x, "grad_fn", None)
            if made is not None:
                found.append(made)
        return found

    def remember(self, used: Iterable[Any], out: Tensor) -> None:
        """Save the arrays and numbers that backward() reads, and their fingerprints.

        Args: used, those among the inputs; out, the result, which is saved as well if
            `uses_result`.
        """
        self.used = used = (*used, out.data) if self.uses_result else (*used,)
        self.prints = fingerprints(used)

    def values(self) -> tuple[Any, ...]:
        """Return the arrays and numbers that `remember` saved.

        Raises: RuntimeError if one of the arrays has been edited since.
        """
        used = self.used
        if fingerprints(used) != self.prints:
            raise errors.changed(type(self).__name__)
        return used

    def __del__(self) -> None:
        """Free this node's inputs, and the nodes that made them, in a loop.

        Python itself would free a chain of nodes recursively, and in a browser run out
        of stack after a few thousand nodes.
        """
        if not self.inputs:  # backward has freed this node already
            return
        Node.dropped.append((self.inputs, self.used))
        self.inputs = self.used = ()
        if not Node.dropping:
            Node.dropping = True
            while Node.dropped:
                Node.dropped.pop()
            Node.dropping = False


def in_line(x: Tensor, weight: Tensor, bias: Tensor | None) -> bool:
    """Whether x @ weight + bias can be computed without further checks of its shapes.

    It can for x (..., n_in), weight (n_in, n_out) and bias (n_out,); not without bias.
    """
    if bias is None or type(x) is not type(weight):
        return False
    shape = weight.data.shape
    return x.data.shape[-1:] == shape[:1] and shape[1:] == bias.data.shape


def by_place(
    function: Callable, inputs: tuple[Any, ...], options: Mapping[str, Any]
) -> tuple[Any, ...]:
    """Return the positional arguments that make the same call without keywords.

    Defaults are filled in.

    Args: inputs, options, the positional and the keyword arguments of a call.
    Raises: TypeError if they do not fit the function's parameters.
    """
    bound = signature(function).bind(*inputs, **options)
    bound.apply_defaults()
    return bound.args


def copied(index: Any, kind: type) -> tuple[Any, ...]:
    """Return an index as a tuple, with copies of its arrays and Tensors, as arrays.

    The caller may overwrite the originals before backward() reads the index.

    Args: index, as Tensor.__getitem__ takes it; kind, the class Tensor.
    """
    parts = index if isinstance(index, tuple) else (index,)
    held = (kind, np.ndarray)
    return tuple(np.array(part) if isinstance(part, held) else part for part in parts)


signature = functools.cache(inspect.signature)


def keep(leaf: Tensor, gradient: NDArray[Any], shared: NDArray[Any] | None) -> None:
    """Add `gradient` to leaf.grad, cast to the leaf's dtype.

    The gradient is copied if it may share memory with another array: an edit of one
    would change both.

    Args: shared, an array held elsewhere too, which `gradient` may be or be a view of.
    Raises: TypeError if the leaf holds no floats: slopes would be cut to integers.
    """
    so_far, dtype = leaf.grad, leaf.data.dtype
    if so_far is not None:
        gradient = so_far + gradient
    elif dtype.kind != "f":
        raise errors.not_float(dtype)
    elif gradient is shared or gradient.base is not None:  # it may be a view
        gradient = np.array(gradient)
    if type(gradient) is not ndarray or gradient.dtype != dtype:
        gradient = np.asarray(gradient, dtype)  # it may be a numpy scalar
    leaf.grad = gradient


def first_gradient(tensor: Tensor, gradient: Any) -> NDArray[Any]:
    """Return the array of gradients at `tensor` that a backward pass starts from.

    Args: gradient, numbers of the Tensor's shape; None means 1, for a single number.
    Raises: RuntimeError if the Tensor requires no gradient; ValueError if gradient is
        None and the Tensor does not hold exactly one number, or if gradient has
        another shape than the Tensor.
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
    """Prepare a backward pass: set the first Function's gradient, clear the others.

    Args: order, the Functions behind a result, its own first; gradient, at the result.
    """
    for node in order:
        if node.grad is not None:  # left by a backward pass that stopped with an error
            node.grad = None
    order[0].grad = gradient


def in_float64(values: Iterable[Any], tensor: type[Any]) -> list[Any]:
    """Return the values as a list, with float64 copies in place of Tensors of floats.

    The copies require gradients. Other values stay as they are.

    Args: tensor, the class Tensor.
    Raises: ValueError if no value is a Tensor of floats.
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
    """Move each Function's gradient to the Tensor that the Function computed.

    backward(retain_graph=True) calls this at its end.

    Args: tensor, from which backward started; order, the Functions behind it.
    """
    computed = [x for node in order for x in node.inputs if isinstance(x, type(tensor))]
    for x in [tensor, *computed]:
        if x.grad_fn is not None and x.grad_fn.grad is not None:
            x.grad, x.grad_fn.grad = np.array(x.grad_fn.grad), None
