"""Measures how hard code is to read: lines, complexity, nesting, new names."""

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
    """The load of one piece of code.

    lines: lines on which a statement or an expression begins; docstrings and
        comments do not count.
    complexity: McCabe's cyclomatic complexity: 1, plus 1 for each place to branch.
    nesting: the depth of blocks within blocks, comprehensions included.
    """

    lines: int
    complexity: int
    nesting: int

    @property
    def high(self) -> bool:
        """Whether this is "high complexity", which modules/README.md limits."""
        return self.complexity > 5 or self.nesting > 2 or self.lines > 15

    @property
    def level(self) -> int:
        """The difficulty, from 1 to 5.

        1, plus 1 each for over 5 lines, over 10 lines, complexity over 3, nesting
        over 1.
        """
        points = (
            self.lines > 5,
            self.lines > 10,
            self.complexity > 3,
            self.nesting > 1,
        )
        return 1 + sum(points)


def load_of(source: str) -> Load:
    """Return the load of code, which may be the inside of a function."""
    tree = parse(source)
    for node in ast.walk(tree):
        # Explaining more must not make a cell look harder.
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False):
            del node.body[0]
    nodes = list(ast.walk(tree))
    branches = sum(isinstance(node, BRANCHES) for node in nodes)
    branches += sum(len(n.values) - 1 for n in nodes if isinstance(n, ast.BoolOp))
    lines = {node.lineno for node in nodes if isinstance(node, ast.stmt | ast.expr)}
    return Load(len(lines), 1 + branches, _nesting(tree))


def parse(source: str) -> ast.Module:
    """Parse code; where it is the inside of a function (`return x`), as its body."""
    try:
        return ast.parse(source)
    except SyntaxError:
        indented = "\n".join("    " + line for line in source.splitlines())
        (block,) = ast.parse(f"def block():\n{indented}").body
        assert isinstance(block, ast.FunctionDef)
        return ast.Module(block.body, [])


def _nesting(node: ast.AST, depth: int = 0) -> int:
    """Return the deepest nesting of blocks below a node, itself at `depth`."""
    deepest = depth
    for child in ast.iter_child_nodes(node):
        # `elif` parses as nested, and reads as a step on the same level.
        chained = isinstance(node, ast.If) and child in node.orelse
        deeper = isinstance(child, BLOCKS) and not (
            chained and isinstance(child, ast.If)
        )
        deepest = max(deepest, _nesting(child, depth + deeper))
    return deepest


def libraries(source: str) -> set[str]:
    """Return the names under which code imports modules, such as np."""
    return {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(parse(source))
        if isinstance(node, ast.Import)
        for alias in node.names
    }


def concepts(source: str, known_libraries: set[str]) -> set[str]:
    """Return a cell's concepts: the names it defines, the library calls it makes.

    The names are those of top-level functions and classes, and so of methods added by
    `@extend`. A name inside of a class or a function belongs to that and does not
    count; nor do special methods, which Python names, and a check's test function.

    Args: known_libraries, names of imported modules: a call of `np.exp` is a concept.
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
