"""A site that is kept for reading offline, and what its pages have kept."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import page_site
from page_driver import PATIENCE, LivePage

from tools.site.offline import service_worker

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


def write_site(folder: Path) -> Path:
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


def change(folder: Path, words: str) -> None:
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


def kept(page: LivePage) -> set[str]:
    """Return the paths of all files in the caches of the page's site."""
    root = page.site.url + "/"
    return {url.removeprefix(root) for url in page.page.evaluate(WHERE)}


def wait_kept(page: LivePage, *paths: str) -> None:
    """Wait until files are in the caches of the page's site."""
    wait_until(lambda: kept(page).issuperset(paths))


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until a condition holds, at most PATIENCE milliseconds."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def visit(page: LivePage) -> None:
    """Open the page for the first time and wait until the worker has taken over."""
    page.open()
    page.page.wait_for_function("navigator.serviceWorker.controller !== null")
    wait_kept(page, page_site.PATH.lstrip("/"))


def go_offline(page: LivePage) -> None:
    """Take the network away from the page's browser context."""
    page.context.set_offline(True)
