"""The panel "Your work": progress, files taken away, files brought back in."""

import json
from pathlib import Path

import page_site
import pytest
from page_driver import live_page
from work_driver import Work, edit_record

pytestmark = pytest.mark.chromium
RIGHT = "def add(a, b):\n    return b + a"
OTHER = "def add(a, b):\n    return sum((a, b))"
PASSED = "tinytorch:passed:99-add"
OWN = "tinytorch:own:core.fixture"
EDIT = "tinytorch:edit:99_fixture:99-add"


@pytest.fixture
def work(page):
    return Work(page.open("computer")).open()


@pytest.fixture
def clean(chromium, served):
    """Open the page in a second browser profile, which has stored nothing."""
    with live_page(chromium, served, page_site.PATH) as opened:
        yield Work(opened.open("computer")).open()


def set_item(work, key, value):
    item = [key, value]
    work.page.evaluate("([key, value]) => localStorage.setItem(key, value)", item)


def set_edit(work, text):
    set_item(work, EDIT, edit_record(text))


def own_record(source):
    """Return the stored record of a reader's own module, as JSON."""
    record = {"version": 1, "chapter": "99_fixture", "module": "core.fixture"}
    return json.dumps(record | {"source": source, "hash": "0", "time": 1, "cells": {}})


def test_a_passed_check_is_kept_and_shown(live):
    assert "0 of 1 passed" in Work(live).open().panel.inner_text()
    live.write("99-add", "def add(a, b):\n    return a - b")
    live.check("99-add")
    assert PASSED not in Work(live).storage()
    live.write("99-add", RIGHT)
    assert live.check("99-add")[0] == "passed"
    Work(live).panel.get_by_text("1 of 1 passed").wait_for()
    (version,) = json.loads(Work(live).storage()[PASSED])["passed"]
    listed = json.loads(
        live.page.evaluate(
            "fetch('../../_static/chapters.json').then(reply => reply.text())"
        )
    )
    assert listed["chapters"][0]["exercises"] == [["99-add", version]]


def test_a_check_cell_that_runs_after_the_readers_code_counts_too(page):
    page.go_live("computer")
    page.run_all()
    assert PASSED not in Work(page).storage(), "it was the published solution"
    page.write("99-add", RIGHT)
    page.run("99-add")
    page.run("99-add-check")
    assert PASSED in Work(page).storage()


def test_progress_and_edits_into_a_clean_profile(page, clean, tmp_path):
    page.go_live("computer")
    page.write("99-add", RIGHT)
    page.check("99-add")
    page.write("99-demo", "print('mine')")
    mine = Work(page).open()
    set_item(mine, OWN, own_record("mine"))
    path = mine.take("progress", tmp_path)
    said = clean.bring(path)
    assert "your core.fixture" in said
    kept = json.loads(clean.storage(OWN)[OWN])
    assert kept == json.loads(mine.storage(OWN)[OWN])
    assert "2 edits brought in" in said and "1 passed exercise, 1 of them new" in said
    clean.panel.get_by_text("1 of 1 passed").wait_for()
    assert clean.storage("tinytorch:passed:") == mine.storage("tinytorch:passed:")
    assert "2 cells hold your edits" in clean.live.status
    clean.page.click("#live-start")
    clean.live.wait_state("ready")
    assert clean.live.text("99-add") == RIGHT
    assert clean.live.text("99-demo") == "print('mine')"
    again = clean.bring(path)
    assert "2 edits here already" in again and "0 of them new" in again
    set_item(clean, OWN, own_record("another"))
    assert "Your core.fixture here differs" in clean.bring(path)
    assert "another" in clean.storage(OWN)[OWN]


def test_a_notebook_holds_the_readers_code_and_brings_it_back(page, clean, tmp_path):
    page.go_live("computer")
    page.write("99-add", RIGHT)
    page.write("99-add-check", "pass")
    path = Work(page).open().take("notebook", tmp_path)
    assert path.name == "99_fixture.ipynb"
    wanted = page_site.notebook()
    wanted["cells"][1]["source"] = RIGHT.splitlines(keepends=True)
    assert json.loads(path.read_text(encoding="utf-8")) == wanted
    assert "1 edit brought in" in clean.bring(path)
    assert json.loads(clean.storage()[EDIT])["text"] == RIGHT
    clean.press("undo")
    assert EDIT not in clean.storage(), "what was brought in can be taken out again"


def notebook_with(text, folder):
    notebook = page_site.notebook()
    notebook["cells"][1]["source"] = text
    path = Path(folder, "from-jupyter.ipynb")
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def test_an_edit_that_differs_is_asked_about(work, tmp_path):
    set_edit(work, OTHER)
    path = notebook_with(RIGHT, tmp_path)
    assert "1 cell of yours differs from the file" in work.bring(path)
    work.bring(path)
    assert work.panel.locator("[data-action=keep]").count() == 1, "asked but once"
    work.press("see")
    shown = work.panel.locator(".tt-diff").inner_text()
    assert "- " + OTHER.splitlines()[1] in shown
    assert "+ " + RIGHT.splitlines()[1] in shown
    work.press("keep")
    assert json.loads(work.storage()[EDIT])["text"] == OTHER
    focused = work.page.evaluate("document.activeElement.dataset.action")
    assert focused == "bring", "the keyboard keeps its place"
    work.bring(path)
    work.press("take")
    assert json.loads(work.storage()[EDIT])["text"] == RIGHT
    work.press("undo")
    assert json.loads(work.storage()[EDIT]) | {"saved": 0} == json.loads(
        edit_record(OTHER)
    )


def test_a_live_cell_takes_the_files_text_and_gives_its_own_back(page, tmp_path):
    page.go_live("computer")
    page.write("99-add", OTHER)
    work = Work(page).open()
    work.bring(notebook_with(RIGHT, tmp_path))
    work.press("take")
    assert page.text("99-add") == RIGHT
    work.press("undo")
    assert page.text("99-add") == OTHER
    assert json.loads(work.storage()[EDIT])["text"] == OTHER


def test_all_at_once(work, tmp_path):
    set_edit(work, OTHER)
    for cell, key in (("99-demo", 3), ("99-setup", 0)):
        set_item(work, EDIT.replace("99-add", cell), edit_record(f"# mine {key}"))
    notebook = page_site.notebook()
    for place, text in ((0, "# file"), (1, RIGHT), (3, "# file")):
        notebook["cells"][place]["source"] = text
    path = tmp_path / "all.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    work.bring(path)
    work.press("keep-all")
    assert json.loads(work.storage()[EDIT])["text"] == OTHER
    work.bring(path)
    work.press("take-all")
    assert json.loads(work.storage()[EDIT])["text"] == RIGHT
    assert work.panel.locator("[data-action=undo]").count() == 3


def test_the_zip_brings_its_work_back(page, clean, tmp_path):
    page.go_live("computer")
    page.write("99-add", RIGHT)
    page.check("99-add")
    path = Work(page).open().take("framework", tmp_path)
    said = clean.bring(path)
    assert "1 edit brought in" in said and "1 passed exercise" in said


FOREIGN = [
    ("cut.ipynb", '{"cells": [', "not JSON"),
    ("other.ipynb", '{"nbformat": 4, "cells": []}', "of no chapter of this book"),
    ("old.ipynb", '{"nbformat": 3, "worksheets": []}', "format 3"),
    ("foreign.json", '{"name": "npm"}', "not a file of progress"),
    ("newer.json", '{"format": "tinytorch-progress", "version": 9}', "version 9"),
    ("empty.json", "", "empty"),
    ("broken.zip", "PK\x03\x04 and then nothing", "not a zip file"),
    ("picture.png", "\x89PNG", "not JSON"),
]


def test_what_cannot_be_taken_is_said(work, tmp_path):
    set_edit(work, OTHER)
    before = work.storage()
    for name, content, words in FOREIGN:
        path = tmp_path / name
        path.write_text(content, encoding="latin-1")
        said = work.bring(path)
        assert f"{name} was not taken" in said and words in said
    assert work.storage() == before
    many = work.bring(tmp_path / "cut.ipynb", notebook_with(OTHER, tmp_path))
    assert "cut.ipynb was not taken" in many and "1 edit here already" in many


def test_a_damaged_edit_is_kept_aside_when_another_comes(work, tmp_path):
    set_item(work, EDIT, "{broken")
    work.bring(notebook_with(RIGHT, tmp_path))
    kept = work.storage()
    assert json.loads(kept.pop(EDIT))["text"] == RIGHT
    assert "{broken" in kept.values()


def test_a_file_may_be_dropped(work, tmp_path):
    text = notebook_with(RIGHT, tmp_path).read_text(encoding="utf-8")
    work.panel.evaluate(
        """(panel, text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "mine.ipynb"));
          panel.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
        }""",
        text,
    )
    work.panel.get_by_text("1 edit brought in").wait_for()


def test_the_panel_by_keyboard(page):
    page.open("computer")
    work = Work(page)
    work.panel.locator("> summary").focus()
    page.page.keyboard.press("Enter")
    work.panel.locator("[data-action=bring]").wait_for()
    reached = set()
    for _ in range(8):
        page.page.keyboard.press("Tab")
        action = page.page.evaluate("document.activeElement.dataset.action ?? ''")
        reached.add(action)
    wanted = {"take-notebook", "take-framework", "take-progress", "bring"}
    assert wanted <= reached


def test_with_a_blocked_storage_the_notebook_still_holds_what_is_typed(page, tmp_path):
    page.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() {"
        " throw new DOMException('denied', 'SecurityError'); } })"
    )
    page.go_live("computer")
    page.write("99-add", RIGHT)
    page.check("99-add")
    work = Work(page).open()
    path = work.take("notebook", tmp_path)
    assert json.loads(path.read_text())["cells"][1]["source"][1] == "    return b + a"
    assert "store anything" in work.bring(path)


def test_a_full_storage_is_told(page, tmp_path):
    page.page.add_init_script(
        "Storage.prototype.setItem = () => {"
        " throw new DOMException('full', 'QuotaExceededError'); }"
    )
    work = Work(page.open("computer")).open()
    said = work.bring(notebook_with(RIGHT, tmp_path))
    assert "full" in said and "brought in" not in said
