"""Reading offline after one visit: a page never gets files of two builds."""

import functools
import http.server
import os
import shutil
import threading
import time
from contextlib import contextmanager

import page_site
import pytest
from page_driver import PATIENCE, live_page

from tools.site.offline import service_worker
from tools.site.server import Site, serve

pytestmark = pytest.mark.chromium

SCRIPT = '<script type="module" src="{}_static/live/offline-start.js"></script></body>'
SIMPLE = (
    '<!DOCTYPE html><html lang="en"><head><title>{title}</title>'
    '<link rel="icon" href="data:,"></head><body><h1>{title}</h1>{body}</body></html>'
)
SETTINGS = '<div data-offline="settings"></div>'
WHERE = """async () => {
    const names = await caches.keys();
    const urls = [];
    for (const name of names) {
        const cache = await caches.open(name);
        for (const { url } of await cache.keys()) urls.push(url);
    }
    return urls;
}"""


def write_site(folder):
    """Make the fixture site a build of the book: more pages, and a service worker."""
    page_site.write(folder)
    page = folder / page_site.PATH.lstrip("/")
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("</body>", SCRIPT.format("../../")), encoding="utf-8")
    (folder / "book").mkdir()
    for name, body in [
        ("book/reading", SETTINGS),
        ("book/other", ""),
        ("offline", '<div data-offline="list"></div>'),
        ("404", ""),
    ]:
        root = "../" * name.count("/")
        text = SIMPLE.format(title=name, body=body)
        text = text.replace("</body>", SCRIPT.format(root))
        if not root:
            text = text.replace("<head>", '<head><base href="/">')
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    service_worker.write(folder)
    return folder


def change(folder, words):
    """Make a new build, in which a page and the scripts it loads say other words."""
    page = folder / page_site.PATH.lstrip("/")
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("<h1>Fixture", f"<h1>{words}"), encoding="utf-8")
    script = folder / "_static" / "live" / "page" / "status.js"
    text = script.read_text(encoding="utf-8")
    assert "Go live to" in text
    script.write_text(text.replace("Go live to", f"{words}: go live to"))
    service_worker.write(folder)
    for path in folder.rglob("*.*"):  # Last-Modified counts in seconds
        os.utime(path, (time.time() + 2,) * 2)


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


def kept(page):
    """Return the paths of all files that are kept."""
    root = page.site.url + "/"
    return {url.removeprefix(root) for url in page.page.evaluate(WHERE)}


def wait_kept(page, *paths):
    """Wait until files are kept."""
    wait_until(lambda: kept(page).issuperset(paths))


def wait_until(holds):
    deadline = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def visit(page):
    """Open the page for the first time and wait until the worker has taken over."""
    page.open()
    page.page.wait_for_function("navigator.serviceWorker.controller !== null")
    wait_kept(page, page_site.PATH.lstrip("/"))


def go_offline(page):
    page.context.set_offline(True)


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


def test_live_without_a_network_after_having_been_live(page, engine):
    if not engine["browser"]:
        pytest.skip(f"the browser engine is not built: {engine['missing']}")
    visit(page)
    page.go_live("browser")
    wait_kept(page, *(f"_static/engine/{name}" for name in engine["files"]))
    go_offline(page)
    page.go_live("browser")
    assert page.run("99-setup") == "ok"
    page.write("99-demo", "print(base + 2)")
    page.run("99-demo")
    assert page.output("99-demo").strip() == "42"


def test_going_live_without_a_network_says_what_is_missing(page, engine):
    visit(page)
    go_offline(page)
    page.open("browser")
    page.page.click("#live-start")
    assert "no network" in page.wait_state("failed")
    page.faults.clear()  # requests that failed offline


def test_an_update_is_shown_at_once_and_mixes_nothing(page, folder):
    visit(page)
    change(folder, "Second")
    page.open()
    assert page.page.inner_text("h1") == "Second"
    assert page.status.startswith("Second: go live")
    wait_one_build(page)
    go_offline(page)
    page.open()
    assert page.page.inner_text("h1") == "Second"
    assert page.status.startswith("Second: go live")


def wait_one_build(page):
    """Wait until the new build is kept, and then until the old one is deleted."""
    mark = page.page.get_attribute("meta[name=tinytorch-build]", "content")
    wait_until(lambda: mark in builds(page))
    time.sleep(6)  # the worker keeps a build for pages younger than 5 s
    page.open()
    wait_until(lambda: builds(page) == {mark})


def builds(page):
    """Return the versions of the builds that are kept and complete."""
    names = page.page.evaluate(
        """async () => {
            const names = [];
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                if (await cache.match("/sw.js?files")) names.push(name);
            }
            return names;
        }"""
    )
    return {name.rpartition(":")[2] for name in names}


def test_a_page_of_the_old_build_gets_no_file_of_the_new_one(page, folder, engine):
    """A page stays open while the site changes, and goes live after that."""
    if not engine["browser"]:
        pytest.skip(f"the browser engine is not built: {engine['missing']}")
    visit(page)
    editor = folder / "_static" / "engine" / "editor.js"
    editor.write_text(editor.read_text(encoding="utf-8") + "\n// another")
    change(folder, "Second")
    page.page.click("#live-start")
    page.wait_state("failed")
    assert "has changed since" in page.page.inner_text(".tt-notices")
    page.faults.clear()
    page.open()
    assert page.page.inner_text("h1") == "Second"
    page.go_live("browser")


def test_switched_off_removes_everything_and_is_remembered(page):
    visit(page)
    page.page.goto(page.site.url + "/book/reading.html")
    panel = page.page.locator("[data-offline]")
    panel.get_by_text("are kept in this browser").wait_for()
    panel.get_by_role("button", name="Switch off and remove").click()
    panel.get_by_text("Removed. Your edits are still here.").wait_for()
    assert "keeps nothing" in panel.inner_text()
    page.open()
    page.page.goto(page.site.url + "/book/reading.html")
    panel.get_by_text("Switched off").wait_for()
    assert kept(page) == set()
    registered = "navigator.serviceWorker.getRegistrations().then(all => all.length)"
    assert page.page.evaluate(registered) == 0
    panel.get_by_role("button", name="Keep the book").click()
    panel.get_by_text("are kept in this browser").wait_for()
    assert "book/reading.html" in kept(page)


def test_all_can_be_kept_on_request(page, engine):
    visit(page)
    page.page.goto(page.site.url + "/book/reading.html")
    panel = page.page.locator("[data-offline]")
    panel.get_by_role("button", name="Keep Python too").click()
    panel.get_by_text("you can go live without a network").wait_for()
    assert "So is Python, for live cells" in panel.inner_text()
    held = kept(page)
    assert {f"_static/engine/{name}" for name in engine["files"]} <= held


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


def test_a_retired_worker_leaves_nothing(page, folder, monkeypatch):
    visit(page)
    monkeypatch.setenv("OFFLINE", "no")
    service_worker.write(folder)
    page.open()
    wait_until(lambda: page.page.evaluate("caches.keys()") == [])
