"""A small site in the page's HTML contract, for what the real chapters do not hold."""

import json
import shutil
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from tools import BUILD, ROOT
from tools.chapters.texthash import text_hash

STATIC = ROOT / "book" / "_static"
PATH = "/modules/99_fixture/fixture.html"

CELLS = [
    ("99-setup", "setup", "import sys\nbase = 40", None, ""),
    (
        "99-add",
        "exercise",
        "def add(a, b):\n    raise NotImplementedError("
        '"99-add: replace this line with your code")',
        "def add(a, b):\n    return a + b",
        "",
    ),
    ("99-add-check", "check", "assert add(1, 2) == 3\nprint('add is right')", None, ""),
    ("99-demo", "demo", "print(add(base, 2))", None, "42"),
    (
        "99-markdown",
        "demo",
        "class Note:\n    def _repr_markdown_(self):\n"
        "        return '**bold** and $x^2$'\n\n\nNote()",
        None,
        "",
    ),
    ("99-wide", "measure", "print('wide ' * 100)", None, "wide " * 100),
]

HINTS = ["Python adds with +.", "Take a and b.", "Return their sum."]

PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="light"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fixture</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="../../_static/css/live.css">
<link rel="stylesheet" href="../../_static/css/work.css">
</head><body><article class="bd-article"><h1>Fixture</h1>
{cells}
<details class="tt-work" id="your-work" data-chapter="99_fixture">
<summary>Your work</summary></details>
<script type="application/json" id="chapter-data">{chapter}</script>
<script type="application/json" id="live-config">{config}</script>
</article><script type="module" src="../../_static/live/main.js"></script>
<script type="module" src="../../_static/live/book.js"></script>
</body></html>"""


def write(folder, *, repository=None, solutions=True, engine=True, browser=True):
    """Write the site into a folder; return the folder.

    Args: engine, whether the built engine's files come with it; browser, whether
    the page is told that Python can run in the browser.
    """
    static = folder / "_static"
    shutil.copytree(STATIC / "live", static / "live")
    shutil.copytree(STATIC / "css", static / "css")
    _write_book(folder)
    if engine:
        shutil.copytree(BUILD / "engine", static / "engine")
    config = {
        "engine": "../../_static/engine/",
        "repository": repository,
        "ref": "main",
        "solutions": solutions,
        "browser": {"ok": browser, "numpy": browser, "runtime": engine, "why": ""},
    }
    page = folder / "modules" / "99_fixture" / "fixture.html"
    page.parent.mkdir(parents=True)
    page.write_text(
        PAGE.format(
            cells="\n".join(_cell(*cell, solutions) for cell in CELLS),
            chapter=_json(_chapter(solutions)),
            config=_json(config),
        ),
        encoding="utf-8",
    )
    return folder


def _write_book(folder):
    """Write what the page loads of the book: chapters, package, notebook."""
    exercises = [cell for cell in CELLS if cell[1] == "exercise"]
    chapter = {
        "chapter": "99_fixture",
        "number": "99",
        "title": "Fixture",
        "module": "core.fixture",
        "page": PATH.removeprefix("/"),
        "notebook": "notebooks/99_fixture.ipynb",
        "exercises": [[cell[0], text_hash(cell[2])] for cell in exercises],
    }
    package = {"tinytorch/__init__.py": '__version__ = "0.1.0"\n'}
    files = {
        "_static/chapters.json": {"chapters": [chapter]},
        "_static/package.json": {"whole": True, "files": package},
        chapter["notebook"]: notebook(),
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content), encoding="utf-8")


def notebook():
    """Return the chapter's student notebook, as plain data."""
    cells = []
    for cell_id, role, source, *_ in CELLS:
        metadata = {"tinytorch": {"role": role, "hash": text_hash(source)}}
        if role in ("exercise", "check"):
            locked = role == "check"
            metadata["nbgrader"] = {"grade_id": cell_id, "locked": locked}
        cells.append(
            {
                "cell_type": "code",
                "execution_count": None,
                "id": cell_id,
                "metadata": metadata,
                "outputs": [],
                "source": source.splitlines(keepends=True),
            }
        )
    metadata = {"tinytorch": {"chapter": "99_fixture"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _chapter(solutions):
    listed = []
    for cell_id, role, source, untouched, _ in CELLS:
        data = {"id": cell_id, "role": role, "source": source}
        if untouched:
            data["untouched"] = untouched
            data["hints"] = HINTS
        listed.append(data)
    return {
        "chapter": "99_fixture",
        "title": "Fixture",
        "solutions": solutions,
        "cells": listed,
    }


def _cell(cell_id, role, source, untouched, output, solutions):
    shown = highlight(source, PythonLexer(), HtmlFormatter())
    solution = ""
    if untouched and solutions:
        solution = (
            '<details data-part="solution"><summary>Solution</summary>'
            f"<pre>{escape(untouched)}</pre></details>"
        )
    static = f"<pre>{escape(output)}</pre>" if output else ""
    return (
        f'<div class="cell" id="cell-{cell_id}" data-cell-id="{cell_id}" '
        f'data-cell-role="{role}" data-state="idle">'
        f'<div data-part="source">{shown}</div>{solution}'
        f'<div data-part="output">{static}</div></div>'
    )


def _json(data):
    return json.dumps(data).replace("</", "<\\/")
