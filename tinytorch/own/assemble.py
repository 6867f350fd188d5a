"""Puts a module together from the cells of a chapter.

One pure function of the standard library, `assemble`, so that the exporter and a
kernel holding a reader's own cells make the same module from the same cells.
"""

import ast
import io
import re
import tokenize

from tinytorch.own.names import definitions

# A section of a docstring starts at one of these and goes on to the next.
SECTION = re.compile(r"\s*(TODO|APPROACH|EXAMPLE|HINT|Args|Returns|Raises):")
SCAFFOLD = {"TODO", "APPROACH", "HINT"}
DIRECTIVE = re.compile(r"^#\|.*\n?", re.M)


def assemble(cells, docstring):
    """Return the text of a module made of these cells.

    Functions under `@extend(Name)` become methods of the class Name where a cell
    before them defines it; docstrings lose TODO, APPROACH and HINT, and say in which
    chapter and cell they are defined; `__all__` lists the public classes and functions.

    Args:
        cells: (id, text) of each cell, in order; `#|` lines in them are dropped.
        docstring: the docstring of the module.

    Raises:
        SyntaxError: where a cell is not Python; its id is in the message.
    """
    texts = []
    for cell_id, source in cells:
        source = DIRECTIVE.sub("", source).strip("\n")
        try:
            ast.parse(source)
        except SyntaxError as error:
            error.msg = f"cell {cell_id}: {error.msg}"
            raise
        if source:
            texts.append(_sign(strip_scaffold(source), cell_id))
    code = fold("\n\n\n".join(texts))
    names = "".join(f'    "{name}",\n' for name in public_names(code))
    return f'"""{docstring}"""\n\n__all__ = [\n{names}]\n\n{code}\n'


def public_names(code):
    """Return the names of the top-level classes and functions, `_private` ones not."""
    return [name for name in definitions(ast.parse(code)) if not name.startswith("_")]


def strip_scaffold(code):
    """Return the code with TODO, APPROACH and HINT taken out of its docstrings."""
    lines = code.split("\n")
    documented = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False):
            text = node.body[0]
            span = slice(text.lineno - 1, text.end_lineno)
            kept = _without_scaffold("\n".join(lines[span]))
            # Emptied lines go at the end, so that line numbers hold till then.
            lines[span] = kept + [None] * (
                text.end_lineno - text.lineno + 1 - len(kept)
            )
    return "\n".join(line for line in lines if line is not None)


def _sign(code, cell_id):
    """Return the code with its cell named in the docstrings of what it defines."""
    lines = code.split("\n")
    number = cell_id.partition("-")[0]
    signature = f"Defined in chapter {number}, cell {cell_id}."
    for node in reversed(ast.parse(code).body):
        kinds = (ast.FunctionDef, ast.ClassDef)
        if not isinstance(node, kinds) or not ast.get_docstring(node):
            continue
        end = node.body[0].end_lineno - 1
        indent = " " * node.body[0].col_offset
        text, _, rest = lines[end].rpartition('"""')
        body = [text.rstrip()] if text.strip() else []
        lines[end : end + 1] = [*body, "", indent + signature, f'{indent}"""{rest}']
    return "\n".join(lines)


def _without_scaffold(docstring):
    """Return the lines of a docstring, quotes included, less its scaffold sections."""
    lines = docstring.split("\n")
    if len(lines) == 1:
        return lines
    closing = '"""' if lines[-1].strip() == '"""' else None
    kept, keeping = [], True
    for line in lines[:-1] if closing else lines:
        section = SECTION.match(line)
        if section:
            keeping = section[1] not in SCAFFOLD
        if keeping:
            kept.append(line)
    while not kept[-1].strip():
        kept.pop()
    if not closing:
        return kept if keeping else [*kept[:-1], kept[-1] + '"""']
    return [kept[0] + '"""'] if len(kept) == 1 else [*kept, lines[-1]]


def fold(code):
    """Return the code with each `@extend(Name)` function moved into class Name."""
    lines = code.split("\n")
    tree = ast.parse(code)
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    methods, moved = {}, set()
    for node in tree.body:
        name = _extended(node)
        if name not in classes:
            continue
        first = _first_line(node, lines)
        body = range(first, node.end_lineno + 1)
        methods.setdefault(name, []).append(
            _indented([lines[number - 1] for number in body], node, first)
        )
        moved.update(body)
    ends = {classes[name].end_lineno: name for name in methods}
    folded = []
    for number, line in enumerate(lines, 1):
        if number not in moved:
            folded.append(line)
        for method in methods.get(ends.get(number), []):
            folded += ["", *method]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(folded)).strip("\n")


def _extended(node):
    """Return the class that a top-level function extends, or None."""
    if not isinstance(node, ast.FunctionDef):
        return None
    for decorator in node.decorator_list:
        if (
            isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Name)
            and decorator.func.id == "extend"
            and len(decorator.args) == 1
            and isinstance(decorator.args[0], ast.Name)
        ):
            return decorator.args[0].id
    return None


def _first_line(node, lines):
    """Return the number of a function's first line, comments right above included."""
    first = min(item.lineno for item in [node, *node.decorator_list])
    while first > 1 and lines[first - 2].startswith("#"):
        first -= 1
    return first


def _indented(lines, node, first):
    """Return a function's lines one level deeper, without its `@extend` line.

    The inside of a multi-line string stays as it is; a docstring moves along.
    """
    docstring = node.body[0] if ast.get_docstring(node, clean=False) else None
    fixed = set()
    for token in tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline):
        start, end = token.start[0], token.end[0]
        if token.type in STRINGS and end > start:
            fixed.update(range(start + 1, end + 1))
    if docstring:
        begin, end = docstring.lineno - first + 1, docstring.end_lineno - first + 1
        fixed.difference_update(range(begin, end + 1))
    return [
        line if number in fixed or not line else "    " + line
        for number, line in enumerate(lines, 1)
        if not line.startswith("@extend(")
    ]


# Python 3.12 splits an f-string into tokens of its own; its middle spans the lines.
STRINGS = {
    getattr(tokenize, name)
    for name in ("STRING", "FSTRING_MIDDLE")
    if name in vars(tokenize)
}
