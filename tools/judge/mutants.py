"""Wrong solutions of an exercise, to find out whether its check notices them.

Five kinds, made from the solution by rule: the stub as published; `return None`; an
input handed back unchanged; a wrong sign, axis or function; a result that is off by
one in its shape. A kind that an exercise has no room for is left out.
"""

import ast
import copy
import warnings

from tinytorch.own.cells import check_of
from tools.chapters.parser import SOLUTION
from tools.judge.undisturbed import undisturbed

KINDS = ("stub", "none", "input", "sign", "shape")

OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
}
COMPARISONS = {
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
AXES = {"axis", "dim"}


def mutants(cell):
    """Return the wrong solutions of an exercise: {kind: text of the whole cell}."""
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


def caught(chapter, cell, source, whole):
    """Whether the check of an exercise fails when its cell has this text.

    Args: chapter, the parsed chapter; cell, the exercise; source, its text; whole,
        whether the hidden tests run too.
    """
    # What is shown or measured on the way defines nothing that a check needs.
    code = [c for c in chapter.code if c.role not in ("demo", "measure", "main")]
    at = code.index(cell)
    check = chapter.cell(check_of(cell.id))
    namespace = {"__name__": "chapter"}
    with undisturbed(), warnings.catch_warnings():
        for earlier in code[:at]:
            exec(compile(earlier.executable, earlier.id, "exec"), namespace)
        warnings.simplefilter("error")
        return _fails(code[at:], source, check, whole, namespace)


def _fails(code, source, check, whole, namespace):
    """Whether a check fails; code begins with its exercise, run as `source`."""
    try:
        exec(compile(source, code[0].id, "exec"), namespace)
        for between in code[1 : code.index(check)]:
            exec(compile(between.executable, between.id, "exec"), namespace)
        text = check.executable if whole else check.published
        exec(compile(text, check.id, "exec"), namespace)
    except Exception:
        return True
    return False


def _function(cell):
    """Return the function of a solved cell that holds the first solution line."""
    before = cell.source[: SOLUTION.search(cell.source).start()]
    dropped = sum(line.startswith("#|") for line in before.splitlines())
    line = before.count("\n") - dropped + 1
    functions = [
        node
        for node in ast.walk(ast.parse(cell.solved))
        if isinstance(node, ast.FunctionDef) and node.lineno < line <= node.end_lineno
    ]
    return max(functions, key=lambda node: node.lineno)


def _instead(cell, statement):
    """Return the cell with one statement in place of its solution."""
    text = SOLUTION.sub(lambda match: f"{match[1]}{statement}\n", cell.source, count=1)
    return SOLUTION.sub(r"\2", text)


def _changed(cell, change):
    """Return the cell with its first solution block changed, or None if it cannot be.

    Only the block is rewritten, so that signature and docstring stay as they are.
    """
    match = SOLUTION.search(cell.source)
    indent = match[1]
    lines = [line.removeprefix(indent) for line in match[2].splitlines()]
    tree = ast.parse("def block():\n" + "\n".join("    " + line for line in lines))
    block = copy.deepcopy(tree.body[0])
    if not change(block):
        return None
    body = ast.unparse(ast.fix_missing_locations(ast.Module(block.body, [])))
    text = "".join(f"{indent}{line}\n" for line in body.splitlines())
    changed = cell.source[: match.start()] + text + cell.source[match.end() :]
    return SOLUTION.sub(r"\2", changed)


def _wrong_sign(block):
    """Change the first axis, operator, comparison or function that can be changed."""
    for attempt in (_other_axis, _other_operator, _other_name, _other_comparison):
        if any(attempt(node) for node in ast.walk(block)):
            return True
    return False


def _other_axis(node):
    if isinstance(node, ast.keyword) and node.arg in AXES:
        # A constant axis becomes another; any other one is turned round.
        node.value = ast.BinOp(ast.Constant(-1), ast.Sub(), node.value)
        return isinstance(node.value.right, ast.Constant | ast.UnaryOp)
    return False


def _other_operator(node):
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATORS:
        node.op = OPERATORS[type(node.op)]()
        return True
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node.op = ast.UAdd()
        return True
    return False


def _other_name(node):
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        node.attr = NAMES[node.attr]
        return True
    if isinstance(node, ast.Name) and node.id in NAMES:
        node.id = NAMES[node.id]
        return True
    return False


def _other_comparison(node):
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        node.ops[0] = COMPARISONS[type(node.ops[0])]()
        return True
    return False


def _cut_result(block):
    """Take the last element off the first result that is returned."""
    for node in ast.walk(block):
        if isinstance(node, ast.Return) and node.value is not None:
            shorter = ast.Slice(upper=ast.UnaryOp(ast.USub(), ast.Constant(1)))
            node.value = ast.Subscript(node.value, shorter, ast.Load())
            return True
    return False
