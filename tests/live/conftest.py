"""What the page's tests share: the served fixture site, and pages of it."""

import page_site
import pytest
from page_driver import live_page

from tools.site.server import serve


@pytest.fixture(scope="session")
def served(engine, tmp_path_factory):
    """The fixture site with both engines."""
    folder = page_site.write(tmp_path_factory.mktemp("page") / "site")
    with serve(folder, 0) as site:
        yield site


@pytest.fixture
def page(chromium, served):
    """A fresh profile on the fixture page."""
    with live_page(chromium, served, page_site.PATH) as opened:
        yield opened


@pytest.fixture(params=["computer", "browser"])
def live(request, page, engine):
    """The fixture page, live with each engine in turn."""
    if request.param == "browser" and not engine["browser"]:
        pytest.skip(f"the browser engine is not built: {engine['missing']}")
    return page.go_live(request.param)
