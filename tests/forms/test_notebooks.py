"""The notebooks that are made of the chapters."""

import json
import os

import nbformat
import pytest
from nbclient import NotebookClient

from tools import ROOT
from tools.chapters import parser
from tools.forms import notebooks

CHAPTERS = parser.paths()
EACH = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.parent.name)


def sources(notebook):
    return {cell.id: cell.source for cell in notebook.cells}


@EACH
def test_every_exercise_and_check_is_in_the_notebooks(path):
    book_chapter = parser.read(path)
    wanted = [cell.id for cell in book_chapter.code]
    for kind in (notebooks.student, notebooks.solution):
        cells = kind(book_chapter).cells
        assert [cell.id for cell in cells if cell.cell_type == "code"] == wanted


@EACH
def test_a_student_notebook_holds_no_line_of_a_solution(path):
    book_chapter = parser.read(path)
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
    notebook = notebooks.solution(parser.read(path))
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
