"""The data sets of the chapters; their sources and licenses are in data/README.md."""

from tinytorch.data.digits import load_digits

__all__ = ["load_digits"]
