"""Stale cells: marked when something they use changes, fresh after they run again."""

import pytest

pytestmark = pytest.mark.chromium


def wait_stale(page, cell_id):
    page.page.wait_for_selector(f'[data-cell-id="{cell_id}"][data-state=stale]')
    assert "stale" in page.cell(cell_id).locator(".tt-marks").inner_text()


def test_an_edit_marks_what_used_it_and_run_above_mends_it(live):
    live.run_all()
    live.write("99-setup", "import sys\nbase = 41")
    wait_stale(live, "99-demo")
    assert live.state("99-add") == "ok", "it does not use what changed"
    live.cell("99-wide").locator("[data-action=run-above]").click()
    live.wait_ended("99-demo")
    live.page.wait_for_selector("#live-run-all:enabled")
    assert live.state("99-demo") == "ok"
    assert live.output("99-demo").strip() == "43"


def test_a_rerun_marks_only_what_it_changed(page):
    page.go_live("computer")
    page.run_all()
    assert page.run("99-setup") == "ok"
    assert page.state("99-demo") == "ok", "the same text gives the same names"
    page.write("99-add", "def add(a, b):\n    return a + b + 0")
    wait_stale(page, "99-demo")
    wait_stale(page, "99-add-check")
    assert page.check("99-add")[0] == "passed"
    assert page.state("99-add-check") == "ok"
    assert page.state("99-demo") == "stale", "only its own run mends it"
    assert page.run("99-demo") == "ok"


def test_a_class_that_is_defined_again_marks_what_extends_it(page):
    page.go_live("computer")
    page.write("99-setup", "class Box:\n    pass")
    page.write("99-demo", "Box.size = lambda self: 3")
    page.run("99-setup")
    page.run("99-demo")
    page.run("99-setup")
    wait_stale(page, "99-demo")
