"""The data of the book's chapters. What it is and whose: README.md beside this file."""

from tinytorch.data.digits import load_digits

__all__ = ["load_digits"]
