"""Imports run one way: ARCHITECTURE.md's tables say which folder may import which."""

import ast
import graphlib
import re
from pathlib import Path

import pytest

from tools import ROOT

TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
LIVE = ROOT / "book" / "_static" / "live"
COMMENT = re.compile(r"/\*.*?\*/", re.S)
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}/[^"']+)["']""")
ENTRY = "entry points"


def table(head):
    """Return {folder: the rest of its row, as text} of the table with this head."""
    rows = TEXT.partition(f"| {head} |")[2].partition("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {name.strip("`"): rest[-1] for name, *rest in cells}


def python_imports():
    """Return {file: files it imports, in functions too} of the repository's Python."""
    files = [
        path.relative_to(ROOT)
        for top in ("modules", "tinytorch", "tools")
        for path in sorted((ROOT / top).rglob("*.py"))
        if "kernel" not in path.parts  # runs in the browser, imports nothing of ours
    ]
    modules = {".".join(path.with_suffix("").parts): path for path in files}
    modules |= {name.removesuffix(".__init__"): path for name, path in modules.items()}
    found = {}
    for path in files:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        found[path] = {
            modules[name] for name in _names(tree, modules) if name in modules
        } - {path}
    return found


def _names(tree, modules):
    """Yield each module that is imported: of `from a import b`, a.b where it is one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules else node.module


def script_imports():
    """Return {file: files it imports} of the page's scripts.

    An @import in a comment names a type and loads nothing.
    """
    found = {}
    for path in sorted(LIVE.rglob("*.js")):
        code = COMMENT.sub("", path.read_text(encoding="utf-8"))
        for name in IMPORT.findall(code):
            target = (path.parent / name).resolve().relative_to(LIVE)
            found.setdefault(path.relative_to(LIVE), set()).add(target)
    return found


def python_folder(path):
    """Return the row a Python file belongs to: the longest folder that has one."""
    rows = [*table("Python")]
    return max((row for row in rows if f"{path.as_posix()}".startswith(row)), key=len)


def script_folder(path):
    return f"{path.parts[0]}/" if len(path.parts) > 1 else ENTRY


@pytest.mark.parametrize(
    ("imports", "folder", "head"),
    [
        (python_imports, python_folder, "Python"),
        (script_imports, script_folder, "`book/_static/live/`"),
    ],
    ids=["Python", "scripts"],
)
def test_imports_lead_only_where_the_table_says(imports, folder, head):
    rows, wrong = table(head), []
    assert len(rows) > 10
    for path, targets in imports().items():
        here = folder(path)
        for target in targets:
            there, allowed = folder(target), rows[here]
            lies_in = f"{Path(here).parent.as_posix()}/"
            shared = target.as_posix() == "tools/__init__.py"
            inside = there in (here, lies_in) or shared
            every = re.search(r"every folder(?: of `(.*?)`)?", allowed)
            if inside or f"`{there}`" in allowed:
                continue
            if every and there.startswith(every[1] or ""):
                continue
            wrong.append(f"{path} imports {target}")
    assert wrong == [], "not allowed by the tables of ARCHITECTURE.md"


@pytest.mark.parametrize("imports", [python_imports, script_imports])
def test_no_import_runs_in_a_circle(imports):
    graphlib.TopologicalSorter(imports()).prepare()  # CycleError names the files


@pytest.mark.parametrize("head", ["Python", "`book/_static/live/`"])
def test_every_folder_of_the_table_is_there(head):
    base = ROOT if head == "Python" else LIVE
    folders = [name for name in table(head) if name != ENTRY]
    assert [name for name in folders if not (base / name).is_dir()] == []


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"])
def test_every_file_that_the_text_names_is_there(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    names = set(
        re.findall(r"`((?:tools|tinytorch|book|tests|modules)/[\w./-]+)`", text)
    )
    named = {name for name in names if not re.search(r"NN_|NAME|YEAR", name)}
    missing = [name for name in named if not (ROOT / name).exists()]
    assert names
    assert missing == []


def test_every_script_of_the_page_that_the_text_names_is_there():
    folders = "|".join({p.parts[0] for p in script_imports() if len(p.parts) > 1})
    names = set(re.findall(rf"`((?:{folders})/[\w.-]+\.js)`", TEXT))
    assert len(names) > 8
    assert [name for name in names if not Path(LIVE, name).exists()] == []
