"""Hands the kernel's results to the JavaScript of its worker, as JavaScript objects."""

import sys
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import to_js

from live_kernel.kernel import Kernel

_from_entries = js.Object.fromEntries


def _to_js(value: Any) -> Any:
    """Convert dicts and lists to JavaScript's objects and arrays."""
    return to_js(value, dict_converter=_from_entries)


class Bridge:
    """The kernel's methods, with JavaScript objects as results."""

    def __init__(self, send: Callable[[str, Any], None]) -> None:
        self._kernel = Kernel(lambda kind, content: send(kind, _to_js(content)))
        self._kernel.install()

    def version(self) -> str:
        """Return Python's version, as "3.13.2"."""
        return ".".join(map(str, sys.version_info[:3]))

    def warm(self) -> None:
        """Import numpy ahead of the first cell."""
        import numpy  # noqa: F401

    async def run(
        self, code: str, cell: str | None = None, silent: bool = False
    ) -> Any:
        """Run a cell; see Kernel.run."""
        return _to_js(await self._kernel.run(code, cell, silent))

    def complete(self, code: str, position: int) -> Any:
        """Complete the name at a position; see Kernel.complete."""
        return _to_js(self._kernel.complete(code, position))

    def inspect(self, code: str, position: int, detail: int) -> Any:
        """Describe the name at a position; see Kernel.inspect."""
        return _to_js(self._kernel.inspect(code, position, detail))

    def is_complete(self, code: str) -> Any:
        """Say whether code is whole; see Kernel.is_complete."""
        return _to_js(self._kernel.is_complete(code))
