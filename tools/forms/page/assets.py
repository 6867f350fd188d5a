"""Table of the site's scripts and style sheets: which pages load each, and who adds it.

The extensions in this folder add their entries to a page with `add`. The table also
lists the files that _config.yml and the page's scripts add; a test
(tests/forms/page/test_assets.py) checks those entries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Groups of pages, as the table names them:
EVERY = "every page"
TEXT = "every page with a text: all but search, 404 and offline"
CELLS = "chapters and milestones, which have code cells"
STARTED = "chapters and milestones, once Python is started there"
QUESTIONS = "pages with a question to predict"
SETTINGS = "pages that show what is kept for reading offline"

# Files that add a script or a style sheet to a page:
CONFIG = "_config.yml"
CHROME = "tools.forms.page.chrome"
WORK = "tools.forms.page.your_work"
LIVE = "tools.forms.page.chapter_page"
PREDICT = "tools.forms.page.predict"


class Asset(NamedTuple):
    """A script or a style sheet, the pages that load it, and the file that adds it."""

    file: str  # under book/_static/
    pages: str
    added_by: str  # a module of this folder, or the path of another file


TABLE = (
    # The four entry points of book/_static/live/. They import all other scripts there,
    # some of those only when they are needed.
    Asset("live/offline-start.js", EVERY, CHROME),
    Asset("live/book.js", TEXT, WORK),
    Asset("live/main.js", CELLS, LIVE),
    Asset("live/predict.js", QUESTIONS, PREDICT),
    # The style sheets; a later one may override an earlier one, so their order counts.
    Asset("css/book.css", EVERY, CONFIG),
    Asset("css/code.css", EVERY, CONFIG),
    Asset("css/parts.css", EVERY, CONFIG),
    Asset("css/icons.css", EVERY, CONFIG),
    Asset("css/report.css", EVERY, CONFIG),
    Asset("css/print.css", EVERY, CONFIG),
    Asset("css/work.css", TEXT, WORK),
    Asset("css/live.css", CELLS, LIVE),
    Asset("css/live-framework.css", CELLS, LIVE),
    Asset("css/predict.css", QUESTIONS, PREDICT),
    Asset("css/live-cells.css", STARTED, "book/_static/live/engine/lifecycle.js"),
    Asset("css/live.css", SETTINGS, "book/_static/live/offline/offline-panel.js"),
)


def add(app: Sphinx, module: str) -> None:
    """Add all scripts and style sheets that `module` adds according to TABLE.

    Called from `setup`, adds them to every page; called from a handler of Sphinx's
    event html-page-context, only to the page of that event.

    Args: module, the __name__ of a module in this folder.
    """
    for asset in TABLE:
        if asset.added_by != module:
            continue
        if asset.file.endswith(".js"):
            app.add_js_file(asset.file, type="module")
        else:
            app.add_css_file(asset.file)
