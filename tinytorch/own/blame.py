"""Finds which of a reader's own modules makes a cell fail, by running it again.

The cells up to the failing one run again, their output thrown away, on modules that
are imported anew: with the reader's modules, with the reference (the book's modules),
and with the reference in place of one of them.
"""

import contextlib
import importlib
import io
import sys
import time
from collections.abc import Iterator, Sequence
from types import ModuleType

from tinytorch.own import overlay

PATIENCE = 20  # seconds for all runs together; the clock is read between cells


def culprits(cells: Sequence[tuple[str, str]]) -> list[str]:
    """Return the full names of the own modules without which the last cell runs.

    Args: cells, (id, code) of the cells that had run, in order, the failing one last.
    Returns: one name if replacing that module is enough; all names if only replacing
    all of them is; none if the cell fails with the reference too, does not fail when
    it runs again, or the time is up.
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
    """Import an own module on trial; return the error in words, "" if there is none.

    Args: name, in full, such as "tinytorch.core.tensor"; loader, of the module.
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
    """Return another own module without which this one can be imported, or None."""
    for other in overlay.FINDER.modules:
        if other == name:
            continue
        with contextlib.suppress(Exception), _fresh_package(frozenset([other])):
            importlib.import_module(name)
            return other
    return None


def describe_error(error: Exception, label: str) -> str:
    """Return an error of an import in words, with the line in the file named label.

    A SyntaxError tells its line in its message already.
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
    """Whether the cells run without error, with the reference for modules `without`.

    Raises: TimeoutError after the deadline, a time of `time.monotonic`.
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
    """Context manager: import tinytorch anew inside, with the reference for some names.

    At the end the modules of before are restored, and so are numpy's random state and
    the output streams, so that the reader's session cannot tell that something ran.
    """
    before = _loaded_package()
    numpy = sys.modules.get("numpy")
    state = numpy.random.get_state() if numpy else None
    for name in before:
        del sys.modules[name]
    # The finder in `sys.meta_path` belongs to this overlay module. A fresh import of it
    # would make another finder, which knows of no own module.
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
    """Return {full name: module} of tinytorch and its modules that are imported."""
    return {
        name: module
        for name, module in sys.modules.items()
        if name.partition(".")[0] == "tinytorch"
    }
