"""The attributes by which a Tensor takes part in the graph, and who gets them."""

from __future__ import annotations

import functools
import gc
from typing import Any

from tinytorch.errors import autograd as errors


def add_attributes(cls: type[Any]) -> None:
    """Give the class Tensor the attributes requires_grad, grad and grad_fn.

    They are class attributes, so Tensors made earlier have them, too. From then on the
    constructor takes requires_grad, and raises TypeError if that is True and the Tensor
    holds no floats. A second call changes nothing.
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
    """Make Tensors of floats that are attributes of a Layer require gradients.

    This covers the attributes of existing layers and those set from now on. Tensors
    whose requires_grad has been set explicitly stay as they are.

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
    """Return all existing objects of a class and of its subclasses."""
    kinds = [cls]
    for kind in kinds:  # the list grows while it is read
        kinds += kind.__subclasses__()
    return [item for item in gc.get_referrers(*kinds) if isinstance(item, cls)]
