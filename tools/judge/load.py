"""What a cell asks of its reader: lines, complexity, nesting, names not met before."""

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

    lines: lines that hold a statement's beginning or an expression's, docstrings
        and comments left out.
    complexity: McCabe's cyclomatic complexity: 1, and 1 for each place to branch.
    nesting: how deep blocks stand in one another, comprehensions included.
    """

    lines: int
    complexity: int
    nesting: int

    @property
    def high(self):
        """Whether this is high complexity by DESIGN's bounds."""
        return self.complexity > 5 or self.nesting > 2 or self.lines > 15

    @property
    def level(self):
        """How hard, from 1 to 5: a point each for over 5 lines, over 10 lines,
        complexity over 3, nesting over 1."""
        points = (
            self.lines > 5,
            self.lines > 10,
            self.complexity > 3,
            self.nesting > 1,
        )
        return 1 + sum(points)


def load_of(source):
    """Return the load of a piece of code, which may be the inside of a function."""
    tree = parse(source)
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False):
            del node.body[0]
    nodes = list(ast.walk(tree))
    branches = sum(isinstance(node, BRANCHES) for node in nodes)
    branches += sum(len(n.values) - 1 for n in nodes if isinstance(n, ast.BoolOp))
    lines = {node.lineno for node in nodes if isinstance(node, ast.stmt | ast.expr)}
    return Load(len(lines), 1 + branches, _nesting(tree))


def parse(source):
    """Parse code; lines that stand inside a function are taken as a module's."""
    try:
        return ast.parse(source)
    except SyntaxError:
        indented = "\n".join("    " + line for line in source.splitlines())
        return ast.Module(ast.parse(f"def block():\n{indented}").body[0].body, [])


def _nesting(node, depth=0):
    """Return the deepest nesting of blocks below a node."""
    deepest = depth
    for child in ast.iter_child_nodes(node):
        # `elif` parses as nested, and reads as a step on the same level.
        chained = isinstance(node, ast.If) and child in node.orelse
        deeper = isinstance(child, BLOCKS) and not (
            chained and isinstance(child, ast.If)
        )
        deepest = max(deepest, _nesting(child, depth + deeper))
    return deepest


def libraries(source):
    """Return the names under which a cell imports modules, such as np."""
    return {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(parse(source))
        if isinstance(node, ast.Import)
        for alias in node.names
    }


def concepts(source, known_libraries):
    """Return a cell's concepts: the names it defines, the library calls it makes.

    Defined are functions, classes and methods added by `@extend`; what stands inside
    a class or a function belongs to it, and a special method is Python's own word. A
    check's own test function is no concept.
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
