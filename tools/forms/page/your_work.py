"""Sphinx extension: the panel "Your work", and the map of the reader's progress.

The directive {progress} lists the chapters, each with its number of exercises; the
page's scripts mark there which exercises the reader has passed. The scripts load two
JSON files, each only when it is needed: _static/chapters.json, the chapters with the id
and hash of each exercise; and _static/package.json, the texts of the package's files,
for the zip file that a reader may download.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from tools import ROOT
from tools.chapters import parser
from tools.chapters.cells import Chapter
from tools.forms.course_build import with_solutions
from tools.forms.page import assets

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

PANEL = """\
<details class="tt-work" id="your-work" data-chapter="{slug}">
<summary>Your work</summary>
<p>Taking your work with you, and bringing it back in, needs JavaScript, which this
browser does not run on this page.</p>
</details>
"""


def published(env: BuildEnvironment) -> list[tuple[str, Chapter]]:
    """Return (Sphinx's document name, Chapter) for each chapter that has a page."""
    root = Path(env.srcdir)
    found = [
        (path.relative_to(root).with_suffix("").as_posix(), parser.read(path))
        for path in parser.paths(root)
    ]
    return [(name, parsed) for name, parsed in found if name in env.found_docs]


def chapter_list(env: BuildEnvironment) -> list[dict[str, Any]]:
    """Return the content of _static/chapters.json: an entry for each chapter."""
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


def package_files(solutions: bool, root: Path = ROOT) -> dict[str, str]:
    """Return {path: text} of the package's files, the paths relative to `root`.

    Args: solutions, whether to include the modules made from chapters. They contain the
        solutions, which a course's site does not publish.
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
    """Placeholder for the list of chapters, which is written with the page's HTML."""


class ProgressDirective(SphinxDirective):
    """The directive {progress}: the list of chapters, and the panel "Your work"."""

    def run(self) -> list[nodes.Node]:
        """Return the placeholder: not all pages of the book are known yet."""
        for path in parser.paths():
            self.env.note_dependency(str(path))
        return [progress_map()]


def visit_progress_map(self: HTML5Translator, node: progress_map) -> None:
    """Write the HTML of the list of chapters, and of the panel below the list."""
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
    # The div is needed because parts.css styles a <details> directly in a section as a
    # folded answer.
    self.body.append("<div>\n" + PANEL.format(slug="") + "</div>\n")
    raise nodes.SkipNode


def add_panel(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add "Your work" below a chapter's text, and book.js to every page with a text."""
    source = Path(app.srcdir, f"{pagename}.py")
    if doctree is not None and source in parser.paths(app.srcdir):
        slug = escape(source.parent.name, quote=True)
        context["body"] += PANEL.format(slug=slug)
    if doctree is not None:
        assets.add(app, __name__)


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write chapters.json and package.json if the build has succeeded."""
    if exception or app.builder.format != "html":
        return
    solutions = with_solutions()
    data = {
        "chapters": {"chapters": chapter_list(app.env)},
        "package": {"whole": solutions, "files": package_files(solutions)},
    }
    for name, content in data.items():
        path = Path(app.outdir, "_static", f"{name}.json")
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        path.write_text(text + "\n", encoding="utf-8", newline="\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, its node and the event handlers with Sphinx."""
    app.add_node(progress_map, html=(visit_progress_map, None))
    app.add_directive("progress", ProgressDirective)
    app.connect("html-page-context", add_panel)
    app.connect("build-finished", write_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
