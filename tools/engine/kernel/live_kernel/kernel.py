"""Runs cells: compiles, runs or awaits a cell, shows the value of its last line."""

import ast
import builtins
import linecache
import sys
import types
from collections.abc import Callable
from typing import Any

from live_kernel import display, streams, tracebacks

_FUTURE_FLAGS = 0x1FE0000  # the bits of co_flags that `from __future__` sets
_TOP_LEVEL_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_COROUTINE = 0x80  # inspect.CO_COROUTINE, without importing inspect


class Kernel:
    """The state of the reader's program: one namespace, in which all cells run.

    ``send(kind, content)`` is called with each message: its type (``stream``,
    ``display_data``, ``update_display_data``, ``clear_output`` or ``execute_result``)
    and its content as the Jupyter protocol defines it.
    """

    def __init__(self, send: Callable[[str, Any], None]) -> None:
        self.send = send
        self.module = types.ModuleType("__main__")
        self.namespace = self.module.__dict__
        self.namespace["__builtins__"] = builtins
        self.count = 0
        self._flags = 0

    def install(self) -> None:
        """Make this kernel the process's ``__main__``, standard streams and builtins.

        The builtins are ``display`` and ``input``.
        """
        sys.modules["__main__"] = self.module
        self.stdout = sys.stdout = streams.Stream("stdout", self.send)
        self.stderr = sys.stderr = streams.Stream("stderr", self.send)
        sys.stdin = streams.NoInput()
        builtins.input = streams.no_input
        builtins.display = display.display  # type: ignore[attr-defined]
        display.publisher = self.send

    async def run(
        self, code: str, cell: str | None = None, silent: bool = False
    ) -> dict[str, Any]:
        """Run one cell; return the content of the execute_reply message.

        ``cell`` is the cell's id, shown in tracebacks as ``<cell id>``; None for the
        cell's number. A silent run shows no value and is not counted. An exception in
        the cell is returned in the reply, never raised.
        """
        if not silent:
            self.count += 1
        name = f"<cell {cell or self.count}>"
        self.namespace.pop("__warningregistry__", None)
        self.stdout.begin()
        self.stderr.begin()
        try:
            value = await self._execute(code, name)
            if value is not None and not silent:
                self._show(value)
        except BaseException as error:
            return {"status": "error", **tracebacks.describe(error)}
        finally:
            self.stdout.flush()
            self.stderr.flush()
        return {
            "status": "ok",
            "execution_count": self.count,
            "payload": [],
            "user_expressions": {},
        }

    async def _execute(self, code: str, name: str) -> Any:
        """Run a cell's code; return the value of its last line.

        None where the last line is no expression, or ends with a semicolon. ``name`` is
        the cell's file name in tracebacks.
        """
        # Tracebacks look up source lines in this cache.
        linecache.cache[name] = (len(code), None, code.splitlines(True), name)
        tree = compile(code, name, "exec", self._flags | ast.PyCF_ONLY_AST, True)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = ast.Expression(tree.body.pop().value)
        if tree.body:
            await self._evaluate(tree, name, "exec")
        if last is None:
            return None
        value = await self._evaluate(last, name, "eval")
        return None if _ends_with_semicolon(code) else value

    async def _evaluate(self, tree: Any, name: str, mode: str) -> Any:
        """Compile and run a syntax tree; return its value, awaited if need be.

        ``mode`` is "exec" (the value is None) or "eval". ``from __future__`` statements
        stay in force for later cells.
        """
        flags = self._flags | _TOP_LEVEL_AWAIT
        program = compile(tree, name, mode, flags, True)
        self._flags |= program.co_flags & _FUTURE_FLAGS
        value = eval(program, self.namespace)
        if program.co_flags & _COROUTINE:
            value = await value
        return value

    def _show(self, value: Any) -> None:
        """Send a value as an execute_result message; set the builtin ``_`` to it."""
        data, metadata = display.bundle(value)
        builtins._ = value  # type: ignore[attr-defined]
        if not data:
            return
        self.stdout.flush()
        self.stderr.flush()
        content = {"execution_count": self.count, "data": data, "metadata": metadata}
        self.send("execute_result", content)

    def complete(self, code: str, position: int) -> dict[str, Any]:
        """Return the content of a complete_reply; see complete.complete."""
        from live_kernel.complete import complete

        return complete(code, position, self.namespace)

    def inspect(self, code: str, position: int, detail: int = 0) -> dict[str, Any]:
        """Return the content of an inspect_reply; see inspection.inspect_at."""
        from live_kernel.inspection import inspect_at

        return inspect_at(code, position, detail, self.namespace)

    def is_complete(self, code: str) -> dict[str, str]:
        """Return the content of an is_complete_reply; see inspection.is_complete."""
        from live_kernel.inspection import is_complete

        return is_complete(code)


def _ends_with_semicolon(code: str) -> bool:
    """Return whether a ``;`` follows the last expression, which hides its value."""
    if ";" not in code:
        return False
    import io
    import tokenize

    skip = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER)
    last = ""
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type not in skip:
            last = token.string
    return last == ";"
