"""The reader's own modules on the page: kept, used later, blamed, switched off."""

import json

import pytest
from book_chapters import NUMBERED, parsed
from page_driver import live_page
from readers import COUNTED_MATMUL

from tools import ROOT
from tools.site.server import serve

pytestmark = pytest.mark.chromium
ADDRESSES = {
    number: "/" + path.relative_to(ROOT).with_suffix(".html").as_posix()
    for number, path in NUMBERED.items()
}
GRADIENTS = """\
import tinytorch.core.tensor as chapter_01
add_autograd(Tensor)
x = Tensor(np.ones((1, 2)), requires_grad=True)
w = Tensor(np.full((2, 1), 3.0), requires_grad=True)
before = chapter_01.products
(x @ w).sum().backward()
print(x.grad.tolist(), chapter_01.products - before, chapter_01.__file__)
"""


@pytest.fixture(scope="session")
def book(site):
    """The public site, served with both engines."""
    with serve(site, 0) as served:
        yield served


@pytest.fixture(params=["computer", "browser"])
def name(request, engine):
    """Return the name of each engine in turn."""
    if request.param == "browser" and not engine["numpy"]:
        pytest.skip(f"numpy for the browser engine is not here: {engine['missing']}")
    return request.param


@pytest.fixture
def reader(chromium, book):
    """Open chapter 01 in a fresh browser profile."""
    with live_page(chromium, book, ADDRESSES["01"]) as live:
        yield live


def visit(live, number, engine=None):
    """Open another chapter in the same profile."""
    live.address = live.site.url + ADDRESSES[number]
    return live.open(engine)


def start(live):
    live.page.click("#live-start")
    live.wait_state("ready")


def used(live):
    """Return whose module the page says is in use, "yours" or "reference", by name."""
    rows = live.page.locator("[data-framework]").evaluate_all(
        "all => all.map(one => [one.dataset.module, one.dataset.framework])"
    )
    return dict(rows)


def wait_used(live, module, whose):
    row = f'[data-module="{module}"][data-framework={whose}]'
    live.page.wait_for_selector(row, state="attached")


def unfold(live):
    if live.page.locator("#live-framework details[open]").count() == 0:
        live.page.click("#live-framework summary")


def solve(live, cell_id, text):
    """Write an exercise and check it; wait until the module is kept."""
    live.write(cell_id, text)
    assert live.check(cell_id)[0] == "passed"
    verdict = live.cell(cell_id).locator("[data-part=verdict]")
    verdict.get_by_text("Kept as your own").wait_for()


def demo(number):
    """Return the id of a chapter's first demo cell."""
    cells = parsed(NUMBERED[number]).code
    return next(cell.id for cell in cells if cell.role == "demo")


def keep(live, module, source, **more):
    """Put a module into the storage as if kept on another day."""
    record = {"version": 1, "chapter": "01_tensor", "module": module, "cells": {}}
    record |= {"source": source, "hash": "", "time": 1, **more}
    live.page.evaluate(
        "([key, value]) => localStorage.setItem(key, value)",
        [f"tinytorch:own:{module}", json.dumps(record)],
    )


def test_the_gradients_of_chapter_05_on_the_readers_own_chapter_01(reader, name):
    reader.go_live(name)
    assert used(reader) == {}, "chapter 01 builds on nothing"
    assert reader.page.is_hidden("#live-framework")
    solve(reader, "01-tensor-matmul", COUNTED_MATMUL)
    assert "1 of 6 exercises" in reader.page.text_content("#live-framework")
    visit(reader, "05", name)
    assert used(reader)["core.tensor"] == "yours", "it is said before going live"
    assert used(reader)["core.layers"] == "reference"
    assert "Built on your own Tensor" in reader.page.inner_text("#live-framework")
    start(reader)
    reader.page.set_default_timeout(120_000)
    last = parsed(NUMBERED["05"]).exercises[-1]
    reader.write(last.id, last.solved + "  # mine")
    assert reader.check(last.id)[0] == "passed", "with all that it needs above"
    assert used(reader)["core.tensor"] == "yours"
    trial = demo("05")
    reader.write(trial, GRADIENTS)
    assert reader.run(trial) == "ok", reader.output(trial)
    printed = reader.output(trial)
    assert "[[3.0, 3.0]]" in printed and "your chapter 01, Tensor" in printed
    calls = int(printed.split("]] ")[1].split()[0])
    assert calls >= 1, "the product and both its gradients are the reader's"
    reader.page.click('[data-switch="all"]')
    wait_used(reader, "core.tensor", "reference")
    reader.wait_state("ready")
    reader.page.wait_for_selector("#live-run-all:enabled")
    reader.write(trial, "import tinytorch.core.tensor as t; print(t.__file__)")
    assert reader.run(trial) == "ok"
    assert reader.output(trial).strip().endswith("tensor.py")
    visit(reader, "02")
    assert used(reader) == {"core.tensor": "reference"}, "it is remembered"
    reader.page.click('[data-switch="all"]')
    wait_used(reader, "core.tensor", "yours")


def test_a_module_that_breaks_a_later_chapter_is_found(reader, name):
    reader.open(name)
    keep(reader, "core.tensor", BREAKING)
    visit(reader, "02", name)
    start(reader)
    reader.page.set_default_timeout(120_000)
    reader.run_all()
    note = reader.page.locator(".tt-note").get_by_text("With the reference in place of")
    note.wait_for()
    assert "your chapter 01, Tensor, this runs" in note.inner_text()
    panel = reader.page.inner_text("#live-framework")
    assert "Your chapter 01, Tensor, makes cell" in panel
    reader.page.locator(".tt-framework-notes [data-switch]").click()
    wait_used(reader, "core.tensor", "reference")
    reader.wait_state("ready")
    reader.page.wait_for_selector("#live-run-all:enabled")
    assert "Ended" not in reader.run_all()


def test_a_check_that_fails_because_of_an_earlier_chapter_says_so(page_of_02):
    live = page_of_02
    keep(live, "core.tensor", BREAKING)
    live.go_live("computer")
    exercise = parsed(NUMBERED["02"]).cell("02-softmax")
    live.write(exercise.id, exercise.solved + "  # mine")
    assert live.check(exercise.id)[0] == "failed"
    verdict = live.cell(exercise.id).locator("[data-part=verdict]")
    verdict.get_by_text("With the reference in place of your chapter 01").wait_for()
    verdict.get_by_role("button", name="Use the reference").click()
    wait_used(live, "core.tensor", "reference")
    live.wait_state("ready")
    live.page.wait_for_selector("#live-run-all:enabled")
    assert live.check(exercise.id)[0] == "passed"
    wrong = exercise.solved.replace("return", "return 0 *")
    live.write(exercise.id, wrong)
    assert live.check(exercise.id)[0] == "failed"
    assert verdict.get_by_text("With the reference").count() == 0


def test_what_another_tab_keeps_is_shown_and_used_after_a_new_start(page_of_02):
    live = page_of_02
    live.go_live("computer")
    other = live.context.new_page()
    other.goto(live.address)
    record = {
        "version": 1,
        "chapter": "01_tensor",
        "module": "core.tensor",
        "cells": {},
    }
    record |= {"source": "class Tensor:\n    mine = 1\n", "hash": "", "time": 1}
    key = "tinytorch:own:core.tensor"
    arguments = [key, json.dumps(record)]
    other.evaluate("([key, value]) => localStorage.setItem(key, value)", arguments)
    other.close()
    line = live.page.get_by_text("What is kept has changed since Python started")
    line.wait_for(state="attached")
    assert used(live) == {"core.tensor": "reference"}, "what runs is what it says"
    unfold(live)
    live.page.click('[data-switch="again"]')
    wait_used(live, "core.tensor", "yours")


BREAKING = """\
from math import nan

class Tensor:
    def max(self, axis=None, keepdims=False):
        return wrap(np.asarray(nan))

    def __neg__(self):
        raise TypeError("no sign")
"""


def test_what_cannot_be_used_is_said_and_nothing_is_lost(page_of_02):
    live = page_of_02
    keep(live, "core.tensor", "def f(:\n")
    live.go_live("computer")
    assert used(live) == {"core.tensor": "reference"}
    said = live.page.inner_text("#live-framework")
    assert "Your chapter 01, Tensor, could not be loaded: SyntaxError" in said
    assert live.page.evaluate('localStorage["tinytorch:own:core.tensor"]')
    live.page.evaluate('localStorage["tinytorch:own:core.tensor"] = "{"')
    live.open("computer")
    assert "cannot be read" in live.page.inner_text("#live-framework")
    assert live.page.evaluate('localStorage["tinytorch:own:core.tensor"]') == "{"


def test_a_module_made_from_an_earlier_chapter_is_used_and_said(page_of_02):
    live = page_of_02
    source = "class Tensor:\n    mine = True\n"
    keep(live, "core.tensor", source, hash="an earlier one")
    live.go_live("computer")
    assert used(live) == {"core.tensor": "yours"}
    said = live.page.text_content("#live-framework")
    assert "made from an earlier version of the chapter" in said
    imports = "from tinytorch.core.tensor import Tensor\n"
    live.write(demo("02"), imports + "print(Tensor.mine, (Tensor([1]) + 1).tolist())")
    assert live.run(demo("02")) == "ok"
    assert live.output(demo("02")).strip() == "True [2.0]", "the reference fills gaps"


@pytest.fixture
def page_of_02(chromium, book):
    """Open chapter 02 in a fresh browser profile, with the computer engine."""
    with live_page(chromium, book, ADDRESSES["02"]) as live:
        yield live.open("computer")


def test_a_course_carries_over_what_is_solved(chromium, course_site, engine):
    if not engine["numpy"]:
        pytest.skip(f"numpy for the browser engine is not here: {engine['missing']}")
    with (
        serve(course_site, 0, computer=False) as served,
        live_page(chromium, served, ADDRESSES["01"]) as live,
    ):
        live.go_live("browser")
        solve(live, "01-tensor-matmul", COUNTED_MATMUL)
        kept = live.page.evaluate('localStorage["tinytorch:own:core.tensor"]')
        source = json.loads(kept)["source"]
        assert "My own product" in source
        assert 'use("01-tensor-add", globals())' in source, "no solution's text"
        visit(live, "03", "browser")
        assert used(live)["core.tensor"] == "yours"
        start(live)
        live.page.set_default_timeout(120_000)
        assert "Ended" not in live.run_all()
