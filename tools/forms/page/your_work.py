"""What the page's progress and its panel "Your work" need of the build.

The directive {progress} lists the chapters with the number of their exercises. Two
files lie beside the page's scripts, each loaded only when it is needed:
_static/chapters.json, the chapters with the id and hash of each exercise, and
_static/package.json, the text of the package's files, for the reader's own zip of it.
"""

import json
import os
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from tools import ROOT
from tools.chapters import parser

PANEL = """\
<details class="tt-work" id="your-work" data-chapter="{slug}">
<summary>Your work</summary>
<p>Taking your work with you, and bringing it back in, needs JavaScript, which this
browser does not run on this page.</p>
</details>
"""


def published(env):
    """Return (docname, chapter) of the chapters that are pages of this book."""
    root = Path(env.srcdir)
    found = [
        (path.relative_to(root).with_suffix("").as_posix(), parser.read(path))
        for path in parser.paths(root)
    ]
    return [(name, parsed) for name, parsed in found if name in env.found_docs]


def chapter_list(env):
    """Return the chapters as plain data, for _static/chapters.json."""
    return [
        {
            "chapter": parsed.slug,
            "number": parsed.number,
            "title": parsed.title,
            "module": parsed.module,
            "page": f"{name}.html",
            "notebook": f"notebooks/{parsed.slug}.ipynb",
            "exercises": [[c.id, c.hash] for c in parsed.exercises],
        }
        for name, parsed in published(env)
    ]


def package_files(solutions, root=ROOT):
    """Return {path: text} of the package; without solutions, less what chapters give.

    A course's site publishes no solution, and the chapters' modules hold them.
    """
    exported = {
        "tinytorch/" + parser.read(path).module.replace(".", "/") + ".py"
        for path in parser.paths(root)
    }
    files = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(Path(root, "tinytorch").rglob("*.py"))
    }
    return {
        name: text for name, text in files.items() if solutions or name not in exported
    }


class progress_map(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """The chapters and how many exercises each has."""


class Progress(SphinxDirective):
    """Insert the chapters with the number of their exercises, and "Your work"."""

    def run(self):
        """Return the list; it is written when all pages are known."""
        for path in parser.paths():
            self.env.note_dependency(str(path))
        return [progress_map()]


def visit_progress_map(self, node):
    """Write the list, which reads whole without scripts, and the panel below it."""
    env = self.builder.env
    here = self.builder.current_docname
    rows = []
    for name, parsed in published(env):
        total = len(parsed.exercises)
        link = self.builder.get_relative_uri(here, name)
        noun = "exercise" if total == 1 else "exercises"
        rows.append(
            f'<li data-chapter="{escape(parsed.slug)}">'
            f'<a href="{escape(link)}">{escape(parsed.number)} '
            f'{escape(parsed.title)}</a> <span class="tt-passed">'
            f"{total} {noun}</span></li>\n"
        )
    self.body.append(f'<ul class="tt-map">\n{"".join(rows)}</ul>\n')
    # Within a div: the theme's style for a section's folded answers is not for it.
    self.body.append("<div>\n" + PANEL.format(slug="") + "</div>\n")
    raise nodes.SkipNode


def add_panel(app, pagename, templatename, context, doctree):
    """Give each chapter its panel, below the text, and every page the script."""
    source = Path(app.srcdir, f"{pagename}.py")
    if doctree is not None and source in parser.paths(app.srcdir):
        slug = escape(source.parent.name, quote=True)
        context["body"] += PANEL.format(slug=slug)
    if doctree is not None:
        app.add_css_file("css/work.css")
        app.add_js_file("live/book.js", type="module")


def write_files(app, exception):
    """Write what the page's scripts load when they are asked to."""
    if exception or app.builder.format != "html":
        return
    solutions = os.environ.get("SOLUTIONS", "yes") != "no"
    data = {
        "chapters": {"chapters": chapter_list(app.env)},
        "package": {"whole": solutions, "files": package_files(solutions)},
    }
    for name, content in data.items():
        path = Path(app.outdir, "_static", f"{name}.json")
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        path.write_text(text + "\n", encoding="utf-8", newline="\n")


def setup(app):
    """Register the directive and the handlers."""
    app.add_node(progress_map, html=(visit_progress_map, None))
    app.add_directive("progress", Progress)
    app.connect("html-page-context", add_panel)
    app.connect("build-finished", write_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
