"""An exercise's own check, its hints and its solution."""

import page_site
import pytest
from page_driver import live_page

from tools import ROOT
from tools.chapters import parser
from tools.judge.mutants import mutants
from tools.site.server import serve

pytestmark = pytest.mark.chromium
RIGHT = "def add(a, b):\n    return b + a"


def test_a_right_answer_passes_after_what_it_needs(live):
    live.write("99-add", RIGHT)
    state, words = live.check("99-add")
    assert state == "passed" and "passed" in words
    assert "Ran 1 cell that it needs first" in words, "it says what it ran besides"
    assert live.state("99-setup") == "ok" and live.state("99-add-check") == "ok"
    assert live.state("99-demo") == "idle", "what it does not need is left alone"
    assert live.check("99-add") == ("passed", "✓ passed"), "nothing is missing now"


def test_a_wrong_answer_is_told_in_words_with_the_traceback_folded(live):
    live.write("99-add", "def add(a, b):\n    return a - b")
    state, words = live.check("99-add")
    assert state == "failed" and "Not right yet" in words
    assert "This does not hold: add(1, 2) == 3" in words
    folded = live.cell("99-add").locator("[data-part=verdict] details")
    assert folded.get_attribute("open") is None
    folded.locator("summary").click()
    assert "AssertionError" in folded.inner_text()
    live.write("99-add", RIGHT)
    assert live.cell("99-add").locator("[data-part=verdict]").is_hidden()


def test_a_stub_has_nothing_to_check(page):
    page.open("computer")  # a check goes live by itself
    state, words = page.check("99-add")
    assert state == "nothing"
    assert "replace the line that raises NotImplementedError" in words
    page.write("99-add", page.text("99-add") + "  # touched")
    state, words = page.check("99-add")
    assert state == "nothing" and "nothing to check yet" in words


def test_an_error_of_the_cell_itself_is_named(page):
    page.go_live("computer")
    page.write("99-add", "def add(a, b)")
    state, words = page.check("99-add")
    assert state == "failed" and "The cell stopped with SyntaxError" in words


def test_a_stopped_check_says_so(page):
    page.go_live("computer")
    page.write("99-add", "while True:\n    pass")
    page.cell("99-add").locator("[data-action=check]").click()
    page.wait_running("99-add")
    page.page.click("#live-stop")
    page.page.wait_for_selector("[data-verdict=ended]")
    assert "stopped" in page.cell("99-add").locator("[data-part=verdict]").inner_text()


def test_the_published_check_is_what_counts(page):
    page.go_live("computer")
    page.write("99-add", "def add(a, b):\n    return 0")
    page.write("99-add-check", "pass")
    assert page.check("99-add")[0] == "failed"
    assert "published check used" in page.cell("99-add-check").inner_text()


def test_a_check_of_a_stale_exercise_counts_once_it_has_run_again(page):
    def passed():
        return page.page.evaluate("localStorage['tinytorch:passed:99-add'] ?? null")

    page.go_live("computer")
    page.run("99-setup")
    page.write("99-add", "def add(a, b):\n    return a + b + 0 * base")
    page.run("99-add")
    page.write("99-setup", "import sys\nbase = 41")
    page.run("99-setup")
    assert page.state("99-add") == "stale"
    assert page.run("99-add-check") == "ok"
    note = page.cell("99-add-check").locator(".tt-note")
    assert "The exercise is stale: what it uses has changed." in note.inner_text()
    assert passed() is None
    note.locator("button").click()
    page.page.wait_for_selector("[data-cell-id='99-add'] [data-verdict=passed]")
    assert page.state("99-add") == "ok" and note.is_hidden()
    assert passed() is not None


def test_hints_unfold_one_by_one_and_end_with_the_solution(page):
    page.open("computer")  # no engine is needed for it
    cell = page.cell("99-add")
    hint = cell.locator("[data-action=hint]")
    for number, text in enumerate(page_site.HINTS, 1):
        hint.click()
        items = cell.locator("[data-part=hints] li")
        assert items.count() == number and items.last.inner_text() == text
    assert cell.locator("[data-part=solution]").get_attribute("open") is None
    hint.click()
    assert cell.locator("[data-part=solution]").get_attribute("open") is not None
    cell.locator("[data-action=solution]").click()
    assert cell.locator("[data-part=solution]").get_attribute("open") is None


def test_in_a_course_hints_end_before_the_solution(chromium, engine, tmp_path):
    folder = page_site.write(tmp_path / "site", solutions=False)
    with serve(folder, 0) as site, live_page(chromium, site, page_site.PATH) as page:
        page.open("computer")
        cell = page.cell("99-add")
        assert cell.locator("[data-action=solution]").is_hidden()
        for _ in page_site.HINTS:
            cell.locator("[data-action=hint]").click()
        assert cell.locator("[data-action=hint]").is_hidden()


@pytest.mark.parametrize("name", ["computer", "browser"])
@pytest.mark.parametrize("exercise", ["01-tensor-add", "02-softmax", "04-mse"])
def test_the_checks_of_real_chapters(name, exercise, chromium, site, engine):
    if name == "browser" and not engine["numpy"]:
        pytest.skip(f"numpy for the browser engine is not here: {engine['missing']}")
    path = next(p for p in parser.paths() if p.parent.name[:2] == exercise[:2])
    cell = parser.read(path).cell(exercise)
    address = "/" + path.relative_to(ROOT).with_suffix(".html").as_posix()
    with serve(site, 0) as served, live_page(chromium, served, address) as live:
        live.go_live(name)
        for kind, wrong in mutants(cell).items():
            live.write(exercise, wrong)
            state, words = live.check(exercise)
            assert state == ("nothing" if kind == "stub" else "failed"), (kind, words)
            if kind != "stub":
                assert ("expected" in words and "got" in words) or "stopped" in words
        live.write(exercise, cell.solved)
        assert live.check(exercise)[0] == "passed"
