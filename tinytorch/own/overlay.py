"""An import hook that imports the reader's own modules in place of the book's.

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

# Finder and OwnLoader have no base classes from importlib.abc: importing it would slow
# each start of a reader with own modules by some milliseconds.

OPTIMIZED = 0x1  # CO_OPTIMIZED: set in the code of functions, never in that of a class


class Finder:
    """The import hook's finder, which `install` puts first in `sys.meta_path`.

    modules: {full name: OwnLoader} of the own modules in use.
    suspended: full names of own modules that are not to be found for the moment, so
        that Python imports the reference.
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
        """Return the spec of the own module of this full name.

        None means that there is none in use: Python then asks the next finder.
        """
        if fullname in self.suspended or fullname not in self.modules:
            return None
        loader = self.modules[fullname]
        return spec_from_loader(fullname, loader, origin=loader.label)  # type: ignore[arg-type]


class OwnLoader:
    """Loads one own module from its text.

    Args: source, the text; label, the file name shown in tracebacks; advice, a sentence
        for the reader that is added to an error on import, or "".
    """

    def __init__(self, source: str, label: str, advice: str = "") -> None:
        self.source, self.label, self.advice = source, label, advice

    def create_module(self, spec: ModuleSpec) -> None:
        """Return None, which lets Python make the empty module as usual."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the own module's code in `module`, after the reference if it lacks names.

        Raises: any exception of that code, with `advice` added as a note.
        """
        module.__file__ = self.label
        try:
            self._run(vars(module), reference_code(module.__name__))
        except Exception as error:
            if self.advice:
                error.add_note(self.advice)
            raise

    def get_source(self, fullname: str) -> str:
        """Return the module's text, of which `linecache` shows lines in a traceback."""
        return self.source

    def _run(self, space: dict[str, object], reference: CodeType | None) -> None:
        code = compile(self.source, self.label, "exec")
        if reference is None or not lacks(code, reference):
            exec(code, space)
            return
        # Both run in one namespace, the reference first. So the functions of both call
        # the reader's version of a function wherever there is one.
        exec(reference, space)
        before = dict(space)
        exec(code, space)
        for name in before.keys() - space.keys():
            # Deleted by the reader's code, but the book's functions may need it.
            space[name] = before[name]
        _complete(before, space)


FINDER = Finder()


def install(modules: Mapping[str, OwnLoader]) -> None:
    """Add own modules to the import hook, which is installed if it is not yet.

    A module that has been imported already stays as it is.

    Args: modules, {full name: loader}.
    """
    FINDER.modules.update(modules)
    if FINDER not in sys.meta_path:
        sys.meta_path.insert(0, FINDER)


def from_folder(folder: str | Path) -> dict[str, OwnLoader]:
    """Return {full name: loader} for the .py files of a folder.

    File core.tensor.py holds the module tinytorch.core.tensor.
    """
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
    """Forget the own module of this full name: its next import loads the reference."""
    FINDER.modules.pop(name, None)
    sys.modules.pop(name, None)


def reference_code(name: str) -> CodeType | None:
    """Return the compiled code of the book's module of this full name.

    It is found by PathFinder, Python's finder for files, which knows no own modules.
    The book's source is not read, since a course build has only bytecode.

    Returns: None if the book has no module of that name.
    Raises: KeyError if the package that holds the module has not been imported.
    """
    parent = sys.modules[name.rpartition(".")[0]]
    spec = PathFinder.find_spec(name, parent.__path__)
    return spec.loader.get_code(name) if spec else None  # type: ignore[union-attr]


def lacks(code: CodeType, reference: CodeType) -> bool:
    """Whether the reference defines a name, or a method of a class, that `code` lacks.

    Args: code, reference, the compiled code of an own module and of the reference.
    """
    if stored(reference) - stored(code):
        return True
    own = _classes(code)
    for name, body in _classes(reference).items():
        if name in own and _methods(body) - _methods(own[name]):
            return True
    return False


def stored(code: CodeType) -> set[str]:
    """Return the names that compiled code of a module or class binds at its top level.

    Assignments, imports, functions and classes bind names.
    """
    steps = dis.get_instructions(code)
    return {step.argval for step in steps if step.opname == "STORE_NAME"}


def _classes(code: CodeType) -> dict[str, CodeType]:
    """Return {name: compiled body} of the top-level classes in a module's code."""
    bodies = [part for part in code.co_consts if isinstance(part, CodeType)]
    names = stored(code)
    return {
        body.co_name: body
        for body in bodies
        if not body.co_flags & OPTIMIZED and body.co_name in names
    }


def _methods(body: CodeType) -> set[str]:
    return {name for name in stored(body) if name not in AUTOMATIC}


# Names that some version of Python itself puts into the namespace of each class.
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
    """Copy into the reader's classes the methods that only the book's versions have.

    Classes that the reader did not define then inherit from the reader's classes.

    Args: before, the namespace after the reference ran; space, the same namespace
        after the reader's code ran, too.
    """
    changed: dict[type, type] = {}  # {class of the reference: the reader's class}
    for name, old in before.items():
        new = space[name]
        if isinstance(old, type) and isinstance(new, type) and new is not old:
            changed[old] = new
    for old, new in changed.items():
        for name, value in vars(old).items():
            # __dict__ and __weakref__ belong to the memory layout of one class.
            if name not in vars(new) and name not in ("__dict__", "__weakref__"):
                setattr(new, name, value)
    for kept in before.values():
        # A class that only the reference has must inherit from the reader's classes.
        if not isinstance(kept, type) or kept in changed:
            continue
        if any(base in changed for base in kept.__bases__):
            kept.__bases__ = tuple(changed.get(base, base) for base in kept.__bases__)
