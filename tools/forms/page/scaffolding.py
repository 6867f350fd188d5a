"""The directive {scaffolding}: how steep each chapter is, analyzed during the build."""

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
    """Insert a section for each chapter, with its chart, summary and table."""

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        for path in parser.paths():
            self.env.note_dependency(str(path))
        return [self.section(analysis) for analysis in analyses()]

    def section(self, analysis: Analysis) -> nodes.section:
        """Return the section of one chapter."""
        title = nodes.title(text=f"{analysis.slug[:2]} {analysis.title}")
        shown = nodes.raw("", report.as_html(analysis), format="html")
        section = nodes.section("", title, shown, ids=[f"scaffolding-{analysis.slug}"])
        self.state.document.note_implicit_target(section, section)
        return section


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("scaffolding", Scaffolding)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
