"""Sphinx extension that renders a chapter's module file as a page with live cells.

myst-nb calls `reads` for each .py file and executes the notebook that `reads` returns,
which has all solutions. After execution, each code cell is rearranged into the parts
that the page shows: published source, folded solution, output. ARCHITECTURE.md lists
the HTML attributes that scripts and tests rely on, under "The hooks of the page".
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import nbformat
from docutils import nodes

from tinytorch.own.assemble import strip_scaffold
from tools import BUILD
from tools.chapters import parser
from tools.chapters.cells import Cell, Chapter
from tools.forms.course_build import with_solutions
from tools.forms.notebooks import KERNEL
from tools.forms.page import assets
from tools.forms.page.framework import framework
from tools.forms.page.prints import join_prints
from tools.judge.hours import in_words

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

USE_REFERENCE = (
    "from tinytorch.utils.solutions import use\n"
    'use("{id}", globals())  # the published solution of this exercise'
)


class EngineState(TypedDict):
    """Which parts of the engine, Python for the browser, have been built."""

    ok: bool  # whether Python itself has been built
    numpy: bool  # whether numpy has been
    runtime: bool  # whether Thebe and the editor have been, which every engine needs
    why: str  # a sentence for the reader that names the missing parts; "" if none
    bytes: int  # the size of all files of the engine together


def reads(text: str) -> nbformat.NotebookNode:
    """Return the notebook to execute for the text of a module file.

    Raises: ChapterError if the text breaks a rule of modules/README.md.
    """
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": KERNEL})
    parsed = parser.parse(text)
    for cell in parsed.cells:
        if cell.kind == "markdown":
            shown = cell.source
            if cell is parsed.cells[0]:
                shown = _with_time(shown, parsed)
            if not with_solutions():
                shown = parser.without_answers(shown)
            notebook.cells.append(nbformat.v4.new_markdown_cell(shown, id=cell.id))
        else:
            notebook.cells.append(_executed(cell))
    return notebook


def _with_time(text: str, parsed: Chapter) -> str:
    """Return the chapter's first text with the estimated time below the title."""
    title, _, rest = text.partition("\n")
    return f"{title}\n\n*{in_words(parsed)}*\n{rest}"


def _executed(cell: Cell) -> nbformat.NotebookNode:
    """Return the notebook cell to execute; its metadata hold the texts to show."""
    shown = {"id": cell.id, "role": cell.role, "source": cell.published}
    if cell.role == "exercise" and with_solutions():
        shown["solution"] = strip_scaffold(cell.solved)
    metadata: dict[str, Any] = {"tinytorch": shown}
    if cell.role == "main":
        metadata["tags"] = ["remove-cell"]
    return nbformat.v4.new_code_cell(cell.executable, id=cell.id, metadata=metadata)


class live_cell(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """One code cell of a page."""


class cell_part(nodes.General, nodes.Element):  # noqa: N801
    """A part of a live_cell: its source, solution or output."""


class measured(cell_part, nodes.comment):  # noqa: N801
    """The output of a measure cell: shown, but left out of the search index.

    Such output differs from build to build, and the index should not. The node is a
    docutils comment too because Sphinx leaves comments out of the index.
    """


def arrange_cells(app: Sphinx, doctree: nodes.document) -> None:
    """Replace the nodes of each executed code cell by a live_cell with its parts."""
    for container in list(doctree.findall(nodes.container)):
        metadata: dict[str, Any] = container.get("cell_metadata", {})
        shown = metadata.get("tinytorch")
        if container.get("nb_element") != "cell_code" or not shown:
            continue
        cell = live_cell(cell_id=shown["id"], role=shown["role"])
        cell += _code_part("source", shown["source"])
        if "solution" in shown:
            cell += _code_part("solution", shown["solution"])
        output = (measured if shown["role"] == "measure" else cell_part)(part="output")
        for child in container.children:
            if (
                isinstance(child, nodes.Element)
                and child.get("nb_element") == "cell_code_output"
            ):
                output += child
        join_prints(output)
        describe_pictures(output, Path(app.srcdir))
        cell += output
        container.replace_self(cell)


def describe_pictures(output: nodes.Element, source_folder: Path) -> None:
    """Set the alternative text of each SVG in a cell's output to its aria-label."""
    for image in output.findall(nodes.image):
        path = source_folder / image["uri"]
        if path.suffix == ".svg" and path.is_file():
            text = path.read_text(encoding="utf-8")
            label = re.search(r'aria-label="([^"]*)"', text)
            image["alt"] = unescape(label[1]) if label else ""


def _code_part(part: str, source: str) -> cell_part:
    """Return a cell_part with highlighted code; `part` is "source" or "solution"."""
    block = nodes.literal_block(source, source, language="python")
    return cell_part("", block, part=part)


def visit_live_cell(self: HTML5Translator, node: live_cell) -> None:
    """Write a cell's opening tag, with the attributes by which scripts find it."""
    cell_id = escape(node["cell_id"], quote=True)
    self.body.append(
        f'<div class="cell" id="cell-{cell_id}" data-cell-id="{cell_id}" '
        f'data-cell-role="{node["role"]}" data-state="idle">\n'
    )


def visit_cell_part(self: HTML5Translator, node: cell_part) -> None:
    """Write a part's opening tag: `<details>` for a solution, else `<div>`."""
    if node["part"] == "solution":
        self.body.append('<details data-part="solution"><summary>Solution</summary>\n')
    else:
        self.body.append(f'<div data-part="{node["part"]}">\n')


def depart_cell_part(self: HTML5Translator, node: cell_part) -> None:
    """Write a part's closing tag."""
    closing = "details" if node["part"] == "solution" else "div"
    self.body.append(f"</{closing}>\n")


def depart_live_cell(self: HTML5Translator, node: live_cell) -> None:
    """Write a cell's closing tag."""
    self.body.append("</div>\n")


def chapter_data(book_chapter: Chapter) -> dict[str, Any]:
    """Return a chapter's data for the page's scripts, such as the texts of its cells.

    An exercise has an entry "untouched", the code that runs as long as the reader has
    not edited the cell: the solution, or in a course build a call that runs the
    solution from the package of bytecode.
    """
    cells = []
    for cell in book_chapter.code:
        if cell.role == "main":
            continue
        data: dict[str, Any] = {
            "id": cell.id,
            "role": cell.role,
            "source": cell.published,
            "export": cell.exported,
        }
        if cell.role == "exercise":
            reference = USE_REFERENCE.format(id=cell.id)
            data["untouched"] = cell.solved if with_solutions() else reference
            data["hints"] = cell.hints
        cells.append(data)
    return {
        "chapter": book_chapter.slug,
        "title": book_chapter.title,
        "solutions": with_solutions(),
        "cells": cells,
    }


def live_config(pathto: Callable[..., str]) -> dict[str, Any]:
    """Return the settings for the page's scripts, such as the address of the engine.

    Args: pathto, Sphinx's function that returns an address relative to the page.
    """
    return {
        "engine": pathto("_static/engine/", 1),
        "browser": engine_state(),
        "repository": os.environ.get("GITHUB_REPOSITORY") or None,
        "ref": os.environ.get("GITHUB_REF_NAME") or "main",
        "solutions": with_solutions(),
    }


def engine_state(folder: Path = BUILD / "engine") -> EngineState:
    """Return which parts of the engine are in `folder`, according to engine.json."""
    try:
        manifest = json.loads((folder / "engine.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        why = "This site was built without the browser engine (`make engine`)."
        return {"ok": False, "numpy": False, "runtime": False, "why": why, "bytes": 0}
    missing = "; ".join(
        f"{item['file']}: {item['why']}" for item in manifest["missing"]
    )
    why = f"The site was built without {missing}" if missing else ""
    return {
        "ok": manifest["browser"],
        "numpy": manifest["numpy"],
        "runtime": {"thebe.js", "editor.js"} <= manifest["files"].keys(),
        "why": why,
        "bytes": sum(file["bytes"] for file in manifest["files"].values()),
    }


def add_live(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add to a page with live cells their data, and the scripts that run them."""
    if doctree is None or next(doctree.findall(live_cell), None) is None:
        return
    book_chapter = parser.read(Path(app.srcdir, f"{pagename}.py"))
    data = chapter_data(book_chapter)
    data["framework"] = framework(book_chapter, context["pathto"], app.env.found_docs)
    blocks = {
        "chapter-data": data,
        "live-config": live_config(context["pathto"]),
    }
    for name, block in blocks.items():
        # Escaped, because "</script>" in a cell's text would end the element.
        text = json.dumps(block, ensure_ascii=False).replace("</", "<\\/")
        context["body"] += (
            f'<script type="application/json" id="{name}">{text}</script>\n'
        )
    assets.add(app, __name__)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the extension's nodes and event handlers with Sphinx."""
    app.add_node(live_cell, html=(visit_live_cell, depart_live_cell))
    app.add_node(cell_part, html=(visit_cell_part, depart_cell_part))
    app.add_node(measured, html=(visit_cell_part, depart_cell_part))
    app.connect("doctree-read", arrange_cells)
    app.connect("html-page-context", add_live)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
