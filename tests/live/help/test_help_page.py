"""Help for an error on the page: above the traceback, with each engine."""

import pytest
from page_driver import live_page

from tools import ROOT
from tools.chapters import parser
from tools.site.server import serve

pytestmark = pytest.mark.chromium


def help_of(live, cell_id, part="output"):
    return live.cell(cell_id).locator(f"[data-part={part}] [data-part=help]")


def test_the_sentence_stands_above_the_traceback(live):
    assert live.run("99-demo") == "error"  # the set-up cell it needs has not run
    told = help_of(live, "99-demo")
    words = "add is defined in cell 2 of 6, which has not run yet: run it first."
    assert told.inner_text() == f"{words} Go to it"
    assert told.locator("a").get_attribute("href") == "#cell-99-add"
    output = live.cell("99-demo").locator("[data-part=output]")
    trace = output.get_by_text("NameError: name 'add' is not defined")
    assert told.bounding_box()["y"] < trace.last.bounding_box()["y"]
    assert output.get_attribute("aria-live") == "polite"
    live.write("99-demo", "print('printed first')\nadd(base)")
    assert live.run("99-demo") == "error"
    words = live.output("99-demo")
    assert words.startswith("printed first")
    assert words.index("add") < words.index("Traceback")
    live.write("99-demo", "print(add(base, 2))")
    live.run_all()
    assert live.output("99-demo").strip() == "42"
    assert told.count() == 0


def test_an_error_that_is_not_known_has_none(page):
    page.go_live("computer")
    page.write("99-demo", "1 / 0")
    assert page.run("99-demo") == "error"
    assert "ZeroDivisionError" in page.output("99-demo")
    assert help_of(page, "99-demo").count() == 0


def test_a_reset_takes_it_away(page):
    page.go_live("computer")
    page.write("99-demo", "print(42")
    assert page.run("99-demo") == "error"
    assert "ends before a bracket" in help_of(page, "99-demo").inner_text()
    page.cell("99-demo").locator("[data-action=reset]").click()
    assert help_of(page, "99-demo").count() == 0
    assert page.output("99-demo").strip() == "42", "the published output"


def test_a_check_that_fails_for_such_a_reason_says_it(page):
    page.go_live("computer")
    page.write("99-add", "def add(a):\n    return a")
    assert page.check("99-add")[0] == "failed"
    told = help_of(page, "99-add", "verdict")
    assert told.inner_text().startswith("The call does not fit def add(a):")
    folded = page.cell("99-add").locator("[data-part=verdict] details")
    assert told.bounding_box()["y"] < folded.bounding_box()["y"]
    page.write("99-add", "def add(a, b):\n    return a - b")
    assert page.check("99-add")[0] == "failed"
    assert told.count() == 0, "what the check expected says enough"


@pytest.mark.parametrize("name", ["computer", "browser"])
def test_mistakes_in_a_real_chapter(name, chromium, site, engine):
    if name == "browser" and not engine["numpy"]:
        pytest.skip(f"numpy for the browser engine is not here: {engine['missing']}")
    path = parser.paths()[0]
    address = "/" + path.relative_to(ROOT).with_suffix(".html").as_posix()
    with serve(site, 0) as served, live_page(chromium, served, address) as live:
        live.go_live(name)
        cell, told = "01-first-look", help_of(live, "01-first-look")
        live.write(
            "01-tensor-init", "@extend(Tensor)\ndef __init__(self, data):\n    data"
        )
        assert live.check("01-tensor-init")[0] == "failed"
        for code, words in [
            (
                "np.ones((2, 3)) - np.ones(2)",
                "Shapes (2,3) and (2,) do not fit together",
            ),
            ("np.ones((2, 3)) @ np.ones((2, 3))", "a @ b needs the last size of a"),
            (
                "w = np.array([1, 2], 'int32')\nw -= 0.5",
                "An array of int32 cannot take fractions",
            ),
        ]:
            live.write(cell, code)
            assert live.run(cell) == "error"
            assert told.inner_text().startswith(words)
