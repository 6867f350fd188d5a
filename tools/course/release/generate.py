"""Has nbgrader make the release of a chapter and note its cells in the gradebook."""

import contextlib
import functools
import io
import tempfile
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearSolutions

from tools.chapters.cells import stub_line
from tools.course.course import CourseError


class ClearOurSolutions(ClearSolutions):
    """Puts into each exercise the stub that names it, as on the page."""

    def preprocess_cell(self, cell, resources, cell_index):
        """Clear one cell."""
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        self.code_stub = {resources["language"]: stub_line(name)}
        return super().preprocess_cell(cell, resources, cell_index)


@functools.cache
def blank():
    """Return a new gradebook as bytes; nbgrader takes seconds to make one."""
    with tempfile.TemporaryDirectory() as folder:
        Gradebook(f"sqlite:///{folder}/gradebook.db").close()
        return Path(folder, "gradebook.db").read_bytes()


def generate(course, slug):
    """Run generate_assignment for a chapter; raises CourseError where it refuses."""
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
