"""Makes a reader's own module of a chapter: their cells, the book's for the rest."""

import ast
import builtins
import re
from collections.abc import Iterable, Mapping, Sequence

from tinytorch.own.assemble import assemble
from tinytorch.own.names import names_of

CHECK_SUFFIX = "-check"
MARK = re.compile(r"^Made from the chapter as published with mark (\w*)\.$", re.M)
YOURS = re.compile(r"^Your cells: (.*)\.$", re.M)


def check_id(exercise_id: str) -> str:
    """Return the id of an exercise's check: `01-add` has `01-add-check`."""
    return exercise_id + CHECK_SUFFIX


def exercise_id(check_id: str) -> str:
    """Return the id of the exercise that a check tests; other ids come back as is."""
    return check_id.removesuffix(CHECK_SUFFIX)


def put_together(
    title: str,
    mark: str,
    cells: Sequence[tuple[str, str]],
    yours: Mapping[str, str],
    tools: Iterable[str] = (),
) -> tuple[str, dict[str, list[str]]]:
    """Return (source, left out) of a reader's module.

    Args: title, such as "chapter 01, Tensor"; mark, the fingerprint of the published
    chapter; cells, (id, text) of each exported cell as published, in order; yours,
    {id: text} of the reader's cells; tools, the texts of cells that are not exported
    and whose imports the reader's code may use.
    Returns: the module's text; and {id: names} for the reader's cells that use names
    from cells outside of the module. The module has the published text in their place.
    Raises: SyntaxError for a cell that is not Python.
    """
    known = {cell_id for cell_id, _ in cells}
    yours = {cell_id: text for cell_id, text in yours.items() if cell_id in known}
    assemble(yours.items(), "")  # its SyntaxError names the cell; those below would not
    imports: list[str] = []
    left_out: dict[str, list[str]] = {}
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


def described(source: str) -> tuple[str, list[str]]:
    """Return (mark, ids) from the docstring of a module that `put_together` made.

    The mark tells which published chapter it was made from, the ids are those of the
    reader's cells. Another module gives an empty mark and no ids.
    """
    mark, yours = MARK.search(source), YOURS.search(source)
    ids = yours[1].split(", ") if yours else []
    return (mark[1] if mark else ""), [name for name in ids if name != "none"]


def fingerprint(text: str) -> str:
    """Return a checksum of a published module: 16 hexadecimal digits of SHA-256."""
    import hashlib  # the page's kernel loads this module and needs no fingerprint

    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def names_missing(text: str, others: Iterable[str]) -> frozenset[str]:
    """Return the names that a cell uses and that neither it, the others nor Python has.

    Args: text, of the cell; others, the texts of the cells around it.
    Raises: SyntaxError for a text that is not Python.
    """
    cells = [names_of(source) for source in (text, *others)]
    defined = frozenset().union(*(cell.defined for cell in cells))
    return cells[0].used - defined - vars(builtins).keys() - MODULE_NAMES


# Every module has the first three; `extend` is gone once methods stand in their class.
MODULE_NAMES = {"__name__", "__file__", "__doc__", "extend"}


def _imports(texts: Iterable[str]) -> dict[str, str]:
    """Return {name: the statement that imports it} for the imports in these texts."""
    found = {}
    for text in texts:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue  # a line of IPython's, say; this text offers no import
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    name = (alias.asname or alias.name).partition(".")[0]
                    alone = type(node)(**{**vars(node), "names": [alias]})
                    found[name] = ast.unparse(alone)
    return found
