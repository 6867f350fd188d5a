"""Which names a piece of Python defines, and which it needs from elsewhere.

The page's kernel asks this when it makes a module of a reader's cells, and the tools
when they seat or judge cells. Standard library only, since that kernel loads it.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import NamedTuple


class Names(NamedTuple):
    """The global names of a cell.

    defined: names that have a value once the cell has run and its functions were
        called. Functions and classes; variables, also those of `for`, `with`, `:=`,
        `except ... as` and match captures; imports (`import a.b` defines a); names
        that a function declares `global` and assigns.
    used: names that the cell reads as globals, at its top level or inside of
        functions, built-in ones such as `print` among them.

    Both hold a name that is defined and read in the same cell. `x += 1` and `del x`
    define x and use it.

    `Tensor.scale = f`, `x[0] = 1` and `@extend(Tensor)` change an object that was there
    before: they use its name and do not define it. (Below `@extend(Tensor)`, the
    function's own name is defined as well.)

    Neither holds names that are local: arguments, variables of a function, attributes
    of a class, variables of a comprehension. A cell with `from m import *` defines
    names that only running it can tell.
    """

    defined: frozenset[str]
    used: frozenset[str]


def names_of(source: str) -> Names:
    """Return the global names that a cell defines and uses.

    Raises: SyntaxError if it is not Python, as with a line of IPython's; ValueError if
        it holds a null byte; RecursionError or MemoryError if it is nested too deep.
    """
    # Not by the module symtable: from Python 3.12 on it gives the variables of a
    # comprehension as the enclosing scope's, and the page runs another version of
    # Python than many a computer.
    module = _Scope("module")
    _Visitor(module).visit(ast.parse(source))
    defined, used = set(module.bound), set(module.read)
    for scope in module.inner:
        _resolve(scope, frozenset(), defined, used)
    return Names(frozenset(defined), frozenset(used))


def definitions(tree: ast.Module) -> list[str]:
    """Return the names of the functions and classes at the top level, each once."""
    kinds = (ast.ClassDef, ast.FunctionDef)
    return list(dict.fromkeys(n.name for n in tree.body if isinstance(n, kinds)))


@dataclass
class _Scope:
    """A part of a cell with local names of its own, and the names that stand in it."""

    kind: str  # module, function, class, comprehension
    bound: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    declared_global: set[str] = field(default_factory=set)
    declared_nonlocal: set[str] = field(default_factory=set)
    inner: list[_Scope] = field(default_factory=list)


def _resolve(
    scope: _Scope, enclosing: frozenset[str], defined: set[str], used: set[str]
) -> None:
    """Add the globals that a scope and those inside of it define and use to the sets.

    Args: enclosing, the local names of the functions around this scope.
    """
    local = scope.bound - scope.declared_global - scope.declared_nonlocal
    defined |= scope.bound & scope.declared_global
    used |= scope.read & scope.declared_global
    used |= scope.read - scope.declared_global - local - enclosing
    # Python does not look into a class for the names of its methods.
    visible = enclosing if scope.kind == "class" else enclosing | local
    for inner in scope.inner:
        _resolve(inner, visible, defined, used)


class _Visitor(ast.NodeVisitor):
    """Sorts the names below a node into scopes, as Python's compiler does."""

    def __init__(self, scope: _Scope, around: _Scope | None = None) -> None:
        self.scope = scope
        # Where `:=` binds: no comprehension keeps its name.
        self.binds = around if around and scope.kind == "comprehension" else scope

    def within(self, kind: str, *bound: str) -> _Visitor:
        """Return a visitor for a new scope inside of this one, with names bound."""
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
        if not isinstance(node.ctx, ast.Store):  # `del x` needs an x as well
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
        """Return a visitor for the scope of `T` in `def f[T]`, new in Python 3.12."""
        parameters = getattr(node, "type_params", [])
        return self.within("function", *(p.name for p in parameters))

    def enter(self, args: ast.arguments) -> _Visitor:
        """Visit defaults and annotations; return a visitor for the function's body."""
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        every += [extra for extra in (args.vararg, args.kwarg) if extra]
        self.all([arg.annotation for arg in every if arg.annotation])
        self.all([*args.defaults, *(d for d in args.kw_defaults if d)])
        return self.within("function", *(arg.arg for arg in every))

    def visit_comprehension_in_brackets(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> None:
        # The first iterable is computed outside, before the comprehension's scope.
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
