"""Data sets and loaders, under the name that PyTorch users know: torch.utils.data."""

from tinytorch.lazy import hand_on

_HOMES = dict.fromkeys(
    ("Dataset", "TensorDataset", "DataLoader"), "tinytorch.core.dataloader"
)

__all__ = [*_HOMES]

__getattr__, __dir__ = hand_on(globals(), _HOMES)
