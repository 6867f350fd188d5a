"""The map of progress on the real pages: beside each chapter, and on the contents."""

import json

import pytest
from page_driver import live_page

from tools import ROOT
from tools.chapters import parser
from tools.site.server import serve

pytestmark = pytest.mark.chromium
CONTENTS = "/book/intro.html"


def published(site):
    """The chapters that are pages of the built book."""
    parsed = [parser.read(path) for path in parser.paths()]
    return [
        one
        for one in parsed
        if (site / one.path.relative_to(ROOT).with_suffix(".html")).exists()
    ]


@pytest.fixture
def contents(site, chromium):
    """The contents page in a fresh profile."""
    with (
        serve(site, 0, computer=False) as served,
        live_page(chromium, served, CONTENTS) as live,
    ):
        live.page.goto(live.address)
        yield live


def note_passed(page, cells, version=None):
    for cell in cells:
        record = {"version": 1, "passed": {version or cell.hash: 1}}
        item = [f"tinytorch:passed:{cell.id}", json.dumps(record)]
        page.evaluate("([key, value]) => localStorage.setItem(key, value)", item)


def test_the_build_counts_the_exercises(site):
    data = json.loads((site / "_static" / "chapters.json").read_text(encoding="utf-8"))
    listed = {one["chapter"]: one["exercises"] for one in data["chapters"]}
    assert listed == {
        one.slug: [[cell.id, cell.hash] for cell in one.exercises]
        for one in published(site)
    }
    html = (site / CONTENTS.removeprefix("/")).read_text(encoding="utf-8")
    for one in published(site):
        row = html.partition(f'<li data-chapter="{one.slug}">')[2]
        assert f"{len(one.exercises)} exercises" in row.partition("</li>")[0]


def test_the_map_is_quiet_until_something_has_passed(contents, site):
    page = contents.page
    page.wait_for_load_state("networkidle")
    assert page.locator("nav.bd-links .tt-passed").count() == 0
    assert not [url for url in contents.requests if "chapters.json" in url]
    first, second, *_ = published(site)
    note_passed(page, first.exercises[:2])
    note_passed(page, first.exercises[2:3], "0" * 16)
    page.reload()
    page.locator(".tt-map .tt-marks-row").first.wait_for()
    total = len(first.exercises)
    row = page.locator(f'.tt-map [data-chapter="{first.slug}"]')
    assert f"2 of {total} passed, 1 more in an earlier version" in row.inner_text()
    assert row.locator("[data-mark=passed]").count() == 2
    assert row.locator("[data-mark]").count() == total
    beside = page.locator("nav.bd-links a:has(.tt-passed)")
    assert beside.count() == len(published(site))
    assert f"2 of {total} exercises passed" in beside.first.text_content()
    assert f"0 of {len(second.exercises)}" in beside.nth(1).text_content()


def test_a_chapter_counts_itself_and_follows_other_tabs(contents, site):
    first = published(site)[0]
    page = contents.page
    note_passed(page, first.exercises[:1])
    other = contents.context.new_page()
    address = first.path.relative_to(ROOT).with_suffix(".html").as_posix()
    other.goto(f"{contents.site.url}/{address}")
    mark = other.locator("nav.bd-links li.active .tt-passed")
    mark.wait_for()
    assert mark.inner_text().startswith("1/")
    note_passed(page, first.exercises[:2])
    other.wait_for_function(
        "() => document.querySelector('nav.bd-links li.active .tt-passed')"
        ".innerText.startsWith('2/')"
    )


def test_the_link_below_the_title_opens_the_panel(contents, site):
    page = contents.page
    first = published(site)[0]
    address = first.path.relative_to(ROOT).with_suffix(".html").as_posix()
    page.goto(f"{contents.site.url}/{address}")
    panel = page.locator("#your-work")
    page.get_by_role("link", name="Your work").click()
    panel.locator("[data-action=take-notebook]").wait_for()
    panel.locator("> summary").click()
    assert panel.get_attribute("open") is None
    page.get_by_role("link", name="Your work").click()  # the same address as before
    panel.locator("[data-action=take-notebook]").wait_for(state="visible")


def test_the_contents_page_hands_out_any_chapter(contents, site, tmp_path):
    page = contents.page
    page.locator("#your-work > summary").click()
    last = published(site)[-1]
    page.locator("#your-work select").select_option(last.slug)
    with page.expect_download() as download:
        page.locator("[data-action=take-notebook]").click()
    assert download.value.suggested_filename == f"{last.slug}.ipynb"


def test_without_scripts_the_contents_still_count(site, chromium):
    with serve(site, 0, computer=False) as served:
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(served.url + CONTENTS)
        first = published(site)[0]
        words = f"{len(first.exercises)} exercises"
        assert words in page.locator(".tt-map li").first.inner_text()
        page.locator("#your-work > summary").click()
        assert "needs JavaScript" in page.locator("#your-work").inner_text()
        context.close()
