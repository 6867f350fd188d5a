"""Data sets of the chapters; README.md beside this file says whose they are."""

from tinytorch.data.digits import load_digits

__all__ = ["load_digits"]
