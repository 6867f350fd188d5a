"""Starting an engine: the choice, a cancelled start, starts that fail and say why."""

import shutil
import time

import page_site
import pytest
from page_driver import live_page

from tools.site.server import serve

pytestmark = pytest.mark.chromium


def start_fails(page, engine):
    """Go live where that cannot succeed; return the words of the status line."""
    page.open(engine)
    began = time.monotonic()
    page.page.click("#live-start")
    words = page.wait_state("failed", timeout=60_000)
    assert time.monotonic() - began < 60
    assert page.output("99-demo") == "42", "the published outputs stay"
    assert page.page.locator("#live-start").is_enabled()
    return words


def test_a_missing_file_of_the_engine_is_named(chromium, engine, tmp_path):
    folder = page_site.write(tmp_path / "site")
    (folder / "_static" / "engine" / "worker.js").unlink()
    with serve(folder, 0) as site, live_page(chromium, site, page_site.PATH) as page:
        words = start_fails(page, "browser")
        assert "worker.js" in words and "another engine" in words
        assert "Reload the page" in words
        page.page.select_option("#live-engine", "computer")
        page.page.click("#live-start")
        page.wait_state("ready")
        assert page.run("99-setup") == "ok"


@pytest.mark.parametrize(
    "fault",
    ["nothing.at.all();\n", "ReadableStream.prototype.getReader = undefined;\n"],
    ids=["as the worker begins", "as it fetches Python"],
)
def test_a_fault_of_the_browser_is_not_answered_with_reload(
    chromium, engine, tmp_path, fault
):
    if not engine["browser"]:
        pytest.skip(f"the browser engine is not built: {engine['missing']}")
    folder = page_site.write(tmp_path / "site")
    worker = folder / "_static" / "engine" / "worker.js"
    worker.write_text(fault + worker.read_text("utf-8"), "utf-8")
    with serve(folder, 0) as site, live_page(chromium, site, page_site.PATH) as page:
        words = start_fails(page, "browser")
        page.faults.clear()  # the one that was put in
    assert "newer browser" in words and "another engine" in words
    assert "try again" not in words
    assert words.count("did not start") == 1
    assert "nothing" in words or "getReader" in words, "the browser's own words"


def test_a_kernel_that_says_nothing_has_failed(chromium, engine, tmp_path):
    """The limit is 45 s without progress; the test turns the page's clock forward."""
    folder = page_site.write(tmp_path / "site")
    (folder / "_static" / "engine" / "worker.js").write_text("// says nothing")
    with (
        serve(folder, 0, computer=False) as site,
        live_page(chromium, site, page_site.PATH) as page,
    ):
        page.page.clock.install()
        page.open("browser")
        page.page.click("#live-start")
        page.page.clock.run_for(30_000)
        assert page.page.get_attribute("#live-status", "data-state") == "starting"
        page.page.clock.run_for(20_000)
        words = page.wait_state("failed", timeout=10_000)
        assert "nothing was heard" in words and "Reload" in words
        assert page.output("99-demo") == "42"


def test_a_wrong_token_is_told_with_what_to_do(page):
    wrong = page.site.computer | {"token": "wrong"}
    page.page.route("**/live/computer.json", lambda route: route.fulfill(json=wrong))
    words = start_fails(page, "computer")
    assert "make serve" in words and "reload" in words


def test_going_live_can_be_called_off(page):
    page.page.route(
        "**/worker.js", lambda route: None
    )  # no answer: it goes on starting
    page.open("browser")
    page.page.click("#live-start")
    page.page.click("#live-stop")
    assert "Go live" in page.wait_state("off")
    page.page.select_option("#live-engine", "computer")
    page.page.click("#live-start")
    page.wait_state("ready")


def test_the_engine_is_remembered_and_changed_only_by_the_reader(page):
    page.open("computer")
    page.open()
    assert page.page.input_value("#live-engine") == "computer"
    page.go_live()
    page.run("99-setup")
    page.page.select_option("#live-engine", "browser")
    assert "on this computer" in page.status
    start = page.page.locator("#live-start")
    assert start.inner_text() == "Switch to this browser"
    start.click()
    page.page.wait_for_function(
        "document.querySelector('#live-status').textContent.includes('this browser')"
    )
    assert "1 cell replayed" in page.wait_state("ready")


def test_engines_that_cannot_be_used_say_why(chromium, engine, tmp_path):
    folder = page_site.write(tmp_path / "site", engine=False, browser=False)
    with (
        serve(folder, 0, computer=False) as site,
        live_page(chromium, site, page_site.PATH) as page,
    ):
        page.page.goto(page.address)
        page.page.wait_for_selector("#live-status:has-text('Nothing can run')")
        assert page.page.locator("#live-start").is_disabled()
        for name in ("browser", "computer", "binder"):
            option = page.page.locator(f"#live-engine option[value={name}]")
            assert option.is_disabled()
            assert option.get_attribute("title").startswith("Not available: ")
        assert "make serve" in page.status


def test_binder_is_offered_where_a_repository_is_named(chromium, engine, tmp_path):
    folder = page_site.write(tmp_path / "site", repository="owner/name")
    with (
        serve(folder, 0, computer=False) as site,
        live_page(chromium, site, page_site.PATH) as page,
    ):
        page.open("binder")
        assert "third party" in page.status


def test_without_pyodide_the_computer_still_serves(chromium, engine, tmp_path):
    folder = page_site.write(tmp_path / "site", browser=False)
    shutil.rmtree(folder / "_static" / "engine" / "pyodide")
    with serve(folder, 0) as site, live_page(chromium, site, page_site.PATH) as page:
        page.go_live()
        assert page.page.input_value("#live-engine") == "computer"
        assert page.page.locator("#live-engine option[value=browser]").is_disabled()
        assert page.run("99-setup") == "ok"


def test_without_the_scripts_the_page_says_what_is_missing(chromium, tmp_path):
    folder = page_site.write(tmp_path / "site", engine=False, browser=False)
    with serve(folder, 0) as site, live_page(chromium, site, page_site.PATH) as page:
        page.page.goto(page.address)
        page.page.wait_for_selector("#live-start:disabled")
        assert page.status.count("without the scripts that run cells") == 1
        assert page.output("99-demo") == "42"
