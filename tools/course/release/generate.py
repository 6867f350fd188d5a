"""Runs nbgrader's generate_assignment on a chapter.

It writes the chapter's release notebook and enters the chapter in the gradebook.
"""

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
    """Preprocessor that replaces a solution by the stub line that names the exercise.

    nbgrader's own setting is one stub line for all cells.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Replace the solution in one cell, if there is one; return nbgrader's pair."""
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        self.code_stub = {resources["language"]: stub_line(name)}
        return super().preprocess_cell(cell, resources, cell_index)


@functools.cache
def blank() -> bytes:
    """Return the bytes of an empty gradebook, an SQLite file.

    Cached for the process, since nbgrader takes seconds to make one.
    """
    with tempfile.TemporaryDirectory() as folder:
        Gradebook(f"sqlite:///{folder}/gradebook.db").close()
        return Path(folder, "gradebook.db").read_bytes()


def generate(course: Course, slug: str) -> None:
    """Write a chapter's release from its source notebook; enter it in the gradebook.

    Raises: CourseError where nbgrader reports a failure.
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
