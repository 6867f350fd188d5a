"""Finds which of the reader's own modules makes a cell fail, by running cells again.

The cells up to the failing one run again, without showing their output, on freshly
imported modules: first with all own modules, then with the book's modules (the
reference) in place of them all, then with the reference in place of one own module at a
time.
"""

import contextlib
import importlib
import io
import sys
import time
from collections.abc import Iterator, Sequence
from types import ModuleType

from tinytorch.own import overlay

PATIENCE = 20  # seconds for all runs together; checked before each cell only


def culprits(cells: Sequence[tuple[str, str]]) -> list[str]:
    """Return the full names of the own modules that make the last cell fail.

    Args: cells, (id, code) of the cells that ran, in order, the failing one last.
    Returns: one name, such as "tinytorch.core.tensor", if the cells run with the
        reference in place of that module; the names of all own modules if they run
        only with the reference in place of all; an empty list if a cell fails with
        the reference, too, if none fails in the second run, if there are no own
        modules, or if PATIENCE is exceeded.
    """
    own = list(overlay.FINDER.modules)
    deadline = time.monotonic() + PATIENCE
    with contextlib.suppress(TimeoutError):
        if not own or _runs(cells, (), deadline) or not _runs(cells, own, deadline):
            return []
        for name in own:
            if _runs(cells, (name,), deadline):
                return [name]
        return own
    return []


def import_problem(name: str, loader: overlay.OwnLoader) -> str:
    """Import an own module on trial; return the error message, or "" if it loads.

    The modules in use afterwards are those from before.

    Args: name, the full name, such as "tinytorch.core.tensor"; loader, the OwnLoader
        of the module.
    """
    before = dict(overlay.FINDER.modules)
    overlay.install({name: loader})
    try:
        with _fresh_package(frozenset()):
            importlib.import_module(name)
    except Exception as error:
        return describe_error(error, loader.label)
    finally:
        overlay.FINDER.modules = before
    return ""


def loads_without(name: str) -> str | None:
    """Return the own module that keeps another own module from being imported.

    Args: name, the full name of the module that cannot be imported.
    Returns: the full name of the first own module such that `name` can be imported
        with the reference in its place; None if there is none.
    """
    for other in overlay.FINDER.modules:
        if other == name:
            continue
        with contextlib.suppress(Exception), _fresh_package(frozenset([other])):
            importlib.import_module(name)
            return other
    return None


def describe_error(error: Exception, label: str) -> str:
    """Return the message for an error raised by an import: its type, text and line.

    The line is left out for a SyntaxError, whose text has it already, and if no frame
    of the traceback is in the file called `label`.
    """
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError):
        return said
    trace, line = error.__traceback__, None
    while trace:
        if trace.tb_frame.f_code.co_filename == label:
            line = trace.tb_lineno
        trace = trace.tb_next
    return said if line is None else f"{said} (line {line})"


def _runs(
    cells: Sequence[tuple[str, str]], without: Sequence[str], deadline: float
) -> bool:
    """Whether all cells run without an exception on freshly imported modules.

    Args: cells, (id, code) in order; without, the full names of the own modules that
        the reference replaces; deadline, a time of `time.monotonic`.
    Raises: TimeoutError if a cell would begin after the deadline.
    """
    space = {"__name__": "__main__"}
    with _fresh_package(frozenset(without)):
        for cell_id, code in cells:
            if time.monotonic() > deadline:
                raise TimeoutError
            try:
                exec(compile(code, f"<cell {cell_id}>", "exec"), space)
            except Exception:
                return False
    return True


@contextlib.contextmanager
def _fresh_package(suspended: frozenset[str]) -> Iterator[None]:
    """Context manager: tinytorch is imported afresh in its body, and output is dropped.

    On exit the modules imported before, numpy's random state and the output streams
    are restored, so that the reader's session is as if nothing had run.

    Args: suspended, full names of own modules that the reference replaces meanwhile.
    """
    before = _loaded_package()
    numpy = sys.modules.get("numpy")
    state = numpy.random.get_state() if numpy else None
    for name in before:
        del sys.modules[name]
    # `sys.meta_path` holds the Finder of this overlay module. A second import of it
    # would make a second Finder, which has no own modules.
    sys.modules[overlay.__name__] = overlay
    overlay.FINDER.suspended = suspended
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            yield
    finally:
        overlay.FINDER.suspended = frozenset()
        for name in _loaded_package():
            del sys.modules[name]
        sys.modules.update(before)
        if numpy and state:
            numpy.random.set_state(state)


def _loaded_package() -> dict[str, ModuleType]:
    """Return {full name: module} of tinytorch and its submodules in `sys.modules`."""
    return {
        name: module
        for name, module in sys.modules.items()
        if name.partition(".")[0] == "tinytorch"
    }
