"""Help for beginners' mistakes, made in a kernel: each gets its sentence, others none.

A file in mistakes/ is a cell that fails. Its head says which cell of a chapter it
follows (`after`, or "end"), which cells have not run (`without`), have the
published text (`stubs`) or run once more (`again`), and the sentence that the page
shows (`says`).
"""

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from book_chapters import NUMBERED, parsed
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from tools import ROOT
from tools.engine import toolchain

HERE = Path(__file__).parent
HELPERS = Path(__file__).parents[2] / "helpers"
MISTAKES = sorted((HERE / "mistakes").glob("*.txt"))
COLOR = re.compile(r"\x1b\[[0-9;]*m")
UNRELATED = [
    "1 / 0",
    "int('seven')",
    "{}['key']",
    "open('no such file')",
    "import no_such_module",
    "raise ValueError('my own words')",
    "raise NotImplementedError",
    "assert 1 == 2, 'expected 2, got 1'",
    "len(5)",
    "(7).absolutely_unknown",
    "next(iter([]))",
    "from math import no_such_function",
    "[1, 2].no_such_method()",
    "class A:\n    pass\n\n\nA() + A()",
    "raise KeyboardInterrupt",
    "raise TypeError('Linear() does not like Tuesdays')",
]


def read(path):
    """Return the head of a mistake's file, words by key, and the file's code."""
    head, code = path.read_text(encoding="utf-8").split("# %%\n")
    found, name = {}, None
    for line in head.splitlines():
        key = re.match(r"# (\w+):(.*)", line)
        name, words = (key[1], key[2]) if key else (name, line.removeprefix("#"))
        found.setdefault(name, []).extend(words.split())
    return found, code.rstrip("\n")


def cells_of(head, code):
    """Return the page's cells, those that have run, and the place of the mistake."""
    book_chapter = parsed(NUMBERED[head["chapter"][0]])
    cells = [cell for cell in book_chapter.code if cell.role != "main"]
    ids = [cell.id for cell in cells]
    (after,) = head["after"]
    at = len(ids) if after == "end" else ids.index(after) + 1
    ran = [i < at and c.id not in head.get("without", []) for i, c in enumerate(cells)]
    page = [
        {"id": cell.id, "text": cell.published, "ran": has_run}
        for cell, has_run in zip(cells, ran, strict=True)
    ]
    page.insert(at, {"id": "mistake", "text": code, "ran": False})
    return page, [cell for cell, has_run in zip(cells, ran, strict=True) if has_run], at


def fail(cells):
    """Run cells in a kernel; return the last one's error as the page gets it."""
    *before, last = [new_code_cell(text) for text in cells]
    last.metadata["tags"] = ["raises-exception"]
    notebook = new_notebook(cells=[*before, last])
    client = NotebookClient(notebook, timeout=120, kernel_name="python3")
    client.execute(cwd=str(ROOT))
    (error,) = [one for one in last.outputs if one.output_type == "error"]
    traceback = COLOR.sub("", "\n".join(error.traceback))
    return {"name": error.ename, "value": error.evalue, "traceback": traceback}


def make(path):
    """Make a mistake; return the error and its place, as help.js takes them."""
    head, code = read(path)
    page, ran, at = cells_of(head, code)
    again = [cell.executable for cell in ran if cell.id in head.get("again", [])]
    texts = [
        cell.published if cell.id in head.get("stubs", []) else cell.executable
        for cell in ran
        if cell.role in ("setup", "exercise")
    ]
    place = {"source": code, "at": at, "cells": page}
    return {"error": fail([*texts, *again, code]), "place": place}


def ask(asked):
    """Return the help for each error, or None."""
    done = subprocess.run(
        [*toolchain.node_command(), str(HELPERS / "help_of.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def said():
    """Return each mistake's error, sentence and cell to go to, by its file's name."""
    with ThreadPoolExecutor(3) as pool:
        asked = list(pool.map(make, MISTAKES))
    told = ask(asked)
    return {
        path.stem: (one["error"], help_ and help_["words"], help_ and help_["go"])
        for path, one, help_ in zip(MISTAKES, asked, told, strict=True)
    }


@pytest.mark.chapters
@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_a_mistake_gets_its_sentence(path, said):
    error, words, _ = said[path.stem]
    # Cells get other numbers when a chapter gets a new one; test_a_cell_… tests the id.
    words = re.sub(r"cell \d+ of \d+", "cell N of M", words or "")
    assert words == " ".join(read(path)[0]["says"]), error["value"]


@pytest.mark.chapters
def test_no_two_mistakes_get_the_same(said):
    assert len({words for _, words, _ in said.values()}) == len(said) >= 10


@pytest.mark.chapters
def test_a_cell_that_is_named_can_be_gone_to(said):
    assert said["cell_not_run"][2] == "02-tools"
    assert said["not_yet_written"][2] == "01-tensor-sum"
    assert said["class_run_again"][2] == "01-tensor-init"
    assert said["shapes"][2] is None


def test_other_errors_get_none():
    asked = []
    for code in UNRELATED:
        namespace = {}
        try:
            exec(code, namespace)
        except BaseException as error:
            told = {"name": type(error).__name__, "value": str(error)}
            page, _, at = cells_of({"chapter": ["01"], "after": ["01-rmatmul"]}, code)
            place = {"source": code, "at": at, "cells": page}
            asked.append({"error": {**told, "traceback": ""}, "place": place})
    assert len(asked) == len(UNRELATED)
    told = dict(zip(UNRELATED, ask(asked), strict=True))
    assert {code: help_ for code, help_ in told.items() if help_} == {}
