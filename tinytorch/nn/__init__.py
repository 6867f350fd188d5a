"""Layers, activations and losses, where a PyTorch user looks for them: torch.nn.

`Module`, the class that a model of your own derives from, is chapter 03's Layer.
"""

from tinytorch.core.exports import NAMES
from tinytorch.lazy import hand_on

# Classes only; PyTorch has functions such as `linear` in torch.nn.functional.
_HOMES = {
    name: f"tinytorch.core.{module}"
    for module in ("layers", "activations", "losses", "spatial")
    for name in NAMES[module]
    if name[0].isupper()
}
_HOMES["Module"] = "tinytorch.core.layers:Layer"

__all__ = [*_HOMES]

__getattr__, __dir__ = hand_on(globals(), _HOMES)
