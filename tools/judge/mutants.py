"""Mutation tests of checks: makes wrong solutions, and sees whether a check fails.

Five kinds of mutants are made from a solution by rule: the stub as published;
`return None`; an input returned unchanged; a wrong sign, axis or function; a result
whose shape is off by one. A kind is left out where it cannot be made, such as the last
one of a solution that returns nothing.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from tools.chapters.cells import SOLUTION, Cell, Chapter
from tools.judge.undisturbed import undisturbed

KINDS = ("stub", "none", "input", "sign", "shape")

# Each operator, comparison or function, and a wrong one to put in its place.
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
NAMES = {
    "add": "subtract",
    "sum": "max",
    "max": "sum",
    "min": "max",
    "mean": "sum",
    "maximum": "minimum",
    "exp": "log",
    "log": "exp",
    "tanh": "exp",
    "reversed": "list",
}
AXES = {"axis", "dim"}  # arguments by which a function takes an axis


def mutants(cell: Cell) -> dict[str, str]:
    """Return wrong solutions of an exercise: {kind: text of the whole cell}."""
    function = _function(cell)
    returns = any(isinstance(node, ast.Return) for node in ast.walk(function))
    made = {"stub": cell.published, "none": _instead(cell, "return None")}
    first = function.args.args[0].arg if function.args.args else None
    if returns and first:
        made["input"] = _instead(cell, f"return {first}")
    changed = _changed(cell, _wrong_sign)
    if changed:
        made["sign"] = changed
    cut = _changed(cell, _cut_result) if returns else None
    if cut:
        made["shape"] = cut
    return made


def caught(chapter: Chapter, cell: Cell, source: str, whole: bool) -> bool:
    """Whether the check of an exercise fails with `source` in the exercise's place.

    The cells before run as solved. A warning counts as a failure.

    Args: chapter, the parsed chapter; cell, the exercise; source, its text; whole,
        whether the hidden tests run too.
    """
    # Cells that show or measure are left out: they define nothing that a check needs.
    code = [c for c in chapter.code if c.role not in ("demo", "measure", "main")]
    at = code.index(cell)
    check = chapter.check_of(cell)
    namespace: dict[str, Any] = {"__name__": "chapter"}
    with undisturbed(), warnings.catch_warnings():
        for earlier in code[:at]:
            exec(compile(earlier.executable, earlier.id, "exec"), namespace)
        warnings.simplefilter("error")
        return _fails(code[at:], source, check, whole, namespace)


def _fails(
    code: Sequence[Cell],
    source: str,
    check: Cell,
    whole: bool,
    namespace: dict[str, Any],
) -> bool:
    """Whether the cells from an exercise to its check fail, the first as `source`."""
    try:
        exec(compile(source, code[0].id, "exec"), namespace)
        for between in code[1 : code.index(check)]:
            exec(compile(between.executable, between.id, "exec"), namespace)
        text = check.executable if whole else check.published
        exec(compile(text, check.id, "exec"), namespace)
    except Exception:
        return True
    return False


def _function(cell: Cell) -> ast.FunctionDef:
    """Return the function of a solved cell that holds the first solution line."""
    before = cell.source[: _solution(cell).start()]
    # `solved` has no directive lines, which stand above the code.
    dropped = sum(line.startswith("#|") for line in before.splitlines())
    line = before.count("\n") - dropped + 1
    functions = [
        node
        for node in ast.walk(ast.parse(cell.solved))
        if isinstance(node, ast.FunctionDef)
        and node.lineno < line <= (node.end_lineno or 0)
    ]
    # Of functions within one another, the innermost begins last.
    return max(functions, key=lambda node: node.lineno)


def _solution(cell: Cell) -> re.Match[str]:
    """Return the match of an exercise's first solution block."""
    match = SOLUTION.search(cell.source)
    assert match, "the parser refuses an exercise without a solution"
    return match


def _instead(cell: Cell, statement: str) -> str:
    """Return the cell's text with a statement in place of its first solution block."""
    text = SOLUTION.sub(lambda match: f"{match[1]}{statement}\n", cell.source, count=1)
    return SOLUTION.sub(r"\2", text)


def _changed(cell: Cell, change: Callable[[ast.FunctionDef], bool]) -> str | None:
    """Return the cell's text with its first solution block changed.

    Only the block is rewritten, so that signature and docstring stay as they are.

    Args: change, takes a function whose body is the block, changes that body in
        place, and returns whether it could.
    Returns: the text, or None where `change` could not.
    """
    match = _solution(cell)
    indent = match[1]
    lines = [line.removeprefix(indent) for line in match[2].splitlines()]
    tree = ast.parse("def block():\n" + "\n".join("    " + line for line in lines))
    block = tree.body[0]
    assert isinstance(block, ast.FunctionDef)
    if not change(block):
        return None
    body = ast.unparse(ast.fix_missing_locations(ast.Module(block.body, [])))
    text = "".join(f"{indent}{line}\n" for line in body.splitlines())
    changed = cell.source[: match.start()] + text + cell.source[match.end() :]
    return SOLUTION.sub(r"\2", changed)


def _wrong_sign(block: ast.FunctionDef) -> bool:
    """Change the first axis, else operator, else function, else comparison."""
    for attempt in (_other_axis, _other_operator, _other_name, _other_comparison):
        if any(attempt(node) for node in ast.walk(block)):
            return True
    return False


def _other_axis(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword) and node.arg in AXES:
        # Of axis a, -1 - a is the one as far from the other end: 0 becomes the last.
        axis = node.value
        node.value = ast.BinOp(ast.Constant(-1), ast.Sub(), axis)
        return isinstance(axis, ast.Constant | ast.UnaryOp)
    return False


def _other_operator(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATORS:
        node.op = OPERATORS[type(node.op)]()
        return True
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node.op = ast.UAdd()
        return True
    return False


def _other_name(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        node.attr = NAMES[node.attr]
        return True
    if isinstance(node, ast.Name) and node.id in NAMES:
        node.id = NAMES[node.id]
        return True
    return False


def _other_comparison(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        node.ops[0] = COMPARISONS[type(node.ops[0])]()
        return True
    return False


def _cut_result(block: ast.FunctionDef) -> bool:
    """Take the last element off the first value that is returned."""
    for node in ast.walk(block):
        if isinstance(node, ast.Return) and node.value is not None:
            shorter = ast.Slice(upper=ast.UnaryOp(ast.USub(), ast.Constant(1)))
            node.value = ast.Subscript(node.value, shorter, ast.Load())
            return True
    return False
