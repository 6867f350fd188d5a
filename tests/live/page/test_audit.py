"""Audits of the built pages: accessibility by axe-core, and Lighthouse's scores."""

import json
from pathlib import Path

import pytest
from page_driver import live_page

from tools import BUILD
from tools.engine import toolchain
from tools.engine.bundles import install_packages
from tools.site import browser
from tools.site.server import serve

pytestmark = pytest.mark.chromium

PROJECT = Path(__file__).parent / "audit"
LISTS = (PROJECT / "package.json", PROJECT / "package-lock.json")
INSTALLED = BUILD / "audit"
CHAPTER = "/modules/02_activations/activations_dev.html"
CONTENTS = "/book/intro.html"
LEAST = {"accessibility": 1.0, "best-practices": 0.95, "seo": 0.95}
SIZES = {"wide": (1280, 800), "phone": (375, 800)}
SERIOUS = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations
        .filter(({ impact }) => ["serious", "critical"].includes(impact))
        .map(({ id, help, nodes }) =>
            `${id}: ${help}: ${nodes.map(({ target }) => target).join("; ")}`);
}"""


@pytest.fixture(scope="session")
def modules():
    """The folder of the npm packages; the tests are skipped where npm gets none."""
    try:
        install_packages(LISTS, INSTALLED)
    except toolchain.EngineError as error:
        pytest.skip(f"axe-core and Lighthouse are not here: {error}")
    return INSTALLED / "node_modules"


@pytest.fixture(scope="module")
def book(site):
    """The public site with both engines."""
    with serve(site, 0) as served:
        yield served


@pytest.fixture(params=["light", "dark"])
def mode(request):
    return request.param


def findings(live, modules):
    """Return axe's serious and critical findings on the page in its present state."""
    if not live.page.evaluate("'axe' in window"):
        script = modules / "axe-core" / "axe.min.js"
        live.page.evaluate(script.read_text(encoding="utf-8") + "; 0")
    return live.page.evaluate(SERIOUS)


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_serious(size, mode, chromium, book, modules, engine):
    """Check the contents page, and a chapter before and after it has gone live."""
    width, height = SIZES[size]
    options = {
        "viewport": {"width": width, "height": height},
        "color_scheme": mode,
        "has_touch": size == "phone",
        "is_mobile": size == "phone",
    }
    # Each engine in one of the two modes; both in each size.
    name = "browser" if engine["numpy"] and mode == "light" else "computer"
    with live_page(chromium, book, CONTENTS, **options) as live:
        for path in (CONTENTS, "/book/reading.html", "/offline.html"):
            live.page.goto(book.url + path)
            assert findings(live, modules) == [], path
        live.address = book.url + CHAPTER
        live.open(name)
        assert live.page.evaluate("document.documentElement.dataset.theme") == mode
        assert findings(live, modules) == [], "static"
        live.page.click("#live-start")
        live.wait_state("ready")
        exercise = live.page.locator("[data-cell-role=exercise]").first
        cell_id = exercise.get_attribute("data-cell-id")
        exercise.locator("[data-action=hint]").click()
        live.write(cell_id, "1 / 0")
        live.check(cell_id)
        exercise.locator("[data-action=diff]").click()
        exercise.locator("[data-action=solution]").click()
        live.run(cell_id)
        assert findings(live, modules) == [], f"live, {name}"


@pytest.mark.parametrize("path", [CHAPTER, CONTENTS], ids=["chapter", "contents"])
def test_lighthouse(path, chromium, site, modules, tmp_path):
    """Score a page from a static server, on the slow phone Lighthouse simulates."""
    report = tmp_path / "report.json"
    program = modules / "lighthouse" / "cli" / "index.js"
    with serve(site, 0, computer=False) as served:
        command = [*toolchain.node_command(), program, served.url + path]
        command += [f"--only-categories={','.join(LEAST)}", "--output=json"]
        command += [f"--output-path={report}", "--quiet", "--no-enable-error-reporting"]
        command += [f"--chrome-flags={' '.join(browser.FLAGS)}"]
        toolchain.run(command, tmp_path, CHROME_PATH=browser.find())
    told = json.loads(report.read_text(encoding="utf-8"))
    scores = {name: told["categories"][name]["score"] for name in LEAST}
    failed = [
        f"{audit['id']}: {audit['title']} {json.dumps(audit.get('details', ''))[:300]}"
        for audit in told["audits"].values()
        if audit["score"] is not None and audit["score"] < 1
    ]
    assert all(scores[name] >= least for name, least in LEAST.items()), (scores, failed)
