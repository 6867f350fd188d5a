"""Files from "Your work": nbgrader grades the notebook, pip installs the zip."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from page_driver import live_page
from work_driver import Work, edit_record

from tools import ROOT
from tools.chapters import parser
from tools.forms import notebooks
from tools.site.server import serve

pytestmark = pytest.mark.chromium
CHAPTER = "03_layers"


def parsed(slug):
    return next(
        parser.read(path) for path in parser.paths() if path.parent.name == slug
    )


def address(slug):
    path = parsed(slug).path.relative_to(ROOT).with_suffix(".html")
    return f"/{path.as_posix()}"


def solve(work, slug, cells):
    """Put solutions into the browser's storage, as edits of these cells."""
    items = {f"tinytorch:edit:{slug}:{c.id}": edit_record(c.solved) for c in cells}
    work.page.evaluate(
        "items => { for (const [key, value] of Object.entries(items))"
        " localStorage.setItem(key, value); }",
        items,
    )


@pytest.fixture
def book(site):
    """Serve the public site; these tests need no engine."""
    with serve(site, 0, computer=False) as served:
        yield served


@pytest.fixture
def course(tmp_path):
    """Release one chapter in an nbgrader course; give its grader of notebooks."""
    apps = pytest.importorskip("nbgrader.apps", reason="nbgrader is not installed")
    from traitlets.config import Config

    # nbgrader starts the program alembic, which lies beside this Python.
    folder = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([folder, os.environ["PATH"]])
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    config.ClearSolutions.code_stub = {"python": "raise NotImplementedError()"}
    source = notebooks.student(parsed(CHAPTER))
    for cell in source.cells:
        if cell.cell_type == "code":
            cell.source = parsed(CHAPTER).cell(cell.id).marked
    path = tmp_path / "source" / CHAPTER / f"{CHAPTER}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(source, path)
    coursedir = apps.NbGrader(config=config).coursedir
    api = apps.NbGraderAPI(coursedir=coursedir, config=config)
    made = api.generate_assignment(CHAPTER)
    assert made["success"], made["log"]

    def grade(student, notebook):
        target = tmp_path / "submitted" / student / CHAPTER / f"{CHAPTER}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_bytes(notebook.read_bytes())
        done = api.autograde(CHAPTER, student)
        assert done["success"], done["log"]
        with api.gradebook as gradebook:
            given = gradebook.find_submission(CHAPTER, student)
            return given.score, given.max_score

    return grade


def test_the_notebook_of_a_solved_chapter_has_full_marks(
    course, book, chromium, tmp_path
):
    with live_page(chromium, book, address(CHAPTER)) as live:
        work = Work(live.open())
        work.open()
        untouched = work.take("notebook", tmp_path / "untouched")
        exercises = parsed(CHAPTER).exercises
        solve(work, CHAPTER, exercises)
        solved = work.take("notebook", tmp_path / "solved")
        assert f"in {len(exercises)} of its" in work.panel.inner_text()
        refused = work.bring(untouched)
        assert "no code of yours" in refused
    points = sum(cell.points for cell in parsed(CHAPTER).code)
    nbformat.validate(nbformat.read(solved, as_version=4))
    assert course("untouched", untouched) == (0, points)
    assert course("solved", solved) == (points, points)


def test_the_untouched_notebook_is_the_published_one(book, site, chromium, tmp_path):
    with live_page(chromium, book, address(CHAPTER)) as live:
        path = Work(live.open()).open().take("notebook", tmp_path)
    published = site / "notebooks" / f"{CHAPTER}.ipynb"
    assert path.read_bytes() == published.read_bytes()


def test_a_course_hands_out_the_same_notebooks(site, course_site):
    for path in (site / "notebooks").iterdir():
        assert path.read_bytes() == (course_site / "notebooks" / path.name).read_bytes()


def own_module(slug, mark):
    """Return the stored record of a reader's own module, with a mark in its source."""
    module = parsed(slug).module
    path = ROOT.joinpath("tinytorch", *module.split(".")).with_suffix(".py")
    source = f"{path.read_text(encoding='utf-8')}\n\nMARK = {mark!r}\n"
    record = {"version": 1, "chapter": slug, "module": module, "source": source}
    return f"tinytorch:own:{module}", json.dumps(record | {"hash": "0", "time": 1})


@pytest.mark.parametrize("kind", ["site", "course_site"])
def test_pip_installs_the_zip_with_the_readers_own_modules(
    kind, request, chromium, tmp_path
):
    with (
        serve(request.getfixturevalue(kind), 0, computer=False) as served,
        live_page(chromium, served, address("01_tensor")) as live,
    ):
        work = Work(live.open())
        for slug in ("01_tensor", "02_activations"):
            work.page.evaluate(
                "([key, value]) => localStorage.setItem(key, value)",
                own_module(slug, f"mine: {slug}"),
            )
        path = work.open().take("framework", tmp_path)
        said = work.panel.inner_text()
        assert "core.activations (yours), core.tensor (yours)" in said
    target = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--target", target, path], check=True, cwd=tmp_path)
    program = """
from tinytorch.core import activations, tensor
assert (tensor.MARK, activations.MARK) == ("mine: 01_tensor", "mine: 02_activations")
assert activations.ReLU()(tensor.Tensor([-1.0, 2.0])).data.tolist() == [0.0, 2.0]
import tinytorch
print(tinytorch.__file__)
try:
    import tinytorch.core.losses
    print("reference")
except ImportError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        check=True,
    )
    place, rest = done.stdout.splitlines()
    assert place.startswith(str(target))
    if kind == "site":
        assert rest == "reference"
    else:
        assert "checks of chapter 04" in rest
