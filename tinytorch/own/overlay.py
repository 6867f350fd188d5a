"""Imports a reader's own modules in place of the book's: an import hook.

An own module is imported under the full name of the book's module, which is called the
reference here. Names that the own module lacks, and methods that its classes lack, are
taken from the reference.
"""

import dis
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType

# Finder and OwnLoader have no base classes from importlib.abc: its import alone takes
# some milliseconds, which everybody with an own module would wait at each start.

OPTIMIZED = 0x1  # CO_OPTIMIZED: set in the code of functions, never in that of a class


class Finder:
    """Finds own modules; stands first in `sys.meta_path`, so Python asks it first.

    modules: {full name: OwnLoader} of the modules to be found.
    suspended: full names for which the reference is to be found for the moment.
    """

    def __init__(self) -> None:
        self.modules: dict[str, OwnLoader] = {}
        self.suspended: frozenset[str] = frozenset()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return the spec of an own module; None leaves the name to other finders."""
        if fullname in self.suspended or fullname not in self.modules:
            return None
        loader = self.modules[fullname]
        return spec_from_loader(fullname, loader, origin=loader.label)  # type: ignore[arg-type]


class OwnLoader:
    """Loads one own module from its text.

    Args: source, the text; label, the file name that tracebacks give; advice, a
    sentence for the reader that is added to an error on import, or "".
    """

    def __init__(self, source: str, label: str, advice: str = "") -> None:
        self.source, self.label, self.advice = source, label, advice

    def create_module(self, spec: ModuleSpec) -> None:
        """Return None: Python makes the empty module as usual."""

    def exec_module(self, module: ModuleType) -> None:
        """Fill the module. Raises what its code raises, with the advice as a note."""
        module.__file__ = self.label
        try:
            self._run(vars(module), reference_code(module.__name__))
        except Exception as error:
            if self.advice:
                error.add_note(self.advice)
            raise

    def get_source(self, fullname: str) -> str:
        """Return the text: Python's `linecache` asks for it to show traceback lines."""
        return self.source

    def _run(self, space: dict[str, object], reference: CodeType | None) -> None:
        code = compile(self.source, self.label, "exec")
        if reference is None or not lacks(code, reference):
            exec(code, space)
            return
        # First the reference, then the reader's code, all in one namespace: a function
        # of either then calls the reader's function wherever there is one.
        exec(reference, space)
        before = dict(space)
        exec(code, space)
        _complete(before, space)


FINDER = Finder()


def install(modules: Mapping[str, OwnLoader]) -> None:
    """Import these modules, {full name: loader}, in place of the book's from now on.

    A module that has been imported already stays as it is.
    """
    FINDER.modules.update(modules)
    if FINDER not in sys.meta_path:
        sys.meta_path.insert(0, FINDER)


def from_folder(folder: str | Path) -> dict[str, OwnLoader]:
    """Return {full name: loader} for the files of a folder, such as core.tensor.py."""
    found = {}
    for path in sorted(Path(folder).glob("*.py")):
        # A damaged file must not stop every import of tinytorch: its loader raises
        # the SyntaxError, with the advice, when this module is imported.
        source = path.read_text(encoding="utf-8", errors="replace")
        advice = (
            f"This is your own module, {path}. To go back to the book's: python -m "
            f"tinytorch.own --undo {path.stem}. For once: TINYTORCH_OWN=no"
        )
        found[f"tinytorch.{path.stem}"] = OwnLoader(source, str(path), advice)
    return found


def remove(name: str) -> None:
    """Go back to the reference: the next import of the module brings it."""
    FINDER.modules.pop(name, None)
    sys.modules.pop(name, None)


def reference_code(name: str) -> CodeType | None:
    """Return the code of the book's module of this full name, None if there is none.

    Found by Python's own finder for files, which knows nothing of own modules. In a
    course build there is bytecode alone, so nothing here may read the source.
    """
    parent = sys.modules[name.rpartition(".")[0]]
    spec = PathFinder.find_spec(name, parent.__path__)
    return spec.loader.get_code(name) if spec else None  # type: ignore[union-attr]


def lacks(code: CodeType, reference: CodeType) -> bool:
    """Whether the reference defines a name, or a method of a class, that code lacks."""
    if stored(reference) - stored(code):
        return True
    own = _classes(code)
    for name, body in _classes(reference).items():
        if name in own and _methods(body) - _methods(own[name]):
            return True
    return False


def stored(code: CodeType) -> set[str]:
    """Return the names that a module's or a class's code assigns at its top level."""
    steps = dis.get_instructions(code)
    return {step.argval for step in steps if step.opname == "STORE_NAME"}


def _classes(code: CodeType) -> dict[str, CodeType]:
    """Return {name: code of the body} of the classes in a module's code."""
    bodies = [part for part in code.co_consts if isinstance(part, CodeType)]
    names = stored(code)
    return {
        body.co_name: body
        for body in bodies
        if not body.co_flags & OPTIMIZED and body.co_name in names
    }


def _methods(body: CodeType) -> set[str]:
    return {name for name in stored(body) if name not in AUTOMATIC}


# What Python itself puts into the namespace of a class; it differs between versions.
AUTOMATIC = {
    "__classcell__",
    "__classdictcell__",
    "__doc__",
    "__firstlineno__",
    "__module__",
    "__qualname__",
    "__static_attributes__",
}


def _complete(before: Mapping[str, object], space: Mapping[str, object]) -> None:
    """Copy methods that the reader's classes lack from the book's of the same name.

    Args: before, the names that the reference defined; space, all of them now.
    """
    changed: dict[type, type] = {}  # class of the reference: the reader's class
    for name, old in before.items():
        new = space[name]
        if isinstance(old, type) and isinstance(new, type) and new is not old:
            changed[old] = new
    for old, new in changed.items():
        for name, value in vars(old).items():
            # Those two describe the memory of one class's objects; they are no methods.
            if name not in vars(new) and name not in ("__dict__", "__weakref__"):
                setattr(new, name, value)
    for kept in before.values():
        # A class that only the reference has must inherit from the reader's classes.
        if not isinstance(kept, type) or kept in changed:
            continue
        if any(base in changed for base in kept.__bases__):
            kept.__bases__ = tuple(changed.get(base, base) for base in kept.__bases__)
