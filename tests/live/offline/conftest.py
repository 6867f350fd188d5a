"""What the tests of reading offline share: a small build of the book, and a page."""

import page_site
import pytest
from offline_site import write_site
from page_driver import live_page

from tools.site.server import serve


@pytest.fixture
def folder(engine, tmp_path):
    return write_site(tmp_path / "site")


@pytest.fixture
def page(chromium, folder):
    with (
        serve(folder, 0, computer=False) as site,
        live_page(chromium, site, page_site.PATH) as opened,
    ):
        yield opened
