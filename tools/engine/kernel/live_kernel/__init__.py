"""The Python side of the kernel, which runs cells in the reader's browser.

Every module that is imported at the start lengthens the reader's wait between the click
on *go live* and the first output. So modules that few cells need are imported inside
functions.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from live_kernel.kernel import Kernel

if TYPE_CHECKING:
    from live_kernel.bridge import Bridge

__all__ = ["Kernel", "start"]


def start(send: "Callable[[str, Any], None]") -> "Bridge":
    """Start the kernel in Pyodide; return the Bridge whose methods the worker calls.

    ``send(kind, content)`` is called with the type of a Jupyter message (``stream``,
    ``display_data``, ...) and the message's content as a JavaScript object.
    """
    # Imported late: tests import this package outside Pyodide, where no module js is.
    from live_kernel.bridge import Bridge

    return Bridge(send)
