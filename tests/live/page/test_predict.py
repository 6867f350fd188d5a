"""Questions in a chapter: plain text without JavaScript, radio buttons with it."""

import page_driver
import pytest

from tools.site.server import serve

pytestmark = pytest.mark.chromium
PATH = "/modules/02_activations/activations_dev.html"
LATE = page_driver.PATIENCE


@pytest.fixture(scope="module")
def book(site):
    """The public site, served without a computer engine."""
    with serve(site, 0, computer=False) as served:
        yield served


@pytest.fixture
def page(chromium, book):
    """A chapter with questions, before it goes live."""
    with page_driver.live_page(chromium, book, PATH) as opened:
        opened.open()
        yield opened.page


def question(page, asked):
    found = page.locator("[data-predict]").filter(has_text=asked)
    assert found.count() == 1
    return found


def test_without_scripts_the_answer_is_folded(chromium, book):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(book.url + PATH)
    asked = question(page, "ReLU turns -0.75 into 0")
    assert asked.locator("[data-part=choices] li").all_inner_texts() == [
        "-0.1700",
        "0.0000",
        "0.1700",
    ]
    reason = asked.locator("[data-answer=right]")
    assert reason.is_hidden()
    asked.locator("summary").click()
    assert reason.inner_text().startswith("-0.1700. Right: at -0.75 the gate")
    assert asked.locator("[data-answer=wrong]").count() == 2
    context.close()


def test_choosing_tells_whether_and_why(page):
    asked = question(page, "ReLU turns -0.75 into 0")
    group = page.get_by_role("group", name="Predict, then run. ReLU turns")
    assert group.get_by_role("radio").count() == 3
    told = asked.get_by_role("status")
    assert told.inner_text() == "Choose one, then run the cell."
    group.get_by_label("0.1700", exact=True).check()
    assert told.inner_text().startswith("No: the gate is a number")
    assert asked.get_attribute("data-chosen") == "wrong"
    group.get_by_label("-0.1700").check()
    assert told.inner_text().startswith("Right: at -0.75 the gate")
    assert asked.get_attribute("data-chosen") == "right"


def test_questions_on_a_page_do_not_mix(page):
    first = question(page, "the second form").get_by_role("radio").nth(2)
    second = question(page, "And the first form").get_by_role("radio").nth(0)
    first.check()
    second.check()
    assert first.is_checked()


def test_the_arrow_keys_pass_over_a_choice_without_its_reason(page):
    asked = question(page, "ReLU turns -0.75 into 0")
    told = asked.get_by_role("status")
    # All that is said, in order: a choice that was passed over must not be in it.
    told.evaluate("""element => {
        window.said = [];
        new MutationObserver(() => window.said.push(element.textContent))
            .observe(element, { childList: true });
    }""")
    first = asked.get_by_role("radio").first
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    asked.locator("[data-answer]").wait_for(timeout=LATE)
    assert told.inner_text().startswith("No: the gate is a number")
    assert not any("far to the left" in words for words in page.evaluate("said"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")  # at once
    assert told.inner_text().startswith("No: only far to the left")


def test_nothing_moves_when_the_script_comes(chromium, book):
    heights = []
    for scripts in (False, True):
        options = {"java_script_enabled": scripts, "viewport": None}
        for width in (1280, 375):
            options["viewport"] = {"width": width, "height": 800}
            context = chromium.new_context(**options)
            page = context.new_page()
            page.goto(book.url + PATH)
            if scripts:
                page.wait_for_selector("[data-predict] fieldset")
            boxes = page.locator("[data-predict]").all()
            heights.append([box.bounding_box()["height"] for box in boxes])
            context.close()
    for before, after in zip(heights[:2], heights[2:], strict=True):
        assert before == pytest.approx(after, abs=2)


def test_the_script_is_light_and_only_where_it_is_needed(page, site):
    assert (site / "_static/live/predict.js").stat().st_size < 5000
    contents = (site / "book/intro.html").read_text(encoding="utf-8")
    assert "predict.js" not in contents and "predict.css" not in contents
