"""Data sets and loaders, where a PyTorch user looks for them: torch.utils.data."""

from tinytorch.lazy import hand_on

_HOMES = dict.fromkeys(
    ("Dataset", "TensorDataset", "DataLoader"), "tinytorch.core.dataloader"
)

__all__ = [*_HOMES]

__getattr__, __dir__ = hand_on(globals(), _HOMES)
