"""Turns the cells of a chapter into the text of a Python module.

`assemble` is a pure function and needs only the standard library. So the exporter,
which writes tinytorch/core, and the page's kernel, which makes a module of the reader's
own cells, get the same module from the same cells.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterable

from tinytorch.own.names import definitions

# Matches the first line of a docstring section. A section ends where the next begins.
SECTION = re.compile(r"\s*(TODO|APPROACH|EXAMPLE|HINT|Args|Returns|Raises):")
SCAFFOLD = {"TODO", "APPROACH", "HINT"}  # sections that help to solve an exercise
DIRECTIVE = re.compile(r"^#\|.*\n?", re.M)  # a directive of a cell, such as export


def assemble(cells: Iterable[tuple[str, str]], docstring: str) -> str:
    """Return the text of a module made of a chapter's cells.

    Functions under `@extend(Name)` become methods of class Name if one of the cells
    defines that class. Docstrings lose their TODO, APPROACH and HINT sections, and a
    comment above each definition names its cell. `__all__` lists the public classes and
    functions.

    Args:
        cells: (id, text) of each cell, in order; their `#|` lines are dropped.
        docstring: the docstring of the module.

    Raises:
        SyntaxError: a cell is not Python; the message begins with the cell's id.
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


def public_names(code: str) -> list[str]:
    """Return the names of a module's public classes and functions, in their order.

    Public means defined at the top level, under a name that does not begin with _.

    Raises: SyntaxError if the code is not Python.
    """
    return [name for name in definitions(ast.parse(code)) if not name.startswith("_")]


def strip_scaffold(code: str) -> str:
    """Return the code without the TODO, APPROACH and HINT sections of its docstrings.

    Raises: SyntaxError if the code is not Python.
    """
    given = code.split("\n")
    lines: list[str | None] = [*given]
    documented = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, documented) and ast.get_docstring(node, clean=False):
            first, last = node.body[0].lineno, _last_line(node.body[0])
            kept = _without_scaffold(given[first - 1 : last])
            # Removed lines become None, so that the line numbers of the nodes not yet
            # visited stay right.
            padding = [None] * (last - first + 1 - len(kept))
            lines[first - 1 : last] = [*kept, *padding]
    return "\n".join(line for line in lines if line is not None)


def _sign(code: str, cell_id: str) -> str:
    """Return the code with a line `# cell ID` above each top-level definition."""
    lines = code.split("\n")
    for node in reversed(ast.parse(code).body):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            lines.insert(_definition_line(node) - 1, f"# cell {cell_id}")
    return "\n".join(lines)


def _without_scaffold(lines: list[str]) -> list[str]:
    """Return a docstring's lines without its TODO, APPROACH and HINT sections.

    Args: lines, of the docstring, with the opening and the closing quotes.
    """
    if len(lines) == 1:
        return lines
    closing = lines[-1].strip() == '"""'  # the closing quotes stand on their own line
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


def fold(code: str) -> str:
    """Return the code with `@extend(Name)` functions moved to the end of class Name.

    A function that extends a class from another module stays where it is.

    Raises: SyntaxError if the code is not Python.
    """
    lines = code.split("\n")
    tree = ast.parse(code)
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    methods: dict[str, list[list[str]]] = {}  # class name: the lines of each method
    moved: set[int] = set()  # numbers of the lines that move into a class, from 1
    for node in tree.body:
        name = _extended(node)
        if not isinstance(node, ast.FunctionDef) or name not in classes:
            continue
        first = _first_line(node, lines)
        span = range(first, _last_line(node) + 1)
        methods.setdefault(name, []).append(
            _indented([lines[number - 1] for number in span], node, first)
        )
        moved.update(span)
    ends = {_last_line(classes[name]): name for name in methods}
    folded = []
    for number, line in enumerate(lines, 1):
        if number not in moved:
            folded.append(line)
        for method in methods.get(ends.get(number, ""), []):
            folded += ["", *method]
    # The blank lines around a moved function stay behind: cut each gap to two lines.
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(folded)).strip("\n")


def _extended(node: ast.stmt) -> str:
    """Return Name if a statement is a function under `@extend(Name)`, otherwise ""."""
    if not isinstance(node, ast.FunctionDef):
        return ""
    for decorator in node.decorator_list:
        if (
            isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Name)
            and decorator.func.id == "extend"
            and len(decorator.args) == 1
            and isinstance(decorator.args[0], ast.Name)
        ):
            return decorator.args[0].id
    return ""


def _first_line(node: ast.FunctionDef, lines: list[str]) -> int:
    """Return the line number, from 1, at which a function begins.

    Decorators belong to the function, and so do comment lines directly above it.
    """
    first = _definition_line(node)
    while first > 1 and lines[first - 2].startswith("#"):
        first -= 1
    return first


def _definition_line(node: ast.FunctionDef | ast.ClassDef) -> int:
    """Return the line number of a definition's first decorator, or of its keyword."""
    return min(item.lineno for item in [node, *node.decorator_list])


def _last_line(node: ast.stmt) -> int:
    assert node.end_lineno is not None  # it is None only in trees made by hand
    return node.end_lineno


def _indented(lines: list[str], node: ast.FunctionDef, first: int) -> list[str]:
    """Return a function's lines indented by four spaces, without its `@extend` line.

    Lines inside a multi-line string are not indented, since that would change the
    string's value. Lines of the docstring are: `help` ignores their indentation.

    Args: lines, the text of the function; node, the function's syntax tree; first, the
        line number of lines[0] in the code that node was parsed from.
    """
    fixed: set[int] = set()  # which lines are not indented, as numbers from 1
    for token in tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline):
        start, end = token.start[0], token.end[0]
        if token.type in STRINGS and end > start:
            fixed.update(range(start + 1, end + 1))
    if ast.get_docstring(node, clean=False):
        docstring = node.body[0]
        begin, end = docstring.lineno - first + 1, _last_line(docstring) - first + 1
        fixed.difference_update(range(begin, end + 1))
    return [
        line if number in fixed or not line else "    " + line
        for number, line in enumerate(lines, 1)
        if not line.startswith("@extend(")
    ]


# The token types of text in quotes. From Python 3.12 on an f-string is several tokens,
# and FSTRING_MIDDLE is its text outside of the braces, which can span lines.
STRINGS = {
    getattr(tokenize, name)
    for name in ("STRING", "FSTRING_MIDDLE")
    if name in vars(tokenize)
}
