"""Mutation testing: makes wrong solutions of an exercise, and runs its check on them.

Five kinds of wrong solutions (mutants) are made by rule: the published stub; `return
None`; the first argument returned unchanged; a wrong operator, axis, function or
comparison; a result without its last element. A kind that does not apply to a solution
is left out: a solution that returns nothing has no result to shorten.
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

# {operator, comparison or function: the wrong one that a mutant has in its place}.
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
AXES = {"axis", "dim"}  # names of keyword arguments that give an axis


def mutants(cell: Cell) -> dict[str, str]:
    """Return the wrong solutions of an exercise: {kind, as in KINDS: cell's text}."""
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
    """Whether the check of an exercise fails when the exercise's text is `source`.

    All other cells up to the check are run with their solutions. A warning or an error
    in the exercise, or in a cell between it and the check, counts as a failure too.

    Args: chapter, the parsed chapter; cell, the exercise; source, the text to run in
        its place; whole, whether to run the check's hidden tests too.
    """
    # Demo and measure cells are left out: they define nothing that a check needs.
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
    """Whether an error is raised by the cells from an exercise to its check.

    Args: code, the chapter's cells, from the exercise on; source, the text to run for
        the exercise; check, its check cell; whole, whether to run the hidden tests too;
        namespace, in which the earlier cells ran, and these run.
    """
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
    """Return the function definition that contains a cell's first solution block."""
    before = cell.source[: _solution(cell).start()]
    # Line numbers in `cell.solved` are lower, since it has no `#|` lines.
    dropped = sum(line.startswith("#|") for line in before.splitlines())
    line = before.count("\n") - dropped + 1
    functions = [
        node
        for node in ast.walk(ast.parse(cell.solved))
        if isinstance(node, ast.FunctionDef)
        and node.lineno < line <= (node.end_lineno or 0)
    ]
    # Of nested functions, the innermost begins last.
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
    """Return the cell's text with its first solution block changed by `change`.

    The rest of the cell, such as signature and docstring, stays as it is.

    Args: change, a function that gets the block as the body of a function definition,
        changes the body in place, and returns whether it has changed anything.
    Returns: the text; None if `change` returned False.
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
    """Change the block's first axis, else operator, else function, else comparison.

    Returns: whether there was one to change.
    """
    for attempt in (_other_axis, _other_operator, _other_name, _other_comparison):
        if any(attempt(node) for node in ast.walk(block)):
            return True
    return False


def _other_axis(node: ast.AST) -> bool:
    """Change the axis of a keyword argument; return whether it was a literal axis."""
    if isinstance(node, ast.keyword) and node.arg in AXES:
        # -1 - axis counts from the other end: the first axis becomes the last.
        axis = node.value
        node.value = ast.BinOp(ast.Constant(-1), ast.Sub(), axis)
        return isinstance(axis, ast.Constant | ast.UnaryOp)
    return False


def _other_operator(node: ast.AST) -> bool:
    """Put a wrong operator into an operation; return whether the node was one."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATORS:
        node.op = OPERATORS[type(node.op)]()
        return True
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node.op = ast.UAdd()
        return True
    return False


def _other_name(node: ast.AST) -> bool:
    """Replace the name of a function listed in NAMES; return whether it was one."""
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        node.attr = NAMES[node.attr]
        return True
    if isinstance(node, ast.Name) and node.id in NAMES:
        node.id = NAMES[node.id]
        return True
    return False


def _other_comparison(node: ast.AST) -> bool:
    """Put the opposite operator into a comparison; return whether the node was one."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        node.ops[0] = COMPARISONS[type(node.ops[0])]()
        return True
    return False


def _cut_result(block: ast.FunctionDef) -> bool:
    """Add `[:-1]` to the value of the first `return`; return whether there was one."""
    for node in ast.walk(block):
        if isinstance(node, ast.Return) and node.value is not None:
            shorter = ast.Slice(upper=ast.UnaryOp(ast.USub(), ast.Constant(1)))
            node.value = ast.Subscript(node.value, shorter, ast.Load())
            return True
    return False
