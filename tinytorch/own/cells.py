"""Makes an own module of a chapter's cells, some the reader's, some the book's."""

import ast
import builtins
import re

from tinytorch.own.assemble import assemble
from tinytorch.own.names import names_of

MARK = re.compile(r"^Made from the chapter as published with mark (\w*)\.$", re.M)
YOURS = re.compile(r"^Your cells: (.*)\.$", re.M)


def put_together(title, mark, cells, yours, tools=()):
    """Return (source, left out) of a reader's module.

    Args: title, such as "chapter 01, Tensor"; mark, the fingerprint of the published
    chapter; cells, (id, text) of each exported cell, in order, as published; yours,
    {id: text} of the reader's; tools, texts of cells whose imports the chapter's code
    may use though they are not exported.
    Returns: the module's text, and {id: names} of the reader's cells that use names
    which stay outside of the module. The published text stands in for those.
    Raises: SyntaxError for a cell that is not Python.
    """
    known = {cell_id for cell_id, _ in cells}
    yours = {cell_id: text for cell_id, text in yours.items() if cell_id in known}
    assemble(yours.items(), "")  # names the cell that is not Python
    imports, left_out = [], {}
    offered = _imports(tools)
    for cell_id, text in yours.items():
        others = [yours.get(other, given) for other, given in cells if other != cell_id]
        missing = names_missing(text, others)
        if missing <= offered.keys():
            imports += [offered[name] for name in sorted(missing)]
        else:
            left_out[cell_id] = sorted(missing - offered.keys())
    mine = {key: text for key, text in yours.items() if key not in left_out}
    chosen = [(cell_id, mine.get(cell_id, text)) for cell_id, text in cells]
    if imports:
        chosen.insert(0, ("tools", "\n".join(dict.fromkeys(imports))))
    docstring = (
        f"Your own {title}.\n\n"
        f"Made from the chapter as published with mark {mark}.\n"
        f"Your cells: {', '.join(sorted(mine)) or 'none'}.\n"
    )
    return assemble(chosen, docstring), left_out


def described(source):
    """Return (mark, ids) of a module's text: what it was made from, whose cells.

    Of a text that says neither: an empty mark, no ids.
    """
    mark, yours = MARK.search(source), YOURS.search(source)
    ids = yours[1].split(", ") if yours else []
    return (mark[1] if mark else ""), [name for name in ids if name != "none"]


def fingerprint(text):
    """Return 16 hexadecimal digits that tell a published module from its others."""
    import hashlib

    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def names_missing(text, others):
    """Return the names that a cell uses and that neither it, the others nor Python has.

    Args: text, of the cell; others, the texts of the cells around it.
    Raises: SyntaxError for a text that is not Python.
    """
    cells = [names_of(source) for source in (text, *others)]
    defined = frozenset().union(*(cell.defined for cell in cells))
    return cells[0].used - defined - vars(builtins).keys() - MODULE_NAMES


# Of every module; `extend` is chapter 01's, and is gone once methods are in classes.
MODULE_NAMES = {"__name__", "__file__", "__doc__", "extend"}


def _imports(texts):
    """Return {name: the line that imports it} of the import statements in texts."""
    found = {}
    for text in texts:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue  # not a line of it can be used
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    name = (alias.asname or alias.name).partition(".")[0]
                    alone = type(node)(**{**vars(node), "names": [alias]})
                    found[name] = ast.unparse(alone)
    return found
