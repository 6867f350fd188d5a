"""The Python side of the kernel that runs cells in the reader's browser.

Small on purpose: every module imported here is a part of the wait between the
click on *go live* and the first output.
"""

from live_kernel.kernel import Kernel

__all__ = ["Kernel", "start"]


def start(send):
    """Starts the kernel in Pyodide and returns what its worker calls.

    ``send(kind, content)`` takes a message kind of the Jupyter protocol
    (``stream``, ``display_data``, ...) and its content as a JavaScript object.
    """
    from live_kernel.bridge import Bridge

    return Bridge(send)
