"""Live cells without a network: what an earlier visit must have kept for them."""

import pytest
from offline_site import go_offline, visit, wait_kept

pytestmark = pytest.mark.chromium


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
