"""Between the kernel and the JavaScript of its worker."""

import sys

import js
from pyodide.ffi import to_js

from live_kernel.kernel import Kernel

_from_entries = js.Object.fromEntries


def _to_js(value):
    return to_js(value, dict_converter=_from_entries)


class Bridge:
    """The kernel's calls with JavaScript objects as results."""

    def __init__(self, send):
        self._kernel = Kernel(lambda kind, content: send(kind, _to_js(content)))
        self._kernel.install()

    def version(self):
        """Return Python's version, as "3.13.2"."""
        return ".".join(map(str, sys.version_info[:3]))

    def warm(self):
        """Import numpy ahead of the first cell."""
        import numpy  # noqa: F401

    async def run(self, code, cell=None, silent=False):
        """Kernel.run."""
        return _to_js(await self._kernel.run(code, cell, silent))

    def complete(self, code, position):
        """Kernel.complete."""
        return _to_js(self._kernel.complete(code, position))

    def inspect(self, code, position, detail):
        """Kernel.inspect."""
        return _to_js(self._kernel.inspect(code, position, detail))

    def is_complete(self, code):
        """Kernel.is_complete."""
        return _to_js(self._kernel.is_complete(code))
