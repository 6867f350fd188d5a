"""A new build of the site: a page never gets files of two builds."""

import time

import pytest
from offline_site import change, go_offline, visit, wait_until

from tools.site.offline import service_worker

pytestmark = pytest.mark.chromium


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


def test_a_retired_worker_leaves_nothing(page, folder, monkeypatch):
    visit(page)
    monkeypatch.setenv("OFFLINE", "no")
    service_worker.write(folder)
    page.open()
    wait_until(lambda: page.page.evaluate("caches.keys()") == [])
