"""Sphinx extension with the directive {scaffolding}: a report on each chapter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from tools.chapters import parser
from tools.judge import report
from tools.judge.analyses import analyses
from tools.judge.score import Analysis

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


class Scaffolding(SphinxDirective):
    """The directive {scaffolding}: a section for each chapter with its analysis."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each chapter, in order."""
        for path in parser.paths():
            self.env.note_dependency(str(path))
        return [self.section(analysis) for analysis in analyses()]

    def section(self, analysis: Analysis) -> nodes.section:
        """Return the section for one chapter, with chart, summary and table."""
        title = nodes.title(text=f"{analysis.slug[:2]} {analysis.title}")
        shown = nodes.raw("", report.as_html(analysis), format="html")
        section = nodes.section("", title, shown, ids=[f"scaffolding-{analysis.slug}"])
        self.state.document.note_implicit_target(section, section)
        return section


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive with Sphinx."""
    app.add_directive("scaffolding", Scaffolding)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
