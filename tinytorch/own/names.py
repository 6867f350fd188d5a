"""Finds the global names that a piece of Python defines, and those that it reads.

`module_source` needs them to make a module of the reader's cells; tools/course and
tools/judge need them to examine cells. Only the standard library is imported, since the
page's kernel loads this module.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import NamedTuple


class Names(NamedTuple):
    """The global names of a cell.

    defined: names that the cell or a function in it binds: functions and classes;
        variables, also those of `for`, `with`, `:=`, `except ... as` and match
        captures; imports (`import a.b` defines a); names that a function declares
        `global` and assigns.
    used: names that the cell reads as globals, at its top level or inside functions,
        built-in names such as `print` included.

    A name that is defined and read in the same cell is in both sets. `x += 1` and
    `del x` define x and use x.

    `Tensor.scale = f`, `x[0] = 1` and `@extend(Tensor)` change an existing object: they
    use its name and do not define it. (A function under `@extend(Tensor)` does define
    its own name.)

    Local names are in neither set: arguments, variables of a function, attributes of a
    class, variables of a comprehension. Nor are the names that `from m import *`
    defines, which are known only when the cell runs.
    """

    defined: frozenset[str]
    used: frozenset[str]


def names_of(source: str) -> Names:
    """Return the global names that a cell defines and uses.

    Args: source, the text of the cell.
    Raises: SyntaxError if the text is not Python, as with a magic command of IPython;
        ValueError if it holds a null byte (SyntaxError from Python 3.12 on);
        RecursionError or MemoryError if its code is nested too deep.
    """
    # The standard module symtable would not do: from Python 3.12 on it counts the
    # variables of a comprehension to the enclosing scope, so that the page's Python and
    # the one on a computer could give different answers.
    module = _Scope("module")
    _Visitor(module).visit(ast.parse(source))
    defined, used = set(module.bound), set(module.read)
    for scope in module.inner:
        _resolve(scope, frozenset(), defined, used)
    return Names(frozenset(defined), frozenset(used))


def definitions(tree: ast.Module) -> list[str]:
    """Return the names of a module's top-level functions and classes, each once.

    Functions under `async def` are left out.
    """
    kinds = (ast.ClassDef, ast.FunctionDef)
    return list(dict.fromkeys(n.name for n in tree.body if isinstance(n, kinds)))


@dataclass
class _Scope:
    """A scope of Python (see `kind`), with the names bound and read directly in it."""

    kind: str  # module, function, class, comprehension
    bound: set[str] = field(default_factory=set)  # assigned, defined, imported, ...
    read: set[str] = field(default_factory=set)
    declared_global: set[str] = field(default_factory=set)
    declared_nonlocal: set[str] = field(default_factory=set)
    inner: list[_Scope] = field(default_factory=list)  # the scopes directly inside


def _resolve(
    scope: _Scope, enclosing: frozenset[str], defined: set[str], used: set[str]
) -> None:
    """Add to `defined` and `used` the global names that a scope defines and reads.

    Those of the scopes inside it are added as well.

    Args: enclosing, the local names of the functions around this scope.
    """
    local = scope.bound - scope.declared_global - scope.declared_nonlocal
    defined |= scope.bound & scope.declared_global
    used |= scope.read & scope.declared_global
    used |= scope.read - scope.declared_global - local - enclosing
    # A method does not see the names bound in the body of its class.
    visible = enclosing if scope.kind == "class" else enclosing | local
    for inner in scope.inner:
        _resolve(inner, visible, defined, used)


class _Visitor(ast.NodeVisitor):
    """Visits a syntax tree, and adds each name to the scope in which it stands."""

    def __init__(self, scope: _Scope, around: _Scope | None = None) -> None:
        self.scope = scope
        # The scope in which `:=` binds: in a comprehension, the one around it.
        self.binds = around if around and scope.kind == "comprehension" else scope

    def within(self, kind: str, *bound: str) -> _Visitor:
        """Return a visitor for a new scope inside this one, which binds `bound`."""
        scope = _Scope(kind, {*bound})
        self.scope.inner.append(scope)
        return _Visitor(scope, self.binds)

    def all(self, nodes: list[ast.expr] | list[ast.stmt]) -> None:
        """Visit several nodes in this scope."""
        for node in nodes:
            self.visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.scope.bound.add(node.id)
        if not isinstance(node.ctx, ast.Store):  # `del x` reads x, too
            self.scope.read.add(node.id)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            self.scope.read.add(node.target.id)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.binds.bound.add(node.target.id)

    def visit_Global(self, node: ast.Global) -> None:
        self.scope.declared_global.update(node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.scope.declared_nonlocal.update(node.names)

    def visit_alias(self, node: ast.alias) -> None:
        if node.name != "*":
            self.scope.bound.add((node.asname or node.name).partition(".")[0])

    def visit_named(
        self, node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar
    ) -> None:
        if node.name:
            self.scope.bound.add(node.name)
        self.generic_visit(node)

    visit_ExceptHandler = visit_MatchAs = visit_MatchStar = visit_named

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self.scope.bound.add(node.rest)
        self.generic_visit(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.enter(node.args).visit(node.body)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.scope.bound.add(node.name)
        self.all(node.decorator_list)
        outside = self.with_type_parameters(node)
        if node.returns:
            outside.visit(node.returns)
        outside.enter(node.args).all(node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.scope.bound.add(node.name)
        self.all(node.decorator_list)
        outside = self.with_type_parameters(node)
        outside.all([*node.bases, *(keyword.value for keyword in node.keywords)])
        # In a method `__class__` is the class, as `super()` needs it.
        outside.within("function", "__class__").within("class").all(node.body)

    def with_type_parameters(self, node: ast.AST) -> _Visitor:
        """Return a visitor for a new scope that binds a definition's type parameters.

        `T` in `def f[T]` is one, from Python 3.12 on; without any, the scope is empty.
        """
        parameters = getattr(node, "type_params", [])
        return self.within("function", *(p.name for p in parameters))

    def enter(self, args: ast.arguments) -> _Visitor:
        """Visit the defaults and annotations of arguments, which belong to this scope.

        Returns: a visitor for the function's body, in which the arguments are bound.
        """
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        every += [extra for extra in (args.vararg, args.kwarg) if extra]
        self.all([arg.annotation for arg in every if arg.annotation])
        self.all([*args.defaults, *(d for d in args.kw_defaults if d)])
        return self.within("function", *(arg.arg for arg in every))

    def visit_comprehension_in_brackets(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> None:
        # Python evaluates the first iterable in the scope around the comprehension.
        first, *more = node.generators
        self.visit(first.iter)
        inside = self.within("comprehension")
        inside.all([first.target, *first.ifs])
        for each in more:
            inside.visit(each)
        for part in ("elt", "key", "value"):
            if part in node._fields:
                inside.visit(getattr(node, part))

    visit_ListComp = visit_SetComp = visit_comprehension_in_brackets
    visit_DictComp = visit_GeneratorExp = visit_comprehension_in_brackets
