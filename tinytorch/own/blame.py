"""Finds which of a reader's own modules makes a cell fail, by running it again.

The cells that led to the failure run once more, out of sight, on modules imported
afresh: with the reader's, with the reference, and with the reference for one of them.
"""

import contextlib
import importlib
import io
import sys
import time

from tinytorch.own import overlay

PATIENCE = 20  # seconds, looked at between cells


def culprits(cells):
    """Return the full names of the own modules without which the last cell runs.

    Args: cells, (id, code) of the cells that had run, in order, the failing one last.
    Returns: one name if one is enough; several where only all of them are; none
    where the cell fails with the reference too, or does not fail again.
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


def import_problem(name, loader):
    """Return what an own module's import stops with, out of sight; "" if it does not.

    Args: name, in full; loader, its overlay.Loader.
    """
    before = dict(overlay.FINDER.modules)
    overlay.install({name: loader})
    try:
        with _afresh(frozenset()):
            importlib.import_module(name)
    except Exception as error:
        return in_words(error, loader.label)
    finally:
        overlay.FINDER.modules = before
    return ""


def loads_without(name):
    """Return an own module without which this one can be imported, or None."""
    for other in overlay.FINDER.modules:
        if other == name:
            continue
        with contextlib.suppress(Exception), _afresh(frozenset([other])):
            importlib.import_module(name)
            return other
    return None


def in_words(error, label):
    """Say what an import stopped with, and at which line of the file so labelled."""
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError):
        return said
    trace, line = error.__traceback__, None
    while trace:
        if trace.tb_frame.f_code.co_filename == label:
            line = trace.tb_lineno
        trace = trace.tb_next
    return said if line is None else f"{said} (line {line})"


def _runs(cells, without, deadline):
    """Whether the cells run without error with the reference for some modules."""
    space = {"__name__": "__main__"}
    with _afresh(frozenset(without)):
        for cell_id, code in cells:
            if time.monotonic() > deadline:
                raise TimeoutError
            try:
                exec(compile(code, f"<cell {cell_id}>", "exec"), space)
            except Exception:
                return False
    return True


@contextlib.contextmanager
def _afresh(suspended):
    """Without a trace afterwards: modules, random numbers and output are set back."""
    before = _own_package()
    numpy = sys.modules.get("numpy")
    state = numpy.random.get_state() if numpy else None
    for name in before:
        del sys.modules[name]
    # The finder in use is this one; a new one would know of no module.
    sys.modules[overlay.__name__] = overlay
    overlay.FINDER.suspended = suspended
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            yield
    finally:
        overlay.FINDER.suspended = frozenset()
        for name in _own_package():
            del sys.modules[name]
        sys.modules.update(before)
        if state:
            numpy.random.set_state(state)


def _own_package():
    return {
        name: module
        for name, module in sys.modules.items()
        if name.partition(".")[0] == "tinytorch"
    }
