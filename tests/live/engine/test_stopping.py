"""Stopping a cell and losing a kernel: the run ends, and earlier runs are replayed.

Each wait has a limit with a margin; no speed is asserted.
"""

import time

import page_site
import pytest
from page_driver import live_page

pytestmark = pytest.mark.chromium

LOOP = "while True:\n    pass"
STUBBORN = """import time
while True:
    try:
        time.sleep(0.01)
    except KeyboardInterrupt:
        pass"""
# A stop must work within 3 s; one more second for the test to notice.
STOP_SECONDS = 3 + 1


def kernels(page):
    """Return the ids of the kernels that the site's Jupyter server runs."""
    computer = page.site.computer
    headers = {"Authorization": f"token {computer['token']}"}
    address = f"{computer['baseUrl']}/api/kernels"
    answer = page.context.request.get(address, headers=headers)
    return {kernel["id"] for kernel in answer.json()}


def own_kernel(page):
    """Go live on this computer; return the id of the new kernel."""
    others = kernels(page)
    page.go_live("computer")
    (own,) = kernels(page) - others
    return own


def test_stop_ends_an_endless_loop(live):
    engine = live.page.input_value("#live-engine")
    live.run_all()
    live.write("99-markdown", LOOP)
    live.run("99-markdown", wait=False)
    live.wait_running("99-markdown")
    looping = live.page.workers[0] if engine == "browser" else None
    began = time.monotonic()
    live.page.click("#live-stop")
    if looping:
        while looping in live.page.workers:
            assert time.monotonic() - began < STOP_SECONDS
            live.page.wait_for_timeout(20)
    live.wait_ended("99-markdown")
    assert time.monotonic() - began < STOP_SECONDS
    assert "stopped" in live.cell("99-markdown").locator(".tt-marks").inner_text()
    words = live.wait_state("ready")
    if engine == "browser":
        assert "6 cells replayed" in words
    assert "stopped" in live.cell("99-markdown").locator(".tt-marks").inner_text()
    live.write("99-wide", "print(add(base, 1))")
    assert live.run("99-wide") == "ok"
    assert live.output("99-wide").strip() == "41"
    assert len(live.page.workers) == (1 if looping else 0), "the stopped one is gone"


def test_a_loop_that_ignores_interrupts_is_stopped_too(page):
    stubborn = own_kernel(page)
    page.run("99-setup")
    page.write("99-demo", STUBBORN)
    page.run("99-demo", wait=False)
    page.wait_running("99-demo")
    began = time.monotonic()
    page.page.click("#live-stop")
    page.wait_ended("99-demo")
    assert time.monotonic() - began < STOP_SECONDS
    assert "1 cell replayed" in page.wait_state("ready")
    page.write("99-demo", "print(base)")
    assert page.run("99-demo") == "ok"
    assert page.output("99-demo").strip() == "40"
    assert stubborn not in kernels(page)


def test_a_replay_says_where_it_is_and_can_be_skipped(page, engine):
    if not engine["browser"]:
        pytest.skip("the browser engine is not built")
    page.go_live("browser")
    page.write("99-setup", "import time\ntime.sleep(1.5)")
    for cell_id in ("99-setup", "99-add", "99-markdown"):
        page.run(cell_id)
    page.write("99-wide", LOOP)
    page.run("99-wide", wait=False)
    page.wait_running("99-wide")
    page.page.click("#live-stop")
    skip = page.page.locator(".tt-offers button")
    skip.wait_for()
    assert "Replaying 1 of 3: cell 1 of 6" in page.status
    skip.click()
    page.wait_state("ready")
    assert page.state("99-setup") == "ok"
    assert page.state("99-markdown") == "idle"
    assert "not in this Python" in page.cell("99-markdown").inner_text()


def test_a_kernel_that_dies_is_noticed_and_replaced(page):
    page.go_live("computer")
    page.run("99-setup")
    page.write("99-demo", "import os\nos._exit(3)")
    page.run("99-demo", wait=False)
    words = page.wait_state("failed")
    assert words.startswith("Python broke down. Start it again")
    assert page.wait_ended("99-demo") == "error"
    start = page.page.locator("#live-start")
    assert start.inner_text() == "Start again, rerun 1 cell"
    start.click()
    assert "1 cell replayed" in page.wait_state("ready")
    page.write("99-demo", "print(base)")
    page.run("99-demo")
    assert page.output("99-demo").strip() == "40"


def test_closing_the_page_ends_its_kernel(chromium, served):
    with live_page(chromium, served, page_site.PATH) as page:
        own = own_kernel(page)
        page.page.goto("about:blank")
        deadline = time.monotonic() + 10
        while own in kernels(page):
            assert time.monotonic() < deadline, "the kernel outlived its page"
            time.sleep(0.1)
