"""Reading without a network after one visit, and where nothing can be kept."""

import functools
import http.server
import shutil
import threading
from contextlib import contextmanager

import page_site
import pytest
from offline_site import go_offline, kept, visit, wait_kept
from page_driver import live_page

from tools.site.server import Site

pytestmark = pytest.mark.chromium


def test_a_page_is_read_without_a_network_after_one_visit(page):
    visit(page)
    assert not any("_static/engine/" in path for path in kept(page)), "nobody went live"
    go_offline(page)
    page.open()
    assert page.page.inner_text("h1") == "Fixture"
    assert page.output("99-demo") == "42"
    assert page.page.evaluate("getComputedStyle(document.querySelector('.tt-bar')).top")


def test_a_page_that_is_not_kept_is_told_with_those_that_are(page):
    visit(page)
    go_offline(page)
    page.page.goto(page.site.url + "/book/other.html")
    assert page.page.inner_text("h1") == "offline"
    page.page.wait_for_selector("li a")
    assert page.page.inner_text("li a") == "Fixture"
    page.page.click("li a")
    page.page.wait_for_selector("h1:text('Fixture')")


def test_who_reads_a_second_page_has_them_all(page):
    visit(page)
    page.page.goto(page.site.url + "/book/reading.html")
    wait_kept(page, "book/other.html")
    go_offline(page)
    page.page.goto(page.site.url + "/book/other.html")
    assert page.page.inner_text("h1") == "book/other"


@contextmanager
def plain_server(folder):
    """Serve a folder with Python's http.server, the book below a path of its own."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}/repository", None)
    finally:
        server.shutdown()
        server.server_close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def test_under_a_path_of_its_own_on_a_plain_server(chromium, folder, tmp_path):
    shutil.move(folder, tmp_path / "root" / "repository")
    (tmp_path / "root" / "other.html").write_text("<h1>not the book</h1>")
    with (
        plain_server(tmp_path / "root") as site,
        live_page(chromium, site, page_site.PATH) as page,
    ):
        visit(page)
        go_offline(page)
        page.open()
        assert page.page.inner_text("h1") == "Fixture"
        page.page.goto(site.url + "/nowhere/at/all.html")
        assert page.page.inner_text("h1") == "offline"
        page.page.wait_for_selector("li a")
        page.context.set_offline(False)
        page.page.goto(site.url.replace("/repository", "/other.html"))
        assert page.page.inner_text("h1") == "not the book"
        assert page.page.evaluate("navigator.serviceWorker.controller === null")
        page.requests.remove(page.page.url)


@pytest.mark.parametrize(
    "missing",
    [
        "delete Navigator.prototype.serviceWorker",
        "Object.defineProperty(window, 'localStorage', { get() {"
        " throw new DOMException('denied', 'SecurityError'); } })",
        "navigator.serviceWorker.register = () =>"
        " Promise.reject(new DOMException('denied', 'SecurityError'))",
        "delete window.caches",
    ],
    ids=["no worker", "no storage", "not allowed", "no caches"],
)
def test_where_nothing_can_be_kept_the_page_works(page, missing):
    page.page.add_init_script(missing)
    page.open()
    assert page.output("99-demo") == "42"
    page.page.goto(page.site.url + "/book/reading.html")
    page.page.wait_for_selector("[data-offline] p:not(:empty)")
