"""A notebook's code as a part of one's own installation, and back."""

import contextlib
import io
import json
import os
import subprocess
import sys
import time

import nbformat
import pytest
from book_chapters import NUMBERED, parsed

from tinytorch.own import command
from tools import ROOT
from tools.forms import notebooks


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The folder of own modules, which is not there yet."""
    folder = tmp_path / "own"
    monkeypatch.setenv("TINYTORCH_OWN", str(folder))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return folder


def written(tmp_path, number="01", change=lambda notebook: None, kind="solution"):
    notebook = getattr(notebooks, kind)(parsed(NUMBERED[number]))
    change(notebook)
    path = tmp_path / f"{number}.ipynb"
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    return path


def replacing(cell_id, text):
    def change(notebook):
        cell = next(cell for cell in notebook.cells if cell.id == cell_id)
        cell.source = text(cell.source) if callable(text) else text

    return change


def run(*arguments):
    """Run the program; return (exit code, what it printed, what it complained of)."""
    out, complaint = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(complaint):
        code = command.main([*map(str, arguments)])
    return code, out.getvalue().strip(), complaint.getvalue().strip()


def run_program(*arguments):
    """Do the same in a process of its own, as a reader does."""
    done = subprocess.run(
        [sys.executable, "-m", "tinytorch.own", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def python(code, **settings):
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **settings},
    )
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip()


FILE = "import tinytorch.core.tensor as t; print(t.__file__)"


def counting(source):
    body = source.replace("@extend(Tensor)", "calls = 0\n\n\n@extend(Tensor)", 1)
    return body.replace("    axis =", "    global calls\n    calls += 1\n    axis =", 1)


def test_a_solved_chapter_is_used_by_later_ones_and_can_be_undone(place, tmp_path):
    path = written(tmp_path, change=replacing("01-tensor-matmul", counting))
    code, said, complaint = run_program(path)
    assert (code, complaint) == (0, "")
    assert "tinytorch.core.tensor is now your own chapter 01, Tensor: all its" in said
    gradients = """
import tinytorch.core.tensor as own
from tinytorch.core.autograd import Tensor
x, w = (Tensor([[1.0, 2.0]], requires_grad=True), Tensor([[3.0], [4.0]]))
before = own.calls
(x @ w).sum().backward()
print(x.grad.tolist(), own.calls - before > 0, own.__file__)
"""
    assert python(gradients) == f"[[3.0, 4.0]] True {place / 'core.tensor.py'}"
    assert python(FILE, TINYTORCH_OWN="no").endswith("core/tensor.py")
    assert "core.tensor: Your own chapter 01, Tensor, 6 cells" in run("--status")[1]
    code, said, _ = run("--undo", "tensor")
    assert code == 0 and "is the book's again" in said
    assert python(FILE).endswith("core/tensor.py")
    assert (place / "undone" / "core.tensor.py").exists(), "nothing is lost"
    assert "Every module is the book's" in run("--status")[1]
    code, _, complaint = run_program("--undo")
    assert code == 1 and "no own module" in complaint


def test_undo_takes_a_chapters_number_and_keeps_every_file(place, tmp_path):
    path = written(tmp_path, "03")
    for count in (1, 2):
        assert run(path)[0] == 0
        assert run("--undo", "3")[0] == 0
        assert len(list((place / "undone").iterdir())) == count


def test_failing_checks_are_listed_and_nothing_is_changed(place, tmp_path):
    wrong = replacing(
        "01-tensor-add", lambda text: text.replace("np.add", "np.maximum")
    )
    code, said, complaint = run(written(tmp_path, change=wrong))
    assert code == 1 and said == ""
    assert "01-tensor-add-check: AssertionError:" in complaint
    assert "expected" in complaint and "--partly" in complaint
    assert not place.exists()


def test_what_passes_can_be_taken_and_the_book_fills_the_rest(place, tmp_path):
    wrong = replacing(
        "01-tensor-add", lambda text: text.replace("np.add", "np.maximum")
    )
    code, said, complaint = run("--partly", written(tmp_path, change=wrong))
    assert code == 0, complaint
    assert "exercises" in said and "all its" not in said
    printed = python(
        "from tinytorch.core.tensor import Tensor as T\n"
        "print((T([1]) + 1).tolist(), T.__add__.__code__.co_filename)\n"
        "print(T.__matmul__.__code__.co_filename)"
    )
    assert printed.split("\n")[0].startswith("[2.0] ")
    assert printed.split("\n")[0].endswith("tinytorch/core/tensor.py")
    assert printed.split("\n")[1] == str(place / "core.tensor.py")


def test_an_unsolved_notebook_has_nothing_to_take(place, tmp_path):
    code, _, complaint = run("--partly", written(tmp_path, kind="student"))
    assert code == 1 and "no exercise of chapter 01, Tensor passes" in complaint


def test_the_cells_of_one_add_are_said_not_to_count(place, tmp_path):
    def change(notebook):
        cell = nbformat.v4.new_code_cell("def helper(x):\n    return x")
        notebook.cells.insert(2, cell)
        replacing("01-tensor-add", lambda text: text + "\nhelper(1)")(notebook)

    code, _, complaint = run(written(tmp_path, change=change))
    assert (
        code == 1 and "NameError" in complaint and "Cells that you added" in complaint
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no JSON at all", "is not a notebook: JSON was expected"),
        ("", "is not a notebook"),
        ("[1, 2]", "is JSON, but not a notebook with cells"),
        ('{"cells": 3}', "is JSON, but not a notebook with cells"),
        ('{"cells": [], "metadata": {}}', "is not a chapter of this book"),
        (b"\xff\xfe\x00", "is not text"),
    ],
)
def test_what_is_no_notebook_is_refused_in_words(place, tmp_path, text, said):
    path = tmp_path / "bad.ipynb"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    code, _, complaint = run(path)
    assert code == 1 and said in complaint and "Traceback" not in complaint


def test_a_file_that_is_not_there_a_missing_cell_and_a_copied_one(place, tmp_path):
    assert "cannot be read" in run(tmp_path / "nothing.ipynb")[2]

    def without(notebook):
        notebook.cells = [c for c in notebook.cells if c.id != "01-tensor-add"]

    assert "lacks 01-tensor-add" in run(written(tmp_path, change=without))[2]

    path = written(tmp_path)
    data = json.loads(path.read_text(encoding="utf-8"))
    cell = next(c for c in data["cells"] if c["id"] == "01-tensor-add")
    data["cells"].append({**cell, "id": "another"})
    path.write_text(json.dumps(data), encoding="utf-8")
    assert "01-tensor-add stands there twice" in run(path)[2]
    assert not place.exists()


def test_a_damaged_and_an_older_module_are_said(place, tmp_path):
    place.mkdir()
    (place / "core.tensor.py").write_text("def f(:\n", encoding="utf-8")
    said = python(FILE)
    assert (
        "SyntaxError" in said and "python -m tinytorch.own --undo core.tensor" in said
    )
    older = '"""Your own chapter 03, Layers.\n\n'
    older += (
        'Made from the chapter as published with mark 0.\nYour cells: 03-linear.\n"""'
    )
    (place / "core.layers.py").write_text(older, encoding="utf-8")
    said = run("--status")[1]
    assert "core.tensor: cannot be imported, for it is not Python" in said
    assert "Layers, 1 cell; made from another version of the chapter" in said
    assert run("--undo")[0] == 0


def test_an_own_module_of_before_that_breaks_a_chapter_is_named(place, tmp_path):
    place.mkdir()
    text = (ROOT / "tinytorch" / "core" / "tensor.py").read_text(encoding="utf-8")
    (place / "core.tensor.py").write_text(
        text.replace("elementwise(np.add,", "elementwise(np.subtract,"),
        encoding="utf-8",
    )
    source = (ROOT / "tinytorch" / "core" / "activations.py").read_bytes()
    (place / "core.activations.py").write_bytes(source)
    code, _, complaint = run(written(tmp_path, "04"))
    assert code == 1
    assert "With the book's module in place of your own core.tensor" in complaint
    assert "--undo core.tensor" in complaint


def test_looking_for_own_modules_costs_next_to_nothing(tmp_path, monkeypatch):
    import tinytorch

    monkeypatch.setenv("TINYTORCH_OWN", str(tmp_path / "none"))
    times = []
    for _ in range(20):
        began = time.perf_counter()
        tinytorch._use_own()
        times.append(time.perf_counter() - began)
    assert min(times) < 1e-3
    loaded = python(
        "import sys, tinytorch; print('tinytorch.own.overlay' in sys.modules)"
    )
    assert loaded == "False"


def test_status_of_nothing_and_help(place, capsys):
    assert command.main(["--status"]) == 0
    assert command.main([]) == 0
    said = capsys.readouterr().out
    assert "Every module is the book's" in said and "--undo" in said
