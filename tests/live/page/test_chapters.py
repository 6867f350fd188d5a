"""The real chapters and milestones, live: cells print what the built page shows."""

import pytest
from book_chapters import parsed, slug
from page_driver import live_page

from tools import ROOT
from tools.chapters import parser
from tools.site.server import serve

pytestmark = pytest.mark.chromium
EACH = pytest.mark.parametrize("path", parser.pages(), ids=slug)
# A chapter's Run all is to end within this time in the browser engine, in ms; twice
# that is allowed here, where two cores may be busy with other tests.
PATIENCE = 2 * 30_000


@pytest.fixture(scope="session")
def book(site):
    """The public site, served with both engines."""
    with serve(site, 0) as served:
        yield served


@pytest.fixture(scope="session")
def course(course_site):
    """The site of a course, served without a computer engine."""
    with serve(course_site, 0, computer=False) as served:
        yield served


def address(path):
    return "/" + path.relative_to(ROOT).with_suffix(".html").as_posix()


def run_all(live):
    """Run the whole chapter; return the outputs of the cells that failed."""
    live.page.set_default_timeout(PATIENCE)
    live.run_all()
    return {
        cell: live.output(cell)
        for cell in ids(live)
        if live.state(cell) != "ok"  # what follows a failed cell is left idle
    }


def ids(live):
    cells = live.page.locator("[data-cell-id]")
    return cells.evaluate_all("cells => cells.map(cell => cell.dataset.cellId)")


def outputs(live, roles):
    """Return the text of the outputs of the cells of these roles, by cell."""
    wanted = ", ".join(f'[data-cell-role="{role}"]' for role in roles)
    texts = live.page.locator(f":is({wanted})").evaluate_all(
        """cells => cells.map(cell => [
            cell.dataset.cellId,
            cell.querySelector("[data-part=output]").innerText])"""
    )
    return {cell: text.strip() for cell, text in texts}


def needs_numpy(engine_name, manifest):
    if engine_name == "browser" and not manifest["numpy"]:
        missing = "; ".join(f"{m['file']}: {m['why']}" for m in manifest["missing"])
        pytest.skip(f"numpy for the browser engine is not here ({missing})")


@EACH
@pytest.mark.parametrize("name", ["computer", "browser"])
def test_every_cell_runs_and_says_what_it_said_at_build(
    path, name, chromium, book, engine
):
    needs_numpy(name, engine)
    with live_page(chromium, book, address(path)) as live:
        live.open(name)
        told = outputs(live, ["setup", "exercise", "check", "demo"])
        assert any(told.values())
        live.page.click("#live-start")
        live.wait_state("ready")
        assert run_all(live) == {}
        assert outputs(live, ["setup", "exercise", "check", "demo"]) == told
        used = live.page.locator("[data-solution-used]").count()
        assert used == len(parsed(path).exercises)


@EACH
def test_a_course_runs_on_the_reference_package(path, chromium, course, engine):
    needs_numpy("browser", engine)
    with live_page(chromium, course, address(path)) as live:
        live.go_live("browser")
        assert run_all(live) == {}
        used = live.page.locator("[data-solution-used]")
        assert used.count() == len(parsed(path).exercises)


def test_a_picture_is_told_in_words_and_has_the_colors_of_the_page(chromium, book):
    """Look at a plot in the built page, and at the one that a live run draws."""
    path = ROOT / "modules" / "08_dataloader" / "dataloader_dev.py"
    cells = [cell.id for cell in parsed(path).code]
    with live_page(chromium, book, address(path)) as live:
        live.go_live("computer")
        told = ".picture svg[aria-label='16 images of 8 by 8 pixels']"
        picture = f"[data-cell-id='08-digits'] [data-part=output] {told}"
        ground = "picture => getComputedStyle(picture.querySelector('rect')).fill"
        live.page.wait_for_selector(picture)
        for cell in cells[: cells.index("08-digits") + 1]:
            live.run(cell)
        shown = live.page.wait_for_selector(picture)
        for theme, color in [("dark", "23, 25, 29"), ("light", "253, 252, 250")]:
            live.page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            assert shown.evaluate(ground) == f"rgb({color})"
