"""Runs submissions, each in a process of its own that is shut in first.

`outside` starts this file with the folder of the framework, and those that Python
needs, as its arguments; the project never imports it. It loads what every submission
needs, numpy above all, and waits. For each submission it makes a copy of itself (a
fork), which shuts itself in and takes cells one by one, as lines of JSON. It knows
nothing of the course, and no hidden test before that test is run.
"""

import gc
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import signal
import socket
import sys
import traceback
import types
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
import sandbox  # noqa: E402
import steps  # noqa: E402

sys.path[:2] = [sys.argv[1]]  # the framework, in place of this file's folder

import builtins  # noqa: E402
import math  # noqa: E402

import numpy as np  # noqa: E402
from IPython.core.history import HistoryManager  # noqa: E402
from IPython.core.interactiveshell import InteractiveShell  # noqa: E402

import tinytorch.utils.check as check  # noqa: E402
import tinytorch.utils.measure  # noqa: E402, F401

LONGEST = 2000  # characters of a message
MOST = 20  # warnings of a cell
DECISIVE = (check, math, np, builtins)  # what a check decides with


class Guard:
    """Restores functions that checks rely on: `expect` and its like, numpy, math."""

    def __init__(self) -> None:
        self.names = [
            (vars(module), f"{module.__name__}.{name}", name, value)
            for module in DECISIVE
            for name, value in vars(module).items()
            if not name.startswith("_")
        ]
        self.functions = [
            (f, f.__code__, f.__defaults__)
            for f in vars(check).values()
            if isinstance(f, types.FunctionType)
        ]

    def restore(self, namespace: dict[str, Any]) -> list[str]:
        """Put back what a submission changed, here and in modules; return the names."""
        changed = []
        for function, code, defaults in self.functions:
            name = function.__name__
            if function.__code__ is not code or function.__defaults__ != defaults:
                function.__code__, function.__defaults__ = code, defaults
                changed.append(name)
            if namespace.get(name, function) is not function:
                namespace[name] = function
                changed.append(name)
        for place, full_name, name, value in self.names:
            if place.get(name) is not value:
                place[name] = value
                changed.append(full_name)
        return sorted(set(changed))


class Own(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Import hook: loads modules of the framework from a student's own source."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        """Take {full name of a module: source}."""
        self.sources = sources

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Return a spec for a module that the student wrote."""
        if name in self.sources:
            return importlib.util.spec_from_loader(name, self)
        return None

    def get_source(self, name: str) -> str:
        """Return the text of a module."""
        return self.sources[name]

    def get_code(self, name: str) -> types.CodeType:
        """Return a module compiled, under a name that says whose it is."""
        return self.source_to_code(self.sources[name], f"own {name}")


def new_shell() -> Any:
    """Return an IPython InteractiveShell without history and without tracebacks.

    Any, since its methods are replaced.
    """
    HistoryManager.enabled = False  # type: ignore[assignment]
    shell: Any = InteractiveShell.instance()
    shell.showtraceback = shell.showsyntaxerror = lambda *_, **__: None
    shell.show_usage_error = lambda *_, **__: None
    shell.ask_exit = lambda: None  # exit() in a cell ends nothing, as in Jupyter
    return shell


def run_cell(shell: Any, guard: Guard, request: Mapping[str, Any]) -> dict[str, Any]:
    """Run one cell; return the reply that `outside` makes a Reply of."""
    changed = guard.restore(shell.user_ns) if request["check"] else []
    shell.compile.get_code_name = lambda *_: request["id"]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always" if request["check"] else "default")
        try:
            done = shell.run_cell(request["source"], store_history=False)
            error, shown = done.error_before_exec or done.error_in_exec, done.result
        except BaseException as stopped:
            error, shown = stopped, None
    streams: tuple[Any, ...] = (sys.__stdout__, sys.__stderr__, sys.stdout, sys.stderr)
    for stream in streams:
        stream.flush()
    return {
        "nonce": request["nonce"],
        "error": error_of(error) if error is not None else None,
        "shown": shown is not None,
        "warnings": [told_of(w) for w in caught[:MOST]],
        "changed": changed,
    }


def error_of(error: BaseException) -> dict[str, Any]:
    """Return an exception as a dict: name, text, and the places in cells it passed."""
    try:
        text = str(error)[:LONGEST]
    except BaseException:
        text = "(its message could not be shown)"
    frames = traceback.extract_tb(error.__traceback__)
    where = [[f.filename[:99], f.lineno] for f in frames if "/" not in f.filename]
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        where.append([str(error.filename)[:99], error.lineno])
    return {"name": type(error).__name__[:99], "text": text, "where": where[-5:]}


def told_of(warning: warnings.WarningMessage) -> str:
    """Return a warning as text."""
    try:
        return f"{warning.category.__name__}: {warning.message}"[:LONGEST]
    except BaseException:
        return "(its message could not be shown)"


def work(control: socket.socket, shell: Any) -> None:
    """Take cells from the connection and run them until the connection ends."""
    guard = Guard()
    with control.makefile("rw", encoding="utf-8") as lines:
        start = json.loads(lines.readline())
        if start["own"]:
            sys.meta_path.insert(0, Own(start["own"]))
        while True:
            try:
                line = lines.readline()
            except KeyboardInterrupt:  # it came too late for the cell it was meant for
                continue
            if not line:
                return
            reply = run_cell(shell, guard, json.loads(line))
            lines.write(json.dumps(reply) + "\n")
            lines.flush()


def shut_in(
    start: dict[str, Any],
    off: dict[str, str],
    control: socket.socket,
    shell: Any,
) -> None:
    """Shut this process in, report which caps hold, and work; never returns."""
    failed, scratch = steps.leave(off)
    if failed:
        raise OSError(str(failed))
    child = os.fork()  # the first process of its namespace; what it starts ends with it
    if child:
        send(control, {"pid": child})
        control.close()
        os.waitpid(child, 0)
        steps.remove(scratch)
        os._exit(0)
    os.setsid()
    if scratch:
        os.chdir(scratch)
    failed = steps.arrive(start["folders"], start["disk"], off)
    if failed:  # though it could be had before; then nothing is run
        raise OSError(str(failed))
    sandbox.die_with_parent()  # after a change of user, which undoes it
    caps = sandbox.cap(start)
    os.environ["HOME"] = os.getcwd()  # noqa: PTH109
    send(control, {"held": caps, "off": off})
    work(control, shell)
    os._exit(0)


def send(control: socket.socket, message: object) -> None:
    """Send one line of JSON."""
    control.sendall(json.dumps(message).encode() + b"\n")


def main() -> None:
    """Fork for each submission announced on standard input, which is a socket."""
    shell = new_shell()
    sandbox.die_with_parent()
    # A cell that takes too long is interrupted with SIGINT. What a script starts in the
    # background inherits it ignored, and a grade must not depend on that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    steps.READ_LATER += [np.__file__, check.__file__]
    off = steps.probe(json.loads(sys.argv[2]))
    gc.freeze()  # what is shared with the copies stays shared
    orders = socket.socket(fileno=0)
    while True:
        line, handles, _, _ = socket.recv_fds(orders, 65536, 3)
        if not line:
            return
        if os.fork() == 0:
            try:
                orders.close()
                control = socket.socket(fileno=handles[0])
                null = os.open(os.devnull, os.O_RDONLY)
                for number, handle in enumerate([null, *handles[1:]]):
                    os.dup2(handle, number)
                    os.close(handle)
                shut_in(json.loads(line), off, control, shell)
            finally:
                os._exit(1)
        for handle in handles:
            os.close(handle)
        while reap():
            pass


def reap() -> bool:
    """Bury one finished child; return whether there was one."""
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


if __name__ == "__main__":
    main()
