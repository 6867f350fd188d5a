"""Measures how hard code is to read: lines, complexity, nesting, concepts."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tinytorch.own.names import definitions

BRANCHES = (
    ast.If,
    ast.IfExp,
    ast.For,
    ast.While,
    ast.ExceptHandler,
    ast.comprehension,
    ast.Assert,
)
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.comprehension)
DOCUMENTED = (ast.FunctionDef, ast.ClassDef, ast.Module)


@dataclass(frozen=True)
class Load:
    """The measurements of one piece of code.

    lines: how many lines begin a statement or an expression; docstrings and comments
        do not count.
    complexity: McCabe's cyclomatic complexity: 1, plus 1 for each branch.
    nesting: the greatest depth of blocks within blocks; a comprehension is a block too.
    """

    lines: int
    complexity: int
    nesting: int

    @property
    def high(self) -> bool:
        """Whether the code is of "high complexity", which modules/README.md limits."""
        return self.complexity > 5 or self.nesting > 2 or self.lines > 15

    @property
    def level(self) -> int:
        """The difficulty, from 1 to 5.

        It is 1, and 1 more for each of: over 5 lines, over 10 lines, complexity over 3,
        nesting over 1.
        """
        points = (
            self.lines > 5,
            self.lines > 10,
            self.complexity > 3,
            self.nesting > 1,
        )
        return 1 + sum(points)


def load_of(source: str) -> Load:
    """Return the Load of code, which may be the body of a function without its def."""
    tree = parse(source)
    for node in ast.walk(tree):
        # Docstrings do not count: explaining more must not make a cell look harder.
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False):
            del node.body[0]
    nodes = list(ast.walk(tree))
    branches = sum(isinstance(node, BRANCHES) for node in nodes)
    branches += sum(len(n.values) - 1 for n in nodes if isinstance(n, ast.BoolOp))
    lines = {node.lineno for node in nodes if isinstance(node, ast.stmt | ast.expr)}
    return Load(len(lines), 1 + branches, _nesting(tree))


def parse(source: str) -> ast.Module:
    """Return the syntax tree of code; it may be the body of a function (`return x`).

    Raises: SyntaxError for code that is neither a module nor a function's body.
    """
    try:
        return ast.parse(source)
    except SyntaxError:
        indented = "\n".join("    " + line for line in source.splitlines())
        (block,) = ast.parse(f"def block():\n{indented}").body
        assert isinstance(block, ast.FunctionDef)
        return ast.Module(block.body, [])


def _nesting(node: ast.AST, depth: int = 0) -> int:
    """Return the greatest nesting depth of blocks below `node`, which is at `depth`."""
    deepest = depth
    for child in ast.iter_child_nodes(node):
        # `elif` is an `if` nested in `else` for the parser, but not for a person.
        chained = isinstance(node, ast.If) and child in node.orelse
        deeper = isinstance(child, BLOCKS) and not (
            chained and isinstance(child, ast.If)
        )
        deepest = max(deepest, _nesting(child, depth + deeper))
    return deepest


def libraries(source: str) -> set[str]:
    """Return the names that `import` statements in the code bind, such as np."""
    return {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(parse(source))
        if isinstance(node, ast.Import)
        for alias in node.names
    }


def concepts(source: str, known_libraries: set[str]) -> set[str]:
    """Return the concepts in a cell: names it defines, and library functions it calls.

    Names are counted for functions and classes defined at the top level, which includes
    the methods that `@extend` adds to a class. Not counted are names defined inside of
    a function or class, special methods such as `__add__`, and test functions.

    Args: known_libraries, names of imported modules, such as np: then a call of
        `np.exp` gives the concept "np.exp".
    """
    tree = parse(source)
    found = {name for name in definitions(tree) if not name.startswith(("test_", "__"))}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in known_libraries
        ):
            found.add(f"{node.func.value.id}.{node.func.attr}")
    return found
