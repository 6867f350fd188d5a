"""TinyTorch: a small PyTorch in numpy, the one that readers of the book build.

Names are looked up on first use, so that `import tinytorch.core.tensor` brings
chapter 01 and nothing that later chapters add.
"""

from importlib import import_module

__version__ = "0.1.0"

_HOME = {"Tensor": "tinytorch.core.tensor"}

__all__ = ["Tensor", "__version__"]


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(
            f"tinytorch has no attribute {name!r}; it has: {', '.join(sorted(_HOME))}"
        )
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value  # the next look-up finds it without a call
    return value


def __dir__():
    return sorted({*globals(), *_HOME})
