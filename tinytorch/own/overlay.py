"""A reader's own modules in the place of the book's.

An own module is imported under the name of the book's, which is called the reference
here. Names that it lacks, and methods its classes lack, come from the reference.
"""

import dis
import sys
from importlib.machinery import PathFinder
from importlib.util import spec_from_loader
from pathlib import Path

FUNCTION = 0x1  # the flag of code whose local variables are fixed: no class has it


class Finder:
    """Finds the modules in `modules`, {full name: Loader}, before Python looks."""

    def __init__(self):
        self.modules = {}
        self.suspended = frozenset()  # names for which the reference is to be found

    def find_spec(self, name, path=None, target=None):
        """Return the spec of an own module; None leaves a name to other finders."""
        if name in self.suspended or name not in self.modules:
            return None
        loader = self.modules[name]
        return spec_from_loader(name, loader, origin=loader.label)


class Loader:
    """Makes one own module.

    Args: source, its text; label, what tracebacks call it; advice, a sentence that is
    added to an error on import, optional.
    """

    def __init__(self, source, label, advice=""):
        self.source, self.label, self.advice = source, label, advice

    def create_module(self, spec):
        """Leave it to Python to make the empty module."""

    def exec_module(self, module):
        """Fill the module. Raises what its code raises, with the advice as a note."""
        module.__file__ = self.label
        try:
            self._run(vars(module), reference_code(module.__name__))
        except Exception as error:
            if self.advice:
                error.add_note(self.advice)
            raise

    def get_source(self, name):
        """Return the text, for tracebacks."""
        return self.source

    def _run(self, space, reference):
        code = compile(self.source, self.label, "exec")
        if reference is None or not lacks(code, reference):
            exec(code, space)
            return
        # First the reference, then what is the reader's over it, all in one
        # namespace: a function of either kind calls the reader's where there is one.
        exec(reference, space)
        before = dict(space)
        exec(code, space)
        _complete(before, space)


FINDER = Finder()


def install(modules):
    """Import these modules, {full name: Loader}, in place of the book's from now on.

    They take effect for what has not been imported yet.
    """
    FINDER.modules.update(modules)
    if FINDER not in sys.meta_path:
        sys.meta_path.insert(0, FINDER)


def from_folder(folder):
    """Return what install takes for the files of a folder, such as core.tensor.py."""
    found = {}
    for path in sorted(Path(folder).glob("*.py")):
        source = path.read_text(encoding="utf-8", errors="replace")
        advice = (
            f"This is your own module, {path}. To go back to the book's: python -m "
            f"tinytorch.own --undo {path.stem}. For once: TINYTORCH_OWN=no"
        )
        found[f"tinytorch.{path.stem}"] = Loader(source, str(path), advice)
    return found


def remove(name):
    """Go back to the reference: the next import of the module brings it."""
    FINDER.modules.pop(name, None)
    sys.modules.pop(name, None)


def reference_code(name):
    """Return the code of the book's module of this name, or None if there is none."""
    parent = sys.modules[name.rpartition(".")[0]]
    spec = PathFinder.find_spec(name, parent.__path__)
    return spec and spec.loader.get_code(name)


def lacks(code, reference):
    """Whether the reference defines a name, or a method of a class, that code lacks."""
    if stored(reference) - stored(code):
        return True
    own = _classes(code)
    for name, body in _classes(reference).items():
        if name in own and _methods(body) - _methods(own[name]):
            return True
    return False


def stored(code):
    """The names that a module's or a class's code gives a value at its top level."""
    steps = dis.get_instructions(code)
    return {step.argval for step in steps if step.opname == "STORE_NAME"}


def _classes(code):
    bodies = [part for part in code.co_consts if isinstance(part, type(code))]
    names = stored(code)
    return {
        body.co_name: body
        for body in bodies
        if not body.co_flags & FUNCTION and body.co_name in names
    }


def _methods(body):
    return {name for name in stored(body) if name not in AUTOMATIC}


# What Python itself puts into the namespace of a class.
AUTOMATIC = {
    "__classcell__",
    "__classdictcell__",
    "__doc__",
    "__firstlineno__",
    "__module__",
    "__qualname__",
    "__static_attributes__",
}


def _complete(before, space):
    """Give the classes in space what those of the same name had before."""
    changed = {
        old: space[name]
        for name, old in before.items()
        if isinstance(old, type) and space[name] is not old
    }
    for old, new in changed.items():
        for name, value in vars(old).items():
            if name not in vars(new) and name not in ("__dict__", "__weakref__"):
                setattr(new, name, value)
    for kept in before.values():
        # A class that only the reference has stands on the reader's other classes.
        alone = isinstance(kept, type) and kept not in changed
        if alone and any(base in changed for base in kept.__bases__):
            kept.__bases__ = tuple(changed.get(base, base) for base in kept.__bases__)
