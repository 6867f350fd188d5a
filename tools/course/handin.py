"""What a student handed in: finds the file, and reads cells out of whatever it is."""

import json
import stat

from nbformat import NotebookNode

LARGEST = 10_000_000  # bytes; a chapter with its outputs has a hundredth of that
CELLS = 2000
SEVERAL = 5  # ids that make a notebook one of a chapter's


class Unreadable(ValueError):
    """Nothing could be graded; the text says why, in words for student and staff."""


def find(course, student, slug):
    """Return the file to grade and a list of remarks; raises Unreadable.

    A file with another name than the release's is taken where it is the only
    notebook, and of several the one that looks most like the chapter.
    """
    files = candidates(course.root / "submitted" / student, slug)
    return _choose(files, slug, course.root / "submitted")


def candidates(folder, slug):
    """Return what a student handed in for a chapter, as paths.

    That is the folder named like the chapter; without it, notebooks that lie anywhere
    else in the student's folder and hold several of the chapter's ids.
    """
    inside = folder / slug
    if inside.is_symlink():
        return [inside]
    if inside.is_dir():
        return sorted(path for path in inside.rglob("*") if not path.is_dir())
    if inside.exists():
        return [inside]
    root = folder.parent
    return [
        path
        for path in sorted(folder.rglob("*.ipynb"))
        if _likeness(path, slug, root)[1] >= SEVERAL
    ]


def _choose(files, slug, root):
    notebooks = [path for path in files if path.suffix.lower() == ".ipynb"]
    notebooks = [p for p in notebooks if ".ipynb_checkpoints" not in p.parts]
    if not notebooks:
        names = ", ".join(repr(path.name) for path in files[:3])
        raise Unreadable(
            f"no notebook (.ipynb) was handed in, but {names}"
            if names
            else "the folder is empty"
        )
    best = max(notebooks, key=lambda path: _likeness(path, slug, root))
    if best.name == f"{slug}.ipynb" and len(notebooks) == 1:
        return best, []
    notes = []
    if best.name != f"{slug}.ipynb":
        notes.append(f"the file was called {best.name!r}")
    if len(notebooks) > 1:
        notes.append(f"{len(notebooks)} notebooks were handed in; graded {best.name!r}")
    return best, notes


def _likeness(path, slug, root):
    """Rank a file: by name, then by how many of the chapter's ids it holds."""
    try:
        text = read(path, root).decode(errors="replace")
    except Unreadable:
        return (False, 0)
    return (path.name == f"{slug}.ipynb", text.count(f'"{slug[:2]}-'))


def read(path, root):
    """Return a file's bytes; raises Unreadable for what is no plain file of its own."""
    if not path.resolve().is_relative_to(root.resolve()) or path.is_symlink():
        raise Unreadable(f"{path.name!r} is a link to another place, not a file")
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable(f"{path.name!r} is no plain file")
    if status.st_size > LARGEST:
        size = status.st_size / 1e6
        raise Unreadable(
            f"the file has {size:.0f} MB, more than the {LARGEST / 1e6:.0f} MB that "
            "are read; clear its outputs and hand it in again"
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path.name!r} cannot be read: {error.strerror}") from None


def cells_of(data):
    """Return the cells of a notebook's bytes; raises Unreadable.

    Nothing is taken for granted: what is not a cell is passed over.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("it is no notebook: not a text file") from None
    except (ValueError, RecursionError) as error:
        start = data[:40].decode(errors="replace")
        what = str(error) if isinstance(error, ValueError) else "nested too deeply"
        raise Unreadable(f"it is no notebook: {what}; it begins {start!r}") from None
    raw = document.get("cells") if isinstance(document, dict) else None
    if raw is None and isinstance(document, dict):  # the form of before 2015
        sheets = document.get("worksheets")
        first = sheets[0] if isinstance(sheets, list) and sheets else None
        raw = first.get("cells") if isinstance(first, dict) else None
    if not isinstance(raw, list):
        raise Unreadable("it is no notebook: it has no list of cells")
    cells = [cell for cell in map(_cell, raw[:CELLS]) if cell is not None]
    if not any(cell.cell_type == "code" for cell in cells):
        raise Unreadable("there is not one code cell in it")
    return cells


def _cell(raw):
    """Return a cell with a type, an id, metadata and text, or None."""
    if not isinstance(raw, dict) or raw.get("cell_type") not in ("code", "markdown"):
        return None
    source = raw.get("source", raw.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return None
    source = source.encode("utf-8", "replace").decode()  # no lone surrogates
    grading = raw.get("metadata")
    grading = grading.get("nbgrader") if isinstance(grading, dict) else None
    grade_id = grading.get("grade_id") if isinstance(grading, dict) else None
    metadata = {"nbgrader": {"grade_id": grade_id}} if isinstance(grade_id, str) else {}
    cell_id = raw.get("id") if isinstance(raw.get("id"), str) else ""
    return NotebookNode(
        cell_type=raw["cell_type"], id=cell_id, source=source, metadata=metadata
    )
