"""Choosing between one's edit and a newly published cell; undoing a reset."""

import json

import pytest

pytestmark = pytest.mark.chromium


def with_old_edit(page, text):
    """Go live with a stored edit of a cell that has been published anew since."""
    record = {"version": 1, "hash": "0" * 16, "text": text, "saved": 0}
    page.open("computer")
    page.page.evaluate(
        "value => localStorage.setItem('tinytorch:edit:99_fixture:99-setup', value)",
        json.dumps(record),
    )
    page.go_live("computer")
    return page.cell("99-setup")


def press(cell, words):
    cell.locator(".tt-note").get_by_role("button", name=words).click()


def test_keep_mine_is_not_asked_again(page):
    cell = with_old_edit(page, "base = 7")
    press(cell, "Keep mine")
    assert cell.locator(".tt-note").is_hidden()
    page.go_live("computer")
    assert page.text("99-setup") == "base = 7"
    assert cell.locator(".tt-note").is_hidden()


def test_take_the_new_one_and_change_ones_mind(page):
    cell = with_old_edit(page, "base = 7")
    press(cell, "Take the new one")
    assert page.text("99-setup") == "import sys\nbase = 40"
    press(cell, "Undo")
    assert page.text("99-setup") == "base = 7"
    page.go_live("computer")
    assert "has changed since" in cell.inner_text(), "it is an old edit still"


def test_see_the_difference(page):
    cell = with_old_edit(page, "import sys\nbase = 7")
    press(cell, "See the difference")
    shown = cell.locator("[data-part=diff] .tt-line")
    signs = shown.evaluate_all("lines => lines.map(line => line.dataset.sign)")
    assert signs == [" ", "-", "+"]
    assert "base = 40" in shown.nth(1).inner_text()
    button = cell.locator("[data-action=diff]")
    assert button.get_attribute("aria-expanded") == "true"
    page.write("99-setup", "import sys\nbase = 40\nmore = 1")
    assert "more = 1" in shown.last.inner_text(), "it follows what is typed"
    button.click()
    assert cell.locator("[data-part=diff]").is_hidden()


def test_a_reset_can_be_taken_back_and_is_kept(page):
    page.go_live("computer")
    cell = page.cell("99-demo")
    assert cell.locator("[data-action=diff]").is_hidden(), "nothing differs"
    page.write("99-demo", "print('mine')")
    cell.locator("[data-action=reset]").click()
    assert page.text("99-demo") == "print(add(base, 2))"
    press(cell, "Undo")
    page.go_live("computer")
    assert page.text("99-demo") == "print('mine')"
