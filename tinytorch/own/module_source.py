"""Makes the reader's own module of a chapter from the reader's and the book's cells."""

import ast
import builtins
import re
from collections.abc import Iterable, Mapping, Sequence

from tinytorch.own.assemble import assemble
from tinytorch.own.names import names_of

CHECK_SUFFIX = "-check"
# Both lines stand in the docstring of each module that `put_together` makes.
MARK = re.compile(r"^Made from the chapter as published with mark (\w*)\.$", re.M)
YOURS = re.compile(r"^Your cells: (.*)\.$", re.M)


def check_id(exercise_id: str) -> str:
    """Return the id of the check of an exercise: `01-add-check` for `01-add`."""
    return exercise_id + CHECK_SUFFIX


def exercise_id(check_id: str) -> str:
    """Return the id of the exercise that a check tests; other ids are unchanged."""
    return check_id.removesuffix(CHECK_SUFFIX)


def put_together(
    title: str,
    mark: str,
    cells: Sequence[tuple[str, str]],
    yours: Mapping[str, str],
    tools: Iterable[str] = (),
) -> tuple[str, dict[str, list[str]]]:
    """Return the text of the reader's module of a chapter, and the cells left out.

    Args: title, such as "chapter 01, Tensor"; mark, the `fingerprint` of the book's
        module; cells, (id, text) of each exported cell, in order; yours, {id: text} of
        the reader's cells, which replace those of the same id; tools, texts of cells
        that are not exported, whose imports the reader's code may use.
    Returns: the module's text; and {id: missing names} of the reader's cells that use
        names which no cell of the module defines and no import in `tools` offers. In
        their place the module has the text in `cells`.
    Raises: SyntaxError for a cell that is not Python.
    """
    known = {cell_id for cell_id, _ in cells}
    yours = {cell_id: text for cell_id, text in yours.items() if cell_id in known}
    assemble(yours.items(), "")  # for its SyntaxError, which names the cell
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
    """Return the mark and the reader's cell ids that an own module's docstring states.

    Args: source, the text of a module that `put_together` made.
    Returns: the mark, which is the `fingerprint` of the book's module at that time, and
        the ids of the reader's cells; "" and no ids for any other text.
    """
    mark, yours = MARK.search(source), YOURS.search(source)
    ids = yours[1].split(", ") if yours else []
    return (mark[1] if mark else ""), [name for name in ids if name != "none"]


def fingerprint(text: str) -> str:
    """Return a checksum of a module's text: the first 16 hex digits of its SHA-256."""
    import hashlib  # here, for the page's kernel imports this file but never hashes

    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def names_missing(text: str, others: Iterable[str]) -> frozenset[str]:
    """Return the names that a cell uses and that are defined nowhere in its module.

    Args: text, the cell; others, the texts of all other cells of the module.
    Returns: names that neither these texts nor Python's built-ins define.
    Raises: SyntaxError if the cell or one of the others is not Python.
    """
    cells = [names_of(source) for source in (text, *others)]
    defined = frozenset().union(*(cell.defined for cell in cells))
    return cells[0].used - defined - vars(builtins).keys() - MODULE_NAMES


# Python defines the first three in every module. `extend` needs no definition:
# `assemble` moves each function under `@extend` into its class.
MODULE_NAMES = {"__name__", "__file__", "__doc__", "extend"}


def _imports(texts: Iterable[str]) -> dict[str, str]:
    """Return {name: statement} for each name that an import in the texts defines.

    Each statement imports that name alone. A text that is not Python is left out.
    """
    found = {}
    for text in texts:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue  # for instance a cell with a magic command of IPython
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    name = (alias.asname or alias.name).partition(".")[0]
                    alone = type(node)(**{**vars(node), "names": [alias]})
                    found[name] = ast.unparse(alone)
    return found
