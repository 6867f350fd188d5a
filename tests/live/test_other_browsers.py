"""The least that must hold in Firefox and in WebKit, which is Safari's engine.

A reader goes live in the browser, runs cells and edits them, checks an exercise and
stops an endless loop. Chromium's tests see to everything else.
"""

import time

import firefox_driver
import page_site
import pytest
import webkit_driver

from tools.site.server import serve

DEMO = '[data-cell-id="99-demo"]'
ADD = '[data-cell-id="99-add"]'
ENDED = ":is([data-state=ok], [data-state=error])"
PATIENCE = 60  # seconds

# Stands before everything else in the page: what nobody caught.
WATCH = """<script>
window.faults = [];
addEventListener("error", ({ message }) => message && faults.push(message));
addEventListener("unhandledrejection", ({ reason }) =>
  faults.push(`not caught: ${reason?.stack ?? reason}`));
</script>"""


@pytest.fixture(scope="module")
def address(engine, tmp_path_factory):
    """The address of the fixture page, which watches for faults."""
    if not engine["browser"]:
        pytest.skip(f"the browser engine is not built: {engine['missing']}")
    folder = page_site.write(tmp_path_factory.mktemp("other") / "site")
    page = folder / page_site.PATH.removeprefix("/")
    page.write_text(
        page.read_text("utf-8").replace("<head>", f"<head>{WATCH}"), "utf-8"
    )
    with serve(folder, 0, computer=False) as site:
        yield site.url + page_site.PATH


@pytest.fixture
def firefox(tmp_path):
    """A Firefox of its own."""
    pytest.importorskip("websocket", reason="websocket-client is not installed")
    program = firefox_driver.find()
    if program is None:
        pytest.skip("no Firefox on this machine")
    driver = firefox_driver.Firefox(program, tmp_path)
    yield driver
    driver.close()


@pytest.fixture
def webkit(tmp_path):
    """A WebKit of its own."""
    program = webkit_driver.find()
    if program is None:
        pytest.skip("no WebKitWebDriver, MiniBrowser or Xvfb on this machine")
    driver = webkit_driver.WebKit(program, tmp_path)
    yield driver
    driver.close()


def go_live(browser, address):
    """Open the page and start Python in the browser; a failure is told in its words."""
    browser.goto(address)
    browser.wait("#live-start:enabled")
    browser.js("""const choice = document.querySelector('#live-engine');
        choice.value = 'browser';
        choice.dispatchEvent(new Event('change', { bubbles: true }));""")
    browser.click("#live-start")
    browser.wait("#live-status:is([data-state=ready], [data-state=failed])")
    words = browser.text("#live-status")
    assert browser.js(
        "return !!document.querySelector('#live-status[data-state=ready]')"
    ), words


def write(browser, cell, line):
    """Put a line in the place of a cell's text, by mouse and keys."""
    browser.click(f"{cell} .cm-content")
    browser.press("Control", "a")
    browser.press("Delete")
    browser.type(line)
    text = browser.js(
        "return document.querySelector(args[0]).innerText.trim()", f"{cell} .cm-content"
    )
    assert text == line


def check(browser, verdict):
    """Press the exercise's Check, and wait for what comes of it."""
    browser.click(f"{ADD} [data-action=check]")
    browser.wait(f"{ADD} [data-verdict={verdict}]", PATIENCE)


def loop_and_stop(browser):
    """Run an endless loop, stop it, and wait until Python is ready again.

    Returns: what `threads` of the browser said while the loop ran, where it can tell.
    """
    write(browser, DEMO, "while True: pass")
    browser.press("Control", "Enter")
    browser.wait(f"{DEMO}[data-state=running]", PATIENCE)
    time.sleep(1)  # it is really at it
    looping = (
        browser.threads("WebCore: Worker") if hasattr(browser, "threads") else None
    )
    browser.click("#live-stop")
    browser.wait(f"{DEMO}{ENDED}", PATIENCE)
    assert "stopped" in browser.text(DEMO)
    browser.wait("#live-status[data-state=ready]")
    return looping


def smoke(browser, address):
    """Do what a reader does first; return what `loop_and_stop` returned."""
    go_live(browser, address)
    browser.click('[data-cell-id="99-setup"] [data-action=run]')
    browser.wait('[data-cell-id="99-setup"][data-state=ok]', PATIENCE)
    write(browser, DEMO, "print('é', base + 2)")
    browser.press("Control", "Enter")
    browser.wait(f"{DEMO}[data-state=ok]", PATIENCE)
    assert browser.text(f"{DEMO} [data-part=output]").strip() == "é 42"
    write(browser, ADD, "def add(a, b): return a - b")
    check(browser, "failed")
    write(browser, ADD, "def add(a, b): return b + a")
    check(browser, "passed")
    looping = loop_and_stop(browser)
    write(browser, DEMO, "print(add(base, 1))")
    browser.press("Control", "Enter")
    browser.wait(f"{DEMO}[data-state=ok]", PATIENCE)
    assert browser.text(f"{DEMO} [data-part=output]").strip() == "41"
    assert browser.js("return window.faults") == []
    return looping


@pytest.mark.firefox
def test_the_book_runs_in_firefox(firefox, address):
    smoke(firefox, address)


@pytest.mark.webkit
def test_the_book_runs_in_webkit(webkit, address):
    looping = smoke(webkit, address)
    assert looping, "the loop ran in a worker's thread"
    deadline = time.monotonic() + PATIENCE
    while looping & webkit.threads("WebCore: Worker"):
        assert time.monotonic() < deadline, "the stopped loop goes on burning a core"
        time.sleep(0.2)
