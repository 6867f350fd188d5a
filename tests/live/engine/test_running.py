"""Running cells of a live page in a browser: one, edited and again, above, all."""

import page_site
import pytest
from page_driver import live_page

from tools.site.server import serve

pytestmark = pytest.mark.chromium


def test_nothing_of_the_engine_is_loaded_before_go_live(page):
    page.open()
    assert page.output("99-demo") == "42"
    assert not [url for url in page.requests if "/_static/engine/" in url]
    assert page.page.locator("#live-run-all").is_hidden()
    assert page.page.locator("[data-part=editor]").count() == 0
    assert "Go live" in page.status
    assert page.page.get_attribute("#live-status", "data-state") == "off"


def test_run_edit_and_rerun(live):
    assert live.run("99-setup") == "ok"
    assert live.output("99-setup") == ""
    live.write("99-demo", "print(base / 2)")
    live.cell("99-demo").locator("[data-part=editor]").press("Shift+Enter")
    assert live.wait_ended("99-demo") == "ok"
    assert live.output("99-demo").strip() == "20.0"
    assert "[2]" in live.cell("99-demo").locator(".tt-marks").inner_text()
    live.write("99-demo", "print(base)\nmissing_name")
    assert live.state("99-demo") == "idle", "the text is no longer what ran"
    assert live.run("99-demo") == "error"
    output = live.output("99-demo")
    assert output.startswith("40") and "NameError" in output
    assert live.run("99-setup") == "ok", "an error leaves the kernel as it was"


def test_typed_keys_reach_the_editor(live):
    """A key that the site uses itself, such as "/" for its search, is only typed."""
    editor = live.cell("99-demo").locator("[data-part=editor]")
    editor.press("ControlOrMeta+a")
    live.page.keyboard.type("6/3")
    live.page.keyboard.press("Shift+Enter")
    assert live.wait_ended("99-demo") == "ok"
    assert live.output("99-demo").strip() == "2.0"
    editor.press("Escape")
    live.page.keyboard.press("Tab")
    focused = "document.activeElement.dataset.action"
    assert live.page.evaluate(focused) == "run", "Escape then Tab leaves the editor"


def test_completion_comes_from_the_kernel(live):
    live.run("99-setup")
    live.write("99-demo", "sys.getrecursion")
    live.page.keyboard.press("Tab")
    live.page.wait_for_selector(".cm-tooltip-autocomplete li")
    live.page.wait_for_timeout(150)  # CodeMirror ignores keys for 75 ms
    live.page.keyboard.press("Tab")
    assert live.text("99-demo").startswith("sys.getrecursionlimit")


def test_run_all_uses_solutions_for_untouched_exercises(live):
    words = live.run_all()
    assert "6 cells run" in words
    states = {cell[0]: live.state(cell[0]) for cell in page_site.CELLS}
    assert set(states.values()) == {"ok"}
    exercise = live.cell("99-add")
    assert exercise.get_attribute("data-solution-used") is not None
    assert "published solution used" in exercise.inner_text()
    assert "raise NotImplementedError" in live.text("99-add"), "the stub stays"
    assert live.page.locator("[data-solution-used]").count() == 1
    assert live.cell("99-markdown").locator("strong").inner_text() == "bold"
    live.cell("99-markdown").locator("math").wait_for()  # fetched late
    live.run("99-add")
    assert exercise.get_attribute("data-solution-used") is None
    assert live.run("99-add-check") == "error"
    assert "NotImplementedError" in live.output("99-add-check")


def test_run_all_takes_an_edited_exercise_and_stops_at_an_error(live):
    live.write("99-add", "def add(a, b):\n    return a - b")
    words = live.run_all()
    assert "cell 3 of 6: AssertionError" in words
    assert live.cell("99-add").get_attribute("data-solution-used") is None
    assert live.state("99-add-check") == "error"
    assert live.state("99-demo") == "idle"
    assert live.output("99-demo") == "42", "what did not run keeps its output"


def test_run_above(live):
    assert live.run("99-demo") == "error"
    note = live.cell("99-demo").locator(".tt-note")
    assert "Cells above have not run" in note.inner_text()
    note.locator("button").click()
    live.page.wait_for_selector('[data-cell-id="99-add-check"][data-state=ok]')
    live.wait_state("ready")
    assert live.state("99-markdown") == "idle"
    assert live.run("99-demo") == "ok"
    assert live.output("99-demo").strip() == "42"


def test_a_cell_can_be_run_before_the_page_is_live(page):
    page.open("computer")
    assert page.run("99-setup") == "ok"
    assert page.page.get_attribute("#live-status", "data-state") == "ready"
    assert page.cell("99-demo").locator("[data-part=editor]").count() == 1


def test_a_course_page_says_where_a_solution_comes_from(chromium, engine, tmp_path):
    folder = page_site.write(tmp_path / "site", solutions=False)
    with serve(folder, 0) as site, live_page(chromium, site, page_site.PATH) as page:
        page.go_live("computer").run_all()
        said = page.cell("99-add").inner_text()
        assert "published solution used, from the reference package" in said


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows_a_narrow_screen(chromium, served, scheme):
    options = {"viewport": {"width": 375, "height": 700}, "color_scheme": scheme}
    with live_page(chromium, served, page_site.PATH, **options) as page:
        page.go_live("computer").run_all()
        assert page.page.evaluate("document.documentElement.scrollWidth") == 375
        output = page.cell("99-wide").locator("[data-part=output]")
        assert output.get_attribute("tabindex") == "0", "the keyboard can scroll it"
