"""Submissions to chapter 02 as students hand them in, and the marks that are right.

Each function below makes one, from a Class; the decorator says what it loses.
"""

from __future__ import annotations

import copy
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from classroom import Class, put
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

NUMBER = "02"
ALL = ("02-relu-scalar", "02-relu", "02-hat", "02-sigmoid-scalar", "02-sigmoid")
ALL += ("02-gelu", "02-softmax")
SHOWN = ("demo", "measure", "main")  # roles of cells that decide nothing
Made = NotebookNode | dict[str, Any] | bytes


@dataclass(frozen=True)
class Case:
    """A submission: how to make it, and what it should get."""

    make: Callable[[Class], Made]
    loses: tuple[str, ...]  # exercises whose points it should not get
    status: str
    file: str | None  # its name, where that is not the release's
    mend: str  # what is wrong with its mark today, if something is


CASES: dict[str, Case] = {}


def case(
    *loses: str, status: str = "graded", file: str | None = None, mend: str = ""
) -> Callable[[Callable[[Class], Made]], Callable[[Class], Made]]:
    """Enter a function in CASES, under its name with dashes."""

    def enter(make: Callable[[Class], Made]) -> Callable[[Class], Made]:
        name = make.__name__.replace("_", "-")
        CASES[name] = Case(make, loses, status, file, mend)
        return make

    return enter


def hand_in_all(room: Class) -> None:
    """Hand in every case, each by a student of that name."""
    for name, each in CASES.items():
        made = each.make(room)
        data = made if isinstance(made, bytes) else json.dumps(made, indent=1).encode()
        room.path(name, NUMBER, each.file).write_bytes(data)


def solved(room: Class) -> NotebookNode:
    """The release with all exercises solved in it."""
    theirs = {cell.id: cell.source for cell in room.solved(NUMBER).cells}
    notebook = room.untouched(NUMBER)
    for cell in notebook.cells:
        if cell.id in ALL:
            cell.source = theirs[cell.id]
    return notebook


def find(notebook: NotebookNode, cell_id: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if cell.id == cell_id)


def after(notebook: NotebookNode, cell_id: str, *cells: NotebookNode) -> NotebookNode:
    """Insert cells behind the one with this id."""
    at = [cell.id for cell in notebook.cells].index(cell_id) + 1
    notebook.cells[at:at] = cells
    return notebook


def pasted(notebook: NotebookNode, cell_id: str, text: str) -> NotebookNode:
    """Return a copy of a cell with another text, as Jupyter pastes it.

    Its grade_id is that of the original, its id is new.
    """
    cell = copy.deepcopy(find(notebook, cell_id))
    cell.id, cell.source = "aaaa1111", text
    return cell


def stub(room: Class, cell_id: str) -> str:
    return find(room.untouched(NUMBER), cell_id).source


# What an ordinary student hands in: most of it right.


@case()
def all_solved(room):
    return solved(room)


@case(*ALL)
def nothing_done(room):
    return room.untouched(NUMBER)


@case("02-gelu", "02-softmax")
def last_two_left_alone(room):
    notebook = put(solved(room), "02-gelu", stub(room, "02-gelu"))
    return put(notebook, "02-softmax", stub(room, "02-softmax"))


LAYER = "class {}:\n    def __call__(self, x):\n        return self.forward(x)\n"
LAYER += "    def forward(self, x):\n        "


@case("02-relu-scalar", "02-gelu")
def prints_where_it_should_return(room):
    notebook = put(
        solved(room),
        "02-relu-scalar",
        "def relu_scalar(x):\n    print(x)\n    max(x, 0)",
    )
    body = "c = (2 / math.pi) ** 0.5\n        return x * (1 + (c * x).tanh())"
    return put(notebook, "02-gelu", LAYER.format("GELU") + body)


@case("02-sigmoid-scalar", "02-sigmoid", "02-softmax")
def overflows(room):
    """Right on paper, and not in floats."""
    notebook = put(
        solved(room),
        "02-sigmoid-scalar",
        "def sigmoid_scalar(x):\n    return 1 / (1 + math.exp(-x))",
    )
    put(notebook, "02-sigmoid", LAYER.format("Sigmoid") + "return 1 / (1 + (-x).exp())")
    body = "    e = x.exp()\n    return e / e.sum(axis=self.dim, keepdims=True)"
    header = "@extend(Softmax)\ndef forward(self, x):\n"
    return put(notebook, "02-softmax", header + body)


@case("02-hat")
def forgets_a_corner(room):
    body = "    relu = ReLU()\n    return relu(x + 1) - relu(x) + relu(x - 1)"
    return put(solved(room), "02-hat", f"def hat(x):\n{body}")


@case("02-relu")
def changes_its_input(room):
    body = "x.data[x.data < 0] = 0\n        return x"
    return put(solved(room), "02-relu", LAYER.format("ReLU") + body)


@case("02-hat")
def renames_a_function(room):
    notebook = solved(room)
    text = find(notebook, "02-hat").source.replace("def hat", "def my_hat")
    return put(notebook, "02-hat", text)


@case("02-relu-scalar")
def leaves_a_merge_conflict(room):
    text = (
        "<<<<<<< HEAD\ndef relu_scalar(x):\n    return max(x, 0.0)\n=======\n>>>>>>> b"
    )
    return put(solved(room), "02-relu-scalar", text)


# Cells moved, copied, deleted and added.


@case("02-relu-scalar")
def deletes_an_exercise_and_its_tools(room):
    notebook, gone = solved(room), ("02-relu-scalar", "02-tools")
    notebook.cells = [cell for cell in notebook.cells if cell.id not in gone]
    return notebook


@case()
def solves_in_new_cells_below_the_stubs(room):
    notebook, theirs = room.untouched(NUMBER), solved(room)
    for name in ALL:
        after(notebook, name, new_code_cell(find(theirs, name).source))
    return notebook


@case()
def keeps_an_old_try_commented_out_at_the_end(room):
    notebook = solved(room)
    notebook.cells.append(pasted(notebook, "02-relu", "# class ReLU: return max(x, 0)"))
    return notebook


@case()
def keeps_the_stub_before_the_solution(room):
    notebook = solved(room)
    cell = pasted(notebook, "02-relu", stub(room, "02-relu"))
    return after(notebook, "02-relu-scalar-check", cell)


@case(mend="the last of several cells counts, though the check stands before it")
def keeps_the_stub_at_the_end(room):
    notebook = solved(room)
    cell = pasted(notebook, "02-relu", stub(room, "02-relu"))
    notebook.cells.append(cell)
    return notebook


@case()
def tries_a_pasted_cell_after_the_check(room):
    notebook = solved(room)
    text = "r = ReLU()\nprint(r(Tensor([1.0, -1.0])).tolist())"
    cell = pasted(notebook, "02-relu", text)
    return after(notebook, "02-relu-check", cell)


@case()
def leaves_an_assert_behind(room):
    notebook = solved(room)
    text = find(notebook, "02-relu-scalar").source
    return put(notebook, "02-relu-scalar", f"{text}\n\nassert False, 'check again'")


@case()
def answers_the_questions(room):
    """In the course's text cell, and in a new one."""
    notebook = solved(room)
    questions = next(c for c in notebook.cells if "ML Systems Thinking" in c.source)
    questions.source += "\n\nMy answer: along the batch."
    return after(notebook, questions.id, new_markdown_cell("2. It gives 0."))


@case()
def imports_what_is_not_installed(room):
    cell = new_code_cell("import a_package_that_nobody_has")
    return after(solved(room), "02-imports", cell)


@case()
def asks_for_input(room):
    return after(solved(room), "02-imports", new_code_cell("name = input('Name? ')"))


@case()
def exits_in_a_cell_of_its_own(room):
    cell = new_code_cell("import sys\nsys.exit()")
    return after(solved(room), "02-imports", cell)


@case("02-relu-scalar")
def exits_in_a_function(room):
    text = "import sys\n\ndef relu_scalar(x):\n    sys.exit(0)"
    return put(solved(room), "02-relu-scalar", text)


@case()
def prints_a_megabyte(room):
    loop = new_code_cell("for i in range(60_000):\n    print(i, i * i)")
    return after(solved(room), "02-relu-scalar", loop)


@case(mend="more than 2 MB of output end the submission, whatever its checks say")
def prints_three_megabytes(room):
    loop = new_code_cell("for i in range(200_000):\n    print(i, i * i)")
    return after(solved(room), "02-relu-scalar", loop)


# What editors, browsers and platforms make of a notebook.


def _without_shown(notebook: NotebookNode) -> NotebookNode:
    """Drop demos and measurements: without their ids they would be run, slowly."""
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("tinytorch", {}).get("role") not in SHOWN
    ]
    return notebook


@case()
def written_by_colab(room):
    """Colab keeps metadata, drops ids, and says nbformat 4.0."""
    notebook = json.loads(json.dumps(_without_shown(solved(room))))
    notebook["nbformat_minor"] = 0
    draw = random.Random(7)
    for cell in notebook["cells"]:
        del cell["id"]
        cell["metadata"] |= {"id": f"{draw.getrandbits(48):x}", "colab": {}}
        cell["source"] = cell["source"].splitlines(keepends=True)
    return notebook


@case()
def copied_into_new_cells(room):
    """Neither ids nor metadata: exercises are found by what they define."""
    notebook = json.loads(json.dumps(_without_shown(solved(room))))
    for number, cell in enumerate(notebook["cells"]):
        cell["id"], cell["metadata"] = f"{number:08x}", {"vscode": {}}
    return notebook


@case()
def written_by_vs_code(room):
    """Its own metadata, texts as lists of lines, and outputs."""
    notebook = json.loads(json.dumps(solved(room)))
    notebook["metadata"] = {"kernelspec": {"name": "python3", "display_name": ".venv"}}
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
        if cell["cell_type"] == "code":
            output = {"output_type": "stream", "name": "stdout", "text": ["x\n"]}
            cell |= {"outputs": [output], "execution_count": 3}
    return notebook


@case()
def written_by_an_editor_on_windows(room):
    text = json.dumps(solved(room), indent=1)
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()


@case(mend="UTF-16 is refused")
def written_as_utf_16(room):
    return json.dumps(solved(room)).encode("utf-16")


@case(file="02_activations.ipynb.txt", mend="only .ipynb is looked at")
def downloaded_as_text(room):
    return solved(room)


@case(file="02_activations.json", mend="only .ipynb is looked at")
def downloaded_as_json(room):
    return solved(room)


@case(file="ada.zip", mend="archives are not opened")
def zipped(room):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("02_activations.ipynb", json.dumps(solved(room)))
    return file.getvalue()


@case(mend="large files are refused, though outputs are dropped before grading")
def with_a_large_picture(room):
    notebook = solved(room)
    picture = {"image/png": "A" * 11_000_000}
    find(notebook, "02-collapse").outputs = [
        NotebookNode(output_type="display_data", metadata={}, data=picture)
    ]
    return notebook


# Nothing that could be graded.


@case(*ALL, status="unreadable")
def a_notebook_without_cells(room):
    return {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@case(*ALL, status="unreadable")
def an_empty_file(room):
    return b""


@case(*ALL, status="unreadable")
def cut_short(room):
    whole = json.dumps(solved(room)).encode()
    return whole[: len(whole) * 2 // 3]


@case(*ALL, status="unreadable")
def a_web_page_saved_as_a_notebook(room):
    return b"<!DOCTYPE html><html><head>page of a repository"


@case(*ALL, status="unreadable")
def written_as_latin_1(room):
    return json.dumps(solved(room))[:-1].encode() + b"\xe9}"


@case(*ALL, status="unreadable", mend="another chapter is graded, and gets 0")
def another_chapter(room):
    cells = [new_code_cell("def linear(x):\n    return x", id="03-linear")]
    cells += [new_code_cell("test_linear()", id="03-linear-check")]
    own = {"tinytorch": {"chapter": "03_layers"}}
    return NotebookNode(cells=cells, metadata=own, nbformat=4, nbformat_minor=5)
