"""Submissions that cannot be graded: broken files, and another chapter's notebook."""

import json

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from .cases import ALL, case, solved


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
