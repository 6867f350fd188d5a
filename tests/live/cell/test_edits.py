"""A reader's edits: saved, restored, reset; and a storage that is blocked or full."""

import json

import pytest

pytestmark = pytest.mark.chromium


def test_edits_survive_a_reload_and_reset_brings_the_published_text_back(page):
    page.go_live("computer")
    published = page.text("99-demo")
    page.write("99-demo", "print('mine')")
    page.open()  # at once: what is typed is kept without waiting
    assert "1 cell holds your edits" in page.status
    page.go_live("computer")
    assert page.text("99-demo") == "print('mine')"
    assert page.run("99-demo") == "ok"
    cell = page.cell("99-demo")
    assert "edited" in cell.inner_text()
    cell.locator("[data-action=reset]").click()
    assert page.text("99-demo") == published
    assert page.output("99-demo") == "42"
    assert cell.locator("[data-action=reset]").is_hidden()
    page.open()
    assert "edits" not in page.status


def test_reset_all_asks_first(page):
    page.go_live("computer")
    page.write("99-demo", "1")
    page.write("99-setup", "2")
    page.page.once("dialog", lambda dialog: dialog.dismiss())
    page.page.click("#live-reset-all")
    assert page.text("99-demo") == "1"
    page.page.once("dialog", lambda dialog: dialog.accept())
    page.page.click("#live-reset-all")
    assert page.text("99-demo") == "print(add(base, 2))"
    assert page.text("99-setup").startswith("import sys")


def test_an_edit_of_an_older_published_cell_is_kept_and_told(page):
    record = {"version": 1, "hash": "0" * 16, "text": "print('old')", "saved": 0}
    page.open("computer")
    page.page.evaluate(
        "value => localStorage.setItem('tinytorch:edit:99_fixture:99-demo', value)",
        json.dumps(record),
    )
    page.go_live("computer")
    cell = page.cell("99-demo")
    assert page.text("99-demo") == "print('old')"
    assert "has changed since" in cell.inner_text()
    cell.locator("[data-action=reset]").click()
    assert page.text("99-demo") == "print(add(base, 2))"


def test_blocked_storage_is_told_once_and_nothing_else_breaks(page):
    page.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() {"
        " throw new DOMException('denied', 'SecurityError'); } })"
    )
    page.go_live("computer")
    page.write("99-demo", "print(7)")
    assert page.run("99-demo") == "ok"
    page.page.wait_for_timeout(400)  # longer than edits wait to be written
    notices = page.page.locator(".tt-notices p").all_inner_texts()
    assert len(notices) == 1 and "store" in notices[0]


def test_full_storage_is_told(page):
    page.page.add_init_script(
        "Storage.prototype.setItem = () => {"
        " throw new DOMException('full', 'QuotaExceededError'); }"
    )
    page.go_live("computer")
    page.write("99-demo", "print(7)")
    page.page.wait_for_selector(".tt-notices p")
    assert "full" in page.page.inner_text(".tt-notices")


def test_a_damaged_edit_is_kept_aside_and_told(page):
    key = "tinytorch:edit:99_fixture:99-demo"
    page.open("computer")
    page.page.evaluate("key => localStorage.setItem(key, '{broken')", key)
    page.go_live("computer")
    assert page.text("99-demo") == "print(add(base, 2))"
    assert "cannot be read" in page.page.inner_text(".tt-notices")
    kept = page.page.evaluate("JSON.stringify(localStorage)")
    assert "{broken" in json.loads(kept).values()
    assert key not in json.loads(kept)
