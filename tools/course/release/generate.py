"""Runs nbgrader's generate_assignment: writes a release, enters it in the gradebook."""

import contextlib
import functools
import io
import tempfile
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearSolutions

from tools.chapters.cells import stub_line
from tools.course.course import Course, CourseError


class ClearOurSolutions(ClearSolutions):
    """Replaces a solution by the page's stub line, which names the exercise.

    nbgrader's own setting is one stub for all cells.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Clear the solution of one cell, if it has one."""
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        self.code_stub = {resources["language"]: stub_line(name)}
        return super().preprocess_cell(cell, resources, cell_index)


@functools.cache
def blank() -> bytes:
    """Return an empty gradebook, as bytes; made once, since nbgrader takes seconds."""
    with tempfile.TemporaryDirectory() as folder:
        Gradebook(f"sqlite:///{folder}/gradebook.db").close()
        return Path(folder, "gradebook.db").read_bytes()


def generate(course: Course, slug: str) -> None:
    """Write a chapter's release from its source notebook, and note its cells.

    Raises: CourseError where nbgrader refuses.
    """
    database = course.root / "gradebook.db"
    if course.database == f"sqlite:///{database}" and not database.exists():
        database.write_bytes(blank())
    config = course.config()
    steps = GenerateAssignment.preprocessors.default_args[0]
    steps = [ClearOurSolutions if s is ClearSolutions else s for s in steps]
    config.GenerateAssignment.preprocessors = steps
    folder = CourseDirectory(config=config)
    folder.assignment_id = slug
    converter = GenerateAssignment(coursedir=folder, config=config)
    converter.force = True
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            converter.start()
    except (NbGraderException, SystemExit) as error:
        raise CourseError(
            f"nbgrader refused {slug}: {error}. {said.getvalue().strip()[-500:]}"
        ) from None
