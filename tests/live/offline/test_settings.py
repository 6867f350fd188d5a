"""The settings of reading offline: keep everything, or switch it off."""

import pytest
from offline_site import kept, visit

pytestmark = pytest.mark.chromium


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
