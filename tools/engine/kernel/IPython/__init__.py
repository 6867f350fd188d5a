"""Stand-in for the package IPython, with the names for cells in the browser."""

from live_kernel.display import display

__all__ = ["display", "get_ipython"]


def get_ipython():
    """Return None: the browser's kernel has no interactive shell."""
