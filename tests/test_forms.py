"""The forms of every chapter hold to one another: package, notebooks, scripts."""

import ast
import doctest
import json
import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from tools import ROOT, chapter, notebooks, package
from tools.sandbox import undisturbed

CHAPTERS = chapter.paths()
EACH = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.parent.name)


def sources(notebook):
    return {cell.id: cell.source for cell in notebook.cells}


def test_there_are_chapters():
    assert CHAPTERS


def test_the_package_is_up_to_date():
    assert [path.name for path, _ in package.stale()] == []


def test_the_check_notices_a_changed_package(monkeypatch, tmp_path):
    path, text = package.render(chapter.read(CHAPTERS[0]))
    changed = tmp_path / path.name
    changed.write_text(text + "\n", encoding="utf-8")
    monkeypatch.setattr(package, "render", lambda _: (changed, text))
    assert changed in [path for path, _ in package.stale()]


def test_the_package_holds_no_machinery():
    for path in (ROOT / "tinytorch").rglob("*.py"):
        if path.name == "assemble.py":  # it must name what it removes
            continue
        text = path.read_text(encoding="utf-8")
        for word in ("TODO", "APPROACH", "HINT", "### ", "#|", "hasattr"):
            assert word not in text, f"{path} holds {word}"


@EACH
def test_every_exercise_and_check_is_in_the_notebooks(path):
    book_chapter = chapter.read(path)
    wanted = [cell.id for cell in book_chapter.code]
    for kind in (notebooks.student, notebooks.solution):
        cells = kind(book_chapter).cells
        assert [cell.id for cell in cells if cell.cell_type == "code"] == wanted


@EACH
def test_a_student_notebook_holds_no_line_of_a_solution(path):
    book_chapter = chapter.read(path)
    student = notebooks.student(book_chapter)
    for cell in book_chapter.exercises:
        own = sources(student)[cell.id].splitlines()
        assert own[-1].lstrip().startswith("raise NotImplementedError(")
        for line in set(cell.solution_lines):
            outside = cell.source.splitlines().count(line)
            inside = cell.solution_lines.count(line)
            assert own.count(line) == outside - inside, f"{cell.id}: {line!r}"
    everything = nbformat.writes(student)
    for word in ("BEGIN SOLUTION", "HIDDEN TESTS", "{dropdown}", "#|"):
        assert word not in everything


@EACH
def test_the_solution_notebook_runs_from_top_to_bottom(path):
    notebook = notebooks.solution(chapter.read(path))
    nbformat.validate(notebook)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3")
    client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert outputs
    assert [out for out in outputs if out.output_type == "error"] == []


def test_notebooks_are_the_same_each_time(tmp_path):
    first = notebooks.write(tmp_path / "a")
    second = notebooks.write(tmp_path / "b")
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    graded = json.loads(first[0].read_text(encoding="utf-8"))["cells"]
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in graded]
    assert len([i for i in ids if i]) == len({i for i in ids if i}) > 0


GUARDED = """
import runpy, sys

class Guard:
    def find_spec(self, name, path=None, target=None):
        if name in {later!r}:
            raise ImportError(f"{{name}} is not there before its chapter is read")

sys.meta_path.insert(0, Guard())
runpy.run_path({path!r}, run_name="__main__")
"""


@EACH
def test_the_module_file_runs_as_a_script_with_warnings_as_errors(path):
    """Only the chapters before it can be imported, and it writes nothing to stderr."""
    later = [
        f"tinytorch.{chapter.read(other).module}" for other in CHAPTERS if other >= path
    ]
    code = GUARDED.format(later=later, path=str(path))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert (done.returncode, done.stderr) == (0, "")


@EACH
@undisturbed()
def test_each_example_is_true_of_the_solution(path):
    """Run the docstrings' examples in the namespace at the end of the chapter."""
    book_chapter = chapter.read(path)
    namespace = {"__name__": "chapter"}
    for cell in book_chapter.code:
        exec(compile(cell.executable, cell.id, "exec"), namespace)
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False)
    for cell in book_chapter.exercises:
        docstrings = [
            ast.get_docstring(node) or ""
            for node in ast.walk(ast.parse(cell.executable))
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        ]
        examples = [text for text in docstrings if ">>>" in text]
        assert examples, f"{cell.id} has no EXAMPLE"
        for text in examples:
            test = parser.get_doctest(text, dict(namespace), cell.id, str(path), 0)
            runner.run(test)
    assert runner.summarize(verbose=False).failed == 0
