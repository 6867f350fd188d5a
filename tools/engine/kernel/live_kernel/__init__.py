"""The Python side of the kernel that runs cells in the reader's browser.

Small on purpose: every module imported here is a part of the wait between the
click on *go live* and the first output. So modules that few cells need are imported
in functions.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from live_kernel.kernel import Kernel

if TYPE_CHECKING:
    from live_kernel.bridge import Bridge

__all__ = ["Kernel", "start"]


def start(send: "Callable[[str, Any], None]") -> "Bridge":
    """Start the kernel in Pyodide; return the object whose methods its worker calls.

    ``send(kind, content)`` takes a message kind of the Jupyter protocol
    (``stream``, ``display_data``, ...) and its content as a JavaScript object.
    """
    # Imported late: outside of a browser there is no module js, and tests run there.
    from live_kernel.bridge import Bridge

    return Bridge(send)
