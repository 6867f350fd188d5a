"""Program that runs submissions, each in a forked process that is sandboxed first.

`outside.Runner` starts this file; the project never imports it. Its arguments are the
folder that holds `tinytorch`, and a JSON list of all folders that Python needs. The
program loads numpy and IPython once and waits. For each submission it forks; the child
applies the sandbox and takes cells one by one, as lines of JSON. The child knows
nothing of the course, and is sent a hidden test only when that test is to be run.
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

LONGEST = 2000  # characters kept of an error's or warning's message
MOST = 20  # how many warnings of a cell are reported
DECISIVE = (check, math, np, builtins)  # modules by whose functions checks decide


class Guard:
    """Restores the functions that checks rely on, where a submission replaced them.

    These are the public names of the DECISIVE modules, and the code of the functions of
    tinytorch.utils.check (`expect` and others), as they were when the Guard was made.
    """

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
        """Put back what a submission changed; return the names of the changed things.

        Args: namespace, the submission's global names.
        """
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
    """Import hook that loads modules of tinytorch from a student's own source."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        """Keep the modules to load, {full name of a module: source}."""
        self.sources = sources

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the spec of a module that the student wrote, else None."""
        if name in self.sources:
            return importlib.util.spec_from_loader(name, self)
        return None

    def get_source(self, name: str) -> str:
        """Return the source of a module that the student wrote."""
        return self.sources[name]

    def get_code(self, name: str) -> types.CodeType:
        """Return the compiled module; "own NAME" is its file name in tracebacks."""
        return self.source_to_code(self.sources[name], f"own {name}")


def new_shell() -> Any:
    """Return an IPython InteractiveShell without history and without tracebacks.

    Annotated as Any, since some of the shell's methods are replaced.
    """
    HistoryManager.enabled = False  # type: ignore[assignment]
    shell: Any = InteractiveShell.instance()
    shell.showtraceback = shell.showsyntaxerror = lambda *_, **__: None
    shell.show_usage_error = lambda *_, **__: None
    shell.ask_exit = lambda: None  # exit() in a cell ends nothing, as in Jupyter
    return shell


def run_cell(shell: Any, guard: Guard, request: Mapping[str, Any]) -> dict[str, Any]:
    """Run one cell; return the dict from which `outside.Session` makes a Reply.

    Args: request, with the cell's `id` and `source`; `check`, whether the cell is a
        check, before which `guard` restores changed functions; `nonce`, to be returned.
    """
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
    """Return an exception as a dict, as `outside.CellError` describes it.

    `where` holds the last five frames whose file name has no slash, as those of cells
    and of a student's own modules have none.
    """
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
    """Return a warning as text: its category and its message, cut to LONGEST."""
    try:
        return f"{warning.category.__name__}: {warning.message}"[:LONGEST]
    except BaseException:
        return "(its message could not be shown)"


def work(control: socket.socket, shell: Any) -> None:
    """Take cells from the connection and run them until the connection is closed.

    The first line received is {"own": {full name of a module: source}}.
    """
    guard = Guard()
    with control.makefile("rw", encoding="utf-8") as lines:
        start = json.loads(lines.readline())
        if start["own"]:
            sys.meta_path.insert(0, Own(start["own"]))
        while True:
            try:
                line = lines.readline()
            except KeyboardInterrupt:  # sent to interrupt a cell that has ended since
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
    """Sandbox this process, report which caps hold, and run cells; never returns.

    Two lines are sent first: {"pid": ...} of the process that runs the cells, and
    {"held": caps that hold, "off": {restriction that was left out: why}}.

    Args: start, the fields of `outside.Limits`, and `folders`, that Python needs; off,
        what `steps.probe` found.
    Raises: OSError where a restriction that could be applied before fails now.
    """
    failed, scratch = steps.leave(off)
    if failed:
        raise OSError(str(failed))
    # The child is the first process of its namespace of processes: when it ends, the
    # kernel ends all that it started.
    child = os.fork()
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
    if failed:  # `probe` could apply this restriction: do not run the cells without it
        raise OSError(str(failed))
    sandbox.die_with_parent()  # not earlier: a change of user undoes this setting
    caps = sandbox.cap(start)
    os.environ["HOME"] = os.getcwd()  # noqa: PTH109
    send(control, {"held": caps, "off": off})
    work(control, shell)
    os._exit(0)


def send(control: socket.socket, message: object) -> None:
    """Send a message over the connection as one line of JSON."""
    control.sendall(json.dumps(message).encode() + b"\n")


def main() -> None:
    """Fork for each submission announced on standard input, which is a socket.

    An announcement is a JSON text with three file descriptors: the connection to
    `outside.Session`, the child's stdout and its stderr.
    """
    shell = new_shell()
    sandbox.die_with_parent()
    # A cell that takes too long is interrupted with SIGINT. A program that a script
    # starts in the background inherits SIGINT as ignored: set the usual handler.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    steps.READ_LATER += [np.__file__, check.__file__]
    off = steps.probe(json.loads(sys.argv[2]))
    gc.freeze()  # or the collector's writes would unshare the memory that forks share
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
    """Collect one child that has ended, if any; return whether there was one."""
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


if __name__ == "__main__":
    main()
