"""Gives the kernel's worker, in JavaScript, the Kernel's results as its objects."""

import sys
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import to_js

from live_kernel.kernel import Kernel

_from_entries = js.Object.fromEntries


def _to_js(value: Any) -> Any:
    """Return a value with its dicts and lists converted to JavaScript."""
    return to_js(value, dict_converter=_from_entries)


class Bridge:
    """Wrapper of a Kernel whose methods return JavaScript objects.

    ``send(kind, content)`` gets the kernel's messages, with content for JavaScript.
    """

    def __init__(self, send: Callable[[str, Any], None]) -> None:
        self._kernel = Kernel(lambda kind, content: send(kind, _to_js(content)))
        self._kernel.install()

    def version(self) -> str:
        """Return Python's version, as "3.13.2"."""
        return ".".join(map(str, sys.version_info[:3]))

    def warm(self) -> None:
        """Import numpy, so that the first cell need not wait for the import."""
        import numpy  # noqa: F401

    async def run(
        self, code: str, cell: str | None = None, silent: bool = False
    ) -> Any:
        """Run a cell; return the content of the execute_reply. See Kernel.run."""
        return _to_js(await self._kernel.run(code, cell, silent))

    def complete(self, code: str, position: int) -> Any:
        """Return the completions of the name at a position; see Kernel.complete."""
        return _to_js(self._kernel.complete(code, position))

    def inspect(self, code: str, position: int, detail: int) -> Any:
        """Return a description of the name at a position; see Kernel.inspect."""
        return _to_js(self._kernel.inspect(code, position, detail))

    def is_complete(self, code: str) -> Any:
        """Return whether code could be run as it is; see Kernel.is_complete."""
        return _to_js(self._kernel.is_complete(code))
