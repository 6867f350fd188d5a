"""Optimizers, where a PyTorch user looks for them: torch.optim."""

from tinytorch.core.exports import NAMES
from tinytorch.lazy import hand_on

_HOMES = dict.fromkeys(NAMES["optimizers"], "tinytorch.core.optimizers")

__all__ = [*_HOMES]

__getattr__, __dir__ = hand_on(globals(), _HOMES)
