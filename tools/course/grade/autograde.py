"""nbgrader's autograde with our way of running cells, against a private database."""

import contextlib
import io
import tempfile
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor

from tools.course import attempt, earlier_chapters
from tools.course.course import Course, quiet_nbgrader
from tools.course.release.generate import generate
from tools.course.shut_in.outside import Limits, Runner

STUDENT = "student"  # everybody's name in the private database; the writer knows better


class Attempt(NbGraderPreprocessor):
    """Stands in for nbgrader's Execute: runs the cells shut in, and judges them."""

    new_session = seated = result = None  # of the submission that is graded now

    def preprocess(self, nb, resources):
        """Run a notebook; leave the Attempt in the class."""
        Attempt.seated.notebook = nb
        Attempt.result = attempt.attempt(Attempt.new_session, Attempt.seated)
        return nb, resources


def empty_database(slug, source):
    """Return a gradebook that knows a chapter's cells and no student, as bytes."""
    quiet_nbgrader()
    with tempfile.TemporaryDirectory() as folder:
        course = Course(folder)
        course.prepare()
        path = course.source(slug)
        path.parent.mkdir(parents=True)
        path.write_text(source, encoding="utf-8")
        generate(course, slug)
        return (course.root / "gradebook.db").read_bytes()


class Private:
    """A course of one worker's own: a database, a runner, a folder, all temporary."""

    def __init__(self, package):
        """Build it from a package; see `package.pack`."""
        quiet_nbgrader()
        self.slug = package["slug"]
        self.place = tempfile.TemporaryDirectory(prefix="tinytorch-grade-")
        root = Path(self.place.name)
        earlier_chapters.unpack(package["framework"], root / "framework")
        self.runner = Runner(root / "framework", Limits(**package["limits"]))
        self.course = Course(root / "course")
        self.course.prepare()
        root.chmod(0o711)  # so that whoever runs submissions gets to the framework,
        self.course.root.chmod(0o700)  # and to nothing else
        (self.course.root / "gradebook.db").write_bytes(package["database"])
        self.notebook = nbformat.reads(package["source"], as_version=4)
        self.published = package["published"]

    def grade(self, seated, own):
        """Grade a seated submission; return the Attempt and the graded notebook's text.

        Args: own, the student's own earlier modules, {name: source}.
        """
        path = self.course.folder("submitted", STUDENT, self.slug)
        path.mkdir(parents=True, exist_ok=True)
        nbformat.write(seated.notebook, path / f"{self.slug}.ipynb")
        # A class keeps them, since nbgrader makes the preprocessor by itself.
        Attempt.new_session = staticmethod(lambda: self.runner.session(own))
        Attempt.seated = seated
        self._autograde()
        result = Attempt.result
        graded = self.course.folder("autograded", STUDENT, self.slug)
        text = (graded / f"{self.slug}.ipynb").read_text(encoding="utf-8")
        self._agree(result)
        return result, text

    def _autograde(self):
        config = self.course.config()
        steps = Autograde.autograde_preprocessors.default_args[0]
        steps = [Attempt if step is Execute else step for step in steps]
        config.Autograde.autograde_preprocessors = steps
        folder = CourseDirectory(config=config)
        folder.assignment_id, folder.student_id = self.slug, STUDENT
        converter = Autograde(coursedir=folder, config=config)
        converter.force = True
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            converter.start()

    def _agree(self, result):
        """Make sure that nbgrader's database holds what was judged."""
        with Gradebook(self.course.database) as gradebook:
            notebook = gradebook.find_submission_notebook(self.slug, self.slug, STUDENT)
            noted = {grade.name: grade.auto_score for grade in notebook.grades}
            gradebook.remove_submission(self.slug, STUDENT)
        judged = {verdict.id: verdict.score for verdict in result.verdicts}
        if noted != judged:
            raise RuntimeError(f"nbgrader noted {noted}, but the checks gave {judged}")

    def close(self):
        """End the runner and remove the folder."""
        self.runner.close()
        self.place.cleanup()
