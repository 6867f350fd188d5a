"""The notebooks that are made of the chapters."""

import json
import os

import nbformat
import pytest
from book_chapters import EACH_CHAPTER
from nbclient import NotebookClient

from tools import ROOT
from tools.forms import notebooks


def sources(notebook):
    return {cell.id: cell.source for cell in notebook.cells}


@EACH_CHAPTER
def test_every_exercise_and_check_is_in_the_notebooks(each):
    wanted = [cell.id for cell in each.code]
    for kind in (notebooks.student, notebooks.solution):
        cells = kind(each).cells
        assert [cell.id for cell in cells if cell.cell_type == "code"] == wanted


@EACH_CHAPTER
def test_a_student_notebook_holds_no_line_of_a_solution(each):
    student = notebooks.student(each)
    for cell in each.exercises:
        own = sources(student)[cell.id].splitlines()
        assert own[-1].lstrip().startswith("raise NotImplementedError(")
        for line in set(cell.solution_lines):
            outside = cell.source.splitlines().count(line)
            inside = cell.solution_lines.count(line)
            assert own.count(line) == outside - inside, f"{cell.id}: {line!r}"
    everything = nbformat.writes(student)
    for word in ("BEGIN SOLUTION", "HIDDEN TESTS", "{dropdown}", "#|"):
        assert word not in everything


@pytest.mark.chapters
@EACH_CHAPTER
def test_the_solution_notebook_runs_from_top_to_bottom(each):
    notebook = notebooks.solution(each)
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
