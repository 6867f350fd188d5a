"""Renders a chapter's module file as a page whose cells can go live.

`reads` is the reader that myst-nb calls for .py files: it hands over what is to be
executed. After execution each code cell is rearranged into the parts that a page
shows: published source, folded solution, output. DESIGN section 8 names the hooks.
"""

import json
import os
import re
from html import escape, unescape
from pathlib import Path

import nbformat
from docutils import nodes

from tinytorch.own.assemble import strip_scaffold
from tools import ROOT
from tools.chapters import parser
from tools.forms.page.framework import framework
from tools.judge.hours import in_words

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
USE_REFERENCE = (
    "from tinytorch.utils.solutions import use\n"
    'use("{id}", globals())  # the published solution of this exercise'
)


def with_solutions():
    """Whether this is the public build; SOLUTIONS=no makes a course build."""
    return os.environ.get("SOLUTIONS", "yes") != "no"


def reads(text):
    """Return the notebook to execute for the text of a module file."""
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


def _with_time(text, parsed):
    """Put the estimated time below a chapter's title."""
    title, _, rest = text.partition("\n")
    return f"{title}\n\n*{in_words(parsed)}*\n{rest}"


def _executed(cell):
    """Return the code cell to run, with what the page shows of it in its metadata."""
    shown = {"id": cell.id, "role": cell.role, "source": cell.published}
    if cell.role == "exercise" and with_solutions():
        shown["solution"] = strip_scaffold(cell.solved)
    metadata = {"tinytorch": shown}
    if cell.role == "main":
        metadata["tags"] = ["remove-cell"]
    return nbformat.v4.new_code_cell(cell.executable, id=cell.id, metadata=metadata)


class live_cell(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """One code cell of a page."""


class cell_part(nodes.General, nodes.Element):  # noqa: N801
    """A part of a cell: source, solution or output."""


class measured(cell_part, nodes.comment):  # noqa: N801
    """The output of a measure cell: shown, but left out of the search index.

    It differs from run to run; Sphinx's index passes over comments.
    """


def arrange_cells(app, doctree):
    """Rearrange each executed cell into its published parts."""
    for container in list(doctree.findall(nodes.container)):
        shown = container.get("cell_metadata", {}).get("tinytorch")
        if container.get("nb_element") != "cell_code" or not shown:
            continue
        cell = live_cell(cell_id=shown["id"], role=shown["role"])
        cell += _code_part("source", shown["source"])
        if "solution" in shown:
            cell += _code_part("solution", shown["solution"])
        output = (measured if shown["role"] == "measure" else cell_part)(part="output")
        for child in container.children:
            if child.get("nb_element") == "cell_code_output":
                output += child
        describe_pictures(output, Path(app.srcdir))
        cell += output
        container.replace_self(cell)


def describe_pictures(output, source_folder):
    """Give each SVG in an output the words of its own label as alternative text."""
    for image in output.findall(nodes.image):
        path = source_folder / image["uri"]
        if path.suffix == ".svg" and path.is_file():
            text = path.read_text(encoding="utf-8")
            label = re.search(r'aria-label="([^"]*)"', text)
            image["alt"] = unescape(label[1]) if label else ""


def _code_part(part, source):
    block = nodes.literal_block(source, source, language="python")
    return cell_part("", block, part=part)


def visit_live_cell(self, node):
    """Open a cell with the hooks that the live runtime and the tests hold on to."""
    cell_id = escape(node["cell_id"], quote=True)
    self.body.append(
        f'<div class="cell" id="cell-{cell_id}" data-cell-id="{cell_id}" '
        f'data-cell-role="{node["role"]}" data-state="idle">\n'
    )


def visit_cell_part(self, node):
    """Open a part; a solution is folded."""
    if node["part"] == "solution":
        self.body.append('<details data-part="solution"><summary>Solution</summary>\n')
    else:
        self.body.append(f'<div data-part="{node["part"]}">\n')


def depart_cell_part(self, node):
    """Close a part."""
    closing = "details" if node["part"] == "solution" else "div"
    self.body.append(f"</{closing}>\n")


def depart_live_cell(self, node):
    """Close a cell."""
    self.body.append("</div>\n")


def chapter_data(book_chapter):
    """Return what the live runtime needs to know of a chapter, as plain data."""
    cells = []
    for cell in book_chapter.code:
        if cell.role == "main":
            continue
        data = {"id": cell.id, "role": cell.role, "source": cell.published}
        data["export"] = cell.exported
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


def live_config(app, pathto):
    """Return the page's settings: where the engine lies, and what it can do."""
    return {
        "engine": pathto("_static/engine/", 1),
        "browser": engine_state(),
        "repository": os.environ.get("GITHUB_REPOSITORY") or None,
        "ref": os.environ.get("GITHUB_REF_NAME") or "main",
        "solutions": with_solutions(),
    }


def engine_state(folder=ROOT / "_build" / "engine"):
    """Return {"ok", "numpy", "runtime", "why", "bytes"}: what of the engine is built.

    ok: Python for the browser; numpy: its numpy; runtime: Thebe and the editor, which
    every engine needs; bytes: how much it all is, 0 where there is none.
    """
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


def add_live(app, pagename, templatename, context, doctree):
    """Give a page with cells its data and the script that can bring them to life."""
    if doctree is None or next(doctree.findall(live_cell), None) is None:
        return
    book_chapter = parser.read(Path(app.srcdir, f"{pagename}.py"))
    data = chapter_data(book_chapter)
    data["framework"] = framework(book_chapter, context["pathto"], app.env.found_docs)
    blocks = {
        "chapter-data": data,
        "live-config": live_config(app, context["pathto"]),
    }
    for name, data in blocks.items():
        text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
        context["body"] += (
            f'<script type="application/json" id="{name}">{text}</script>\n'
        )
    app.add_css_file("css/live.css")
    app.add_css_file("css/live-framework.css")
    app.add_js_file("live/main.js", type="module")


def setup(app):
    """Register the nodes and the handlers."""
    app.add_node(live_cell, html=(visit_live_cell, depart_live_cell))
    app.add_node(cell_part, html=(visit_cell_part, depart_cell_part))
    app.add_node(measured, html=(visit_cell_part, depart_cell_part))
    app.connect("doctree-read", arrange_cells)
    app.connect("html-page-context", add_live)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
