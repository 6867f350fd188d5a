"""Using the page by keyboard, screen reader and touch; its layout does not shift."""

import re

import pytest
from page_driver import live_page

from tools.site.server import serve

pytestmark = pytest.mark.chromium

CHAPTER = "/modules/02_activations/activations_dev.html"
PHONE = {
    "viewport": {"width": 375, "height": 800},
    "has_touch": True,
    "is_mobile": True,
}
FOCUS = """() => {
    const { activeElement } = document;
    const cell = activeElement.closest("[data-cell-id]")?.dataset.cellId ?? "";
    const what = activeElement.dataset.part ?? activeElement.dataset.action;
    return [cell, what ?? activeElement.id];
}"""
SHIFTS = """() => {
    window.shifts = 0;
    new PerformanceObserver(list => {
        for (const { value } of list.getEntries()) window.shifts += value;
    }).observe({ type: "layout-shift", buffered: true });
}"""
# What can be pressed, but for links within sentences and what appears on hovering.
SMALL = """() => [...document.querySelectorAll("a, button, select, summary, input")]
    .filter(one => one.checkVisibility({ visibilityProperty: true }))
    .filter(one => !one.closest(".skip-link") && !one.matches(".copybtn, .headerlink"))
    .filter(one => one.tagName !== "A" ||
        !one.closest(".bd-article :is(p, li, td, h1, h2, h3)") ||
        one.closest(".tt-notebook"))
    .filter(one => {
        // A button within a label is pressed by pressing anywhere on the label.
        const target = one.closest("label") ?? one;
        const { width, height } = target.getBoundingClientRect();
        return height > 0 && (width < 44 || height < 44);
    })
    .map(one => `${one.tagName} ${one.className} ${one.textContent.trim()}`)"""


@pytest.fixture(scope="module")
def book(site):
    """The public site with both engines."""
    with serve(site, 0) as served:
        yield served


def test_a_chapter_by_keyboard_alone(page):
    page.open("computer")
    keys = page.page.keyboard
    page.page.focus("#live-start")
    keys.press("Enter")
    page.wait_state("ready")
    assert page.page.evaluate(FOCUS) == ["", "live-run-all"], "the place is kept"
    for _ in range(20):
        if page.page.evaluate(FOCUS) == ["99-setup", "editor"]:
            break
        keys.press("Tab")
    keys.press("Shift+Enter")
    page.wait_ended("99-setup")
    assert page.page.evaluate(FOCUS) == ["99-add", "editor"], "on to the next cell"
    keys.press("Control+Enter")
    page.wait_ended("99-add")
    assert page.page.evaluate(FOCUS) == ["99-add", "editor"], "stays"
    keys.press("Tab")
    assert page.page.evaluate(FOCUS) == ["99-add", "editor"], "Tab writes"
    keys.press("Escape")
    keys.press("Tab")
    assert page.page.evaluate(FOCUS) == ["99-add", "run"], "Escape, then Tab leaves"
    keys.press("Shift+Tab")
    keys.press("Escape")
    keys.press("Shift+Tab")
    assert page.page.evaluate(FOCUS)[0] == "99-setup", "and backwards"


def test_the_last_cell_keeps_the_keyboard(page):
    page.go_live("computer")
    page.cell("99-wide").locator("[data-part=editor]").press("Shift+Enter")
    page.wait_ended("99-wide")
    assert page.page.evaluate(FOCUS) == ["99-wide", "editor"]


def test_skip_links_lead_past_the_chapters(chromium, book):
    with live_page(chromium, book, CHAPTER) as live:
        live.open("computer")
        live.page.keyboard.press("Tab")
        assert live.page.evaluate("document.activeElement.textContent") == (
            "Skip to the text"
        )
        live.page.keyboard.press("Enter")
        live.page.keyboard.press("Tab")
        inside = "document.querySelector('#main-content').contains"
        assert live.page.evaluate(f"{inside}(document.activeElement)")


def test_what_a_screen_reader_hears(page):
    """Record each change of the words that a screen reader hears of the status line."""
    page.go_live("computer")
    page.page.evaluate(
        """() => {
            const status = document.querySelector("#live-status");
            const spoken = status.querySelector("span:not([aria-hidden])");
            window.heard = [];
            const hear = () => window.heard.push(spoken.textContent);
            const what = { childList: true, characterData: true, subtree: true };
            new MutationObserver(hear).observe(spoken, what);
        }"""
    )
    page.run("99-setup")
    assert page.page.evaluate("heard.splice(0)") == ["Running cell 1 of 6…", "Done."]
    page.run_all()
    assert page.page.evaluate("heard.splice(0)") == ["Running", "6 cells run."]
    page.write("99-demo", "1 / 0")
    page.run("99-demo")
    assert page.page.evaluate("heard.splice(0)") == [
        "Running cell 4 of 6…",
        "cell 4 of 6: ZeroDivisionError.",
    ]
    assert page.page.get_attribute("#live-status", "role") == "status"


def test_the_bar_counts_the_cells_that_ran(page):
    page.open("computer")
    assert page.page.locator(".tt-ran").is_hidden()
    page.go_live("computer")
    assert page.page.text_content(".tt-ran") == "0 of 6 cells ran"
    page.run("99-setup")
    page.run("99-markdown")
    assert page.page.text_content(".tt-ran") == "2 of 6 cells ran"
    page.run_all()
    assert page.page.text_content(".tt-ran") == "6 of 6 cells ran"


def test_how_much_going_live_brings_is_said_before(chromium, book, engine):
    if not engine["numpy"]:
        pytest.skip(f"numpy for the browser engine is not here: {engine['missing']}")
    with live_page(chromium, book, CHAPTER) as live:
        live.open("browser")
        words = r"Python, \d+ MB, comes into this page and stays in this browser"
        assert re.search(words, live.status)


def test_less_motion_where_that_is_asked_for(chromium, book):
    options = {"reduced_motion": "reduce"}
    with live_page(chromium, book, CHAPTER, **options) as live:
        live.open("computer")
        live.page.evaluate(
            "document.querySelector('.tt-progress').className += ' tt-unknown'"
        )
        moving = """document.getAnimations().filter(
            one => one.effect.getComputedTiming().duration > 1).length"""
        assert live.page.evaluate(moving) == 0
        smooth = "getComputedStyle(document.documentElement).scrollBehavior"
        assert live.page.evaluate(smooth) == "auto"


def test_a_phone_has_room_for_fingers_and_the_text_stays(chromium, book):
    with live_page(chromium, book, CHAPTER, **PHONE) as live:
        live.page.add_init_script(f"({SHIFTS})()")
        live.go_live("computer")
        live.page.locator("[data-action=run]").first.click()
        live.page.wait_for_selector("[data-cell-id][data-state=ok]")
        assert live.page.evaluate("shifts") < 0.1
        assert live.page.evaluate(SMALL) == []
        wide = "document.documentElement.scrollWidth"
        assert live.page.evaluate(wide) <= 375, "nothing hangs over the edge"
        live.page.click(".primary-toggle")
        live.page.wait_for_selector(".bd-sidebar-primary a:visible")
        assert live.page.evaluate(SMALL) == []


def test_the_text_stays_on_a_wide_screen_and_through_a_run_of_all(chromium, book):
    with live_page(chromium, book, CHAPTER) as live:
        live.page.add_init_script(f"({SHIFTS})()")
        live.go_live("computer")
        live.run_all()
        assert live.page.evaluate("shifts") < 0.1
