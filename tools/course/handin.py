"""Finds a student's submitted notebook and reads its cells, even if it is damaged."""

import json
import stat
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from tools.course.course import Course, CourseError

LARGEST = 10_000_000  # bytes of a file that is read; a chapter has about 100 000
CELLS = 2000  # how many cells of a notebook are read; later cells are ignored
SEVERAL = 5  # a notebook with so many of a chapter's cell ids is work on that chapter


class Unreadable(ValueError):
    """Raised where a submission holds nothing to grade.

    The message tells the student and the staff why.
    """


def select(course: Course, slug: str, only: str = "") -> list[str]:
    """Return the names of the students to grade in a chapter.

    A student whose folder for the chapter is empty is among them.

    Args: only, the one student to return; "" for all who handed the chapter in.
    Raises: CourseError where `only` handed nothing in, or nobody did.
    """
    root = course.submitted
    everybody = course.everybody()
    students = [s for s in everybody if candidates(root / s, slug)]
    # A student with an empty folder is graded too: a row of the table says so.
    students += [
        s for s in everybody if s not in students and (root / s / slug).exists()
    ]
    if only:
        if only not in students:
            known = ", ".join(students[:20]) or "nobody yet"
            raise CourseError(
                f"STUDENT={only}: {root / only / slug} is not there; for {slug} there "
                f"is work of {known}"
            )
        return [only]
    if not students:
        raise CourseError(
            f"nothing was handed in for {slug}: put each student's notebook into "
            f"{root}/NAME/{slug}/{slug}.ipynb"
        )
    return students


def cells_in(
    course: Course, student: str, slug: str
) -> tuple[list[NotebookNode], list[str]]:
    """Return the cells that a student handed in for a chapter, and remarks on the file.

    Raises: Unreadable, as `find`, `read` and `cells_of` do.
    """
    path, remarks = find(course, student, slug)
    return cells_of(read(path, course.submitted)), remarks


def find(course: Course, student: str, slug: str) -> tuple[Path, list[str]]:
    """Return the path of the notebook to grade, and remarks on how it was chosen.

    Of several notebooks, the one with the release's name is taken, or else the one with
    most of the chapter's cell ids. An only notebook is taken whatever its name.

    Raises: Unreadable where there is no notebook.
    """
    files = candidates(course.submitted / student, slug)
    return _choose(files, slug, course.submitted)


def candidates(folder: Path, slug: str) -> list[Path]:
    """Return the paths of the files that a student handed in for a chapter.

    These are the files in the subfolder named like the chapter. Without a file or
    folder of that name, they are the notebooks anywhere in the student's folder that
    hold at least SEVERAL of the chapter's cell ids.

    Args: folder, the student's folder in submitted/.
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


def _choose(files: list[Path], slug: str, root: Path) -> tuple[Path, list[str]]:
    """Return which of the files is the notebook to grade, and remarks on the choice.

    Raises: Unreadable where none of the files is a notebook.
    """
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


def _likeness(path: Path, slug: str, root: Path) -> tuple[bool, int]:
    """Return a sort key by which the notebook that looks most like the chapter is last.

    Returns: whether the file has the release's name, and how many of the chapter's cell
        ids stand in it. (False, 0) for a file that cannot be read.
    """
    try:
        text = read(path, root).decode(errors="replace")
    except Unreadable:
        return (False, 0)
    return (path.name == f"{slug}.ipynb", text.count(f'"{slug[:2]}-'))


def read(path: Path, root: Path) -> bytes:
    """Return the bytes of a file that was handed in.

    Args: root, the folder that must hold the file once every link on its path is
        followed; a link could bring in the instructor's notebook or another student's.
    Raises: Unreadable for a link, a device or pipe, a file over LARGEST bytes, or
        a file that may not be read.
        OSError where the file's size and type cannot be read.
    """
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


def cells_of(data: bytes) -> list[NotebookNode]:
    """Return the code and text cells of a notebook file.

    An entry that is no cell is skipped. A cell may lack its id, its metadata or its
    text; a missing id or text becomes "".

    Args: data, the file's bytes: JSON of any nbformat version.
    Raises: Unreadable for bytes that are no notebook, or have no code cell.
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
    if raw is None and isinstance(document, dict):  # nbformat 3, from before 2015
        sheets = document.get("worksheets")
        first = sheets[0] if isinstance(sheets, list) and sheets else None
        raw = first.get("cells") if isinstance(first, dict) else None
    if not isinstance(raw, list):
        raise Unreadable("it is no notebook: it has no list of cells")
    cells = [cell for cell in map(_cell, raw[:CELLS]) if cell is not None]
    if not any(cell.cell_type == "code" for cell in cells):
        raise Unreadable("there is not one code cell in it")
    return cells


def _cell(raw: Any) -> NotebookNode | None:
    """Return an entry of a notebook's list of cells as a NotebookNode.

    None for an entry that is no code or text cell.
    """
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
