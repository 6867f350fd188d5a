"""Two tabs on one chapter, a full storage, a killed kernel: no edit is lost."""

import json
import os
import signal

import page_site
import pytest
from page_driver import LivePage

pytestmark = pytest.mark.chromium

PUBLISHED = "print(add(base, 2))"


@pytest.fixture
def tabs(page):
    """Two live tabs that share a storage."""
    page.go_live("computer")
    other = LivePage(page.context, page.site, page_site.PATH)
    other.go_live("computer")
    yield page, other
    assert not other.faults


def wait_text(tab, cell_id, text):
    tab.page.wait_for_function(
        """([id, text]) => {
            const lines = document.querySelectorAll(`[data-cell-id="${id}"] .cm-line`);
            return [...lines].map(line => line.textContent).join("\\n") === text;
        }""",
        arg=[cell_id, text],
    )


def note(tab, cell_id):
    return tab.cell(cell_id).locator(".tt-note")


def test_another_tab_follows_and_can_go_back(tabs):
    one, two = tabs
    one.write("99-demo", "print(1)")
    wait_text(two, "99-demo", "print(1)")
    assert "Changed in another tab" in note(two, "99-demo").inner_text()
    note(two, "99-demo").get_by_role("button", name="Back").click()
    wait_text(one, "99-demo", PUBLISHED)
    note(one, "99-demo").get_by_role("button", name="Back").click()
    wait_text(two, "99-demo", "print(1)")


def test_different_cells_in_two_tabs_are_both_kept(tabs):
    one, two = tabs
    one.write("99-demo", "print(1)")
    two.write("99-wide", "print(2)")
    wait_text(two, "99-demo", "print(1)")
    wait_text(one, "99-wide", "print(2)")
    one.go_live("computer")
    assert one.text("99-demo") == "print(1)"
    assert one.text("99-wide") == "print(2)"


def test_one_cell_written_in_two_tabs_at_once_keeps_both_texts(tabs):
    one, two = tabs
    # Tabs that hear nothing of each other, as when the browser has put one to sleep.
    deaf = (
        "addEventListener('storage', event => event.stopImmediatePropagation(), true)"
    )
    for tab in tabs:
        tab.page.evaluate(deaf)
    two.write("99-demo", "print(2)")
    one.write("99-demo", "print(1)")
    words = "changed in another tab too"
    both = {"print(1)", "print(2)"}
    told = [tab for tab in tabs if said(tab, "99-demo", words)]
    assert told, "neither tab said a word"
    tab = told[0]
    mine = tab.text("99-demo")
    tab.go_live("computer")  # it is still there after a reload
    assert words in note(tab, "99-demo").inner_text()
    note(tab, "99-demo").get_by_role("button", name="Take that one").click()
    (other,) = both - {mine}
    assert tab.text("99-demo") == other
    note(tab, "99-demo").get_by_role("button", name="Back to mine").click()
    assert tab.text("99-demo") == mine


def said(tab, cell_id, words):
    tab.page.wait_for_timeout(600)  # longer than edits wait to be written
    return words in (note(tab, cell_id).text_content() or "")


def test_a_storage_that_is_really_full_keeps_what_was_saved(page):
    page.go_live("computer")
    page.write("99-demo", "print('saved')")
    page.page.wait_for_function(
        "localStorage.getItem('tinytorch:edit:99_fixture:99-demo')"
    )
    page.page.evaluate(
        """() => {
            let piece = 'x'.repeat(1 << 20);
            for (let n = 0; piece; n += 1) {
                try { localStorage.setItem('other' + n, piece); }
                catch { piece = piece.slice(0, piece.length >> 1); }
            }
        }"""
    )
    page.write("99-wide", "print('too much')")
    notice = page.page.locator(".tt-notices")
    notice.get_by_text("full").wait_for()
    assert "Copy what you want to keep" in notice.inner_text()
    assert page.run("99-wide") == "ok", "all else goes on"
    assert page.text("99-wide") == "print('too much')"
    page.go_live("computer")
    assert page.text("99-demo") == "print('saved')"


def test_a_killed_kernel_loses_no_text(page):
    page.go_live("computer")
    page.write("99-setup", "import os\nprint(os.getpid())")
    page.run("99-setup")
    pid = int(page.output("99-setup"))
    page.write("99-demo", "import time\ntime.sleep(600)")
    page.run("99-demo", wait=False)
    page.wait_running("99-demo")
    os.kill(pid, signal.SIGKILL)
    words = page.wait_state("failed")
    assert words.startswith("Python broke down. Start it again")
    assert "Python ended while this ran" in page.cell("99-demo").inner_text()
    assert page.text("99-demo") == "import time\ntime.sleep(600)"
    page.write("99-demo", "print('again')")
    page.page.click("#live-start")
    page.wait_state("ready")
    assert page.run("99-demo") == "ok"
    kept = json.loads(page.page.evaluate("JSON.stringify(localStorage)"))
    assert "again" in kept["tinytorch:edit:99_fixture:99-demo"]


def test_a_terminated_worker_loses_no_text(page, engine):
    if not engine["browser"]:
        pytest.skip(f"the browser engine is not built: {engine['missing']}")
    page.go_live("browser")
    page.run("99-setup")
    ends = "from js import self\nself.close()\nwhile True:\n    pass"
    page.write("99-demo", ends)
    page.run("99-demo", wait=False)
    page.wait_running("99-demo")
    page.page.click("#live-stop")  # no browser tells a page that a worker has died
    assert "1 cell replayed" in page.wait_state("ready")
    assert "stopped" in page.cell("99-demo").locator(".tt-marks").inner_text()
    assert page.text("99-demo") == ends
    page.write("99-demo", "print(base)")
    page.run("99-demo")
    assert page.output("99-demo").strip() == "40"
