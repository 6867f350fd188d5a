"""Runs nbgrader's autograde on one submission, with its cells run in a sandbox.

nbgrader enters the points in a gradebook of the worker process alone. `results.writer`
enters them in the course's gradebook.
"""

import contextlib
import functools
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor

from tools.course import attempt, earlier_chapters
from tools.course.attempt import Attempt
from tools.course.course import Course, quiet_nbgrader
from tools.course.records import Package
from tools.course.release.generate import generate
from tools.course.seat import Seated
from tools.course.shut_in.outside import Runner, Session
from tools.course.shut_in.replies import Limits

STUDENT = "student"  # the name of every student in the worker's own gradebook


class ExecuteShutIn(NbGraderPreprocessor):
    """Preprocessor in place of nbgrader's Execute: runs cells with `attempt.attempt`.

    The submission and its Attempt are class attributes: nbgrader makes the instance
    itself, so it takes no arguments. A worker grades one submission at a time.
    """

    new_session: ClassVar[Callable[[], Session]]
    seated: ClassVar[Seated]
    result: ClassVar[Attempt]

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run a notebook in place; set the class attribute `result` to its Attempt."""
        ExecuteShutIn.seated.notebook = nb
        ExecuteShutIn.result = attempt.attempt(
            ExecuteShutIn.new_session, ExecuteShutIn.seated
        )
        return nb, resources


@functools.lru_cache(maxsize=2)  # nbgrader takes a second for it
def empty_database(slug: str, source: str) -> bytes:
    """Return the bytes of a gradebook (SQLite) with a chapter's cells and no student.

    Args: source, the source notebook as JSON.
    """
    quiet_nbgrader()
    with tempfile.TemporaryDirectory() as folder:
        course = Course(folder)
        course.prepare()
        path = course.source(slug)
        path.parent.mkdir(parents=True)
        path.write_text(source, encoding="utf-8")
        generate(course, slug)
        return (course.root / "gradebook.db").read_bytes()


class PrivateCourse:
    """A worker's temporary course folder for one chapter, with gradebook and Runner."""

    def __init__(self, package: Package) -> None:
        """Make the folder and start the Runner.

        Args: package, with the `database` that `job.ready` adds.
        """
        quiet_nbgrader()
        self.slug = package["slug"]
        self.place = tempfile.TemporaryDirectory(prefix="tinytorch-grade-")
        root = Path(self.place.name)
        earlier_chapters.unpack(package["framework"], root / "framework")
        limits = Limits(**package["limits"])  # type: ignore[arg-type]
        self.runner = Runner(root / "framework", limits)
        self.course = Course(root / "course")
        self.course.prepare()
        # A submission may run as another user, who must reach the framework only.
        root.chmod(0o711)
        self.course.root.chmod(0o700)
        (self.course.root / "gradebook.db").write_bytes(package["database"])
        self.notebook = nbformat.reads(package["source"], as_version=4)
        self.published = package["published"]

    def grade(self, seated: Seated, own: dict[str, str]) -> tuple[Attempt, str]:
        """Grade a seated submission; return its Attempt and the graded notebook's JSON.

        Args: own, {module: source} of the student's own earlier chapters.
        Raises: RuntimeError where nbgrader entered other points than the Attempt has.
            Stopped where a process for the submission does not start.
        """
        path = self.course.folder("submitted", STUDENT, self.slug)
        path.mkdir(parents=True, exist_ok=True)
        nbformat.write(seated.notebook, path / f"{self.slug}.ipynb")
        ExecuteShutIn.new_session = staticmethod(lambda: self.runner.session(own))
        ExecuteShutIn.seated = seated
        self._autograde()
        result = ExecuteShutIn.result
        graded = self.course.folder("autograded", STUDENT, self.slug)
        text = (graded / f"{self.slug}.ipynb").read_text(encoding="utf-8")
        self._require_same_scores(result)
        return result, text

    def _autograde(self) -> None:
        """Run nbgrader's autograde on the submission, without its terminal output."""
        config = self.course.config()
        steps = Autograde.autograde_preprocessors.default_args[0]
        steps = [ExecuteShutIn if step is Execute else step for step in steps]
        config.Autograde.autograde_preprocessors = steps
        folder = CourseDirectory(config=config)
        folder.assignment_id, folder.student_id = self.slug, STUDENT
        converter = Autograde(coursedir=folder, config=config)
        converter.force = True
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            converter.start()

    def _require_same_scores(self, result: Attempt) -> None:
        """Raise RuntimeError unless nbgrader entered the points that the Attempt gave.

        The submission is removed from the worker's gradebook.
        """
        with Gradebook(self.course.database) as gradebook:
            notebook = gradebook.find_submission_notebook(self.slug, self.slug, STUDENT)
            noted = {grade.name: grade.auto_score for grade in notebook.grades}
            gradebook.remove_submission(self.slug, STUDENT)
        judged = {verdict.id: verdict.score for verdict in result.verdicts}
        if noted != judged:
            raise RuntimeError(f"nbgrader noted {noted}, but the checks gave {judged}")

    def close(self) -> None:
        """Kill the Runner's process and remove the folder."""
        self.runner.close()
        self.place.cleanup()
