"""Solved notebooks as editors, browsers and platforms rewrite, rename or pack them."""

import io
import json
import random
import zipfile

from nbformat import NotebookNode

from .cases import case, find, solved

SHOWN = ("demo", "measure", "main")  # roles of cells that decide nothing


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
