"""A course's folder, laid out as nbgrader wants it, and the settings of a run."""

import functools
import logging
import os
import sys
import warnings
from pathlib import Path

from tools.chapters import parser

CONFIG = """\
# Settings of nbgrader for this course; `make release` wrote this file once, and the
# rest of it is yours.
c = get_config()
c.CourseDirectory.course_id = "tinytorch"
c.ClearSolutions.code_stub = {
    "python": 'raise NotImplementedError("replace this line with your code")'
}
c.ExecutePreprocessor.timeout = 60
"""


class CourseError(ValueError):
    """What an instructor must mend before going on, in words."""


class Course:
    """A course's folder: where things lie, and nbgrader's settings for it."""

    def __init__(self, root):
        """Take the folder; it need not exist yet."""
        self.root = Path(root).expanduser().resolve()

    def source(self, slug):
        """The instructor's notebook of a chapter: solutions and hidden tests in it."""
        return self.root / "source" / slug / f"{slug}.ipynb"

    def release(self, slug):
        """The notebook that is handed out."""
        return self.root / "release" / slug / f"{slug}.ipynb"

    def folder(self, kind, student, slug):
        """A student's folder: kind is submitted, autograded, feedback or repaired."""
        return self.root / kind / student / slug

    def results(self, slug):
        """The folder in which a run keeps what it found out, one file a student."""
        return self.root / "results" / slug

    @property
    def database(self):
        """The address of nbgrader's database of grades."""
        return self.config().CourseDirectory.get(
            "db_url", f"sqlite:///{self.root / 'gradebook.db'}"
        )

    @property
    def config_id(self):
        """The course's id in the gradebook."""
        return self.config().CourseDirectory.get("course_id", "default_course")

    def prepare(self):
        """Make the folder and its nbgrader_config.py where they are not there."""
        self.root.mkdir(parents=True, exist_ok=True)
        path = self.root / "nbgrader_config.py"
        if not path.exists():
            path.write_text(CONFIG, encoding="utf-8")

    def config(self):
        """Return nbgrader's settings, those of nbgrader_config.py among them."""
        from traitlets.config import Config, PyFileConfigLoader

        config = Config()
        if (self.root / "nbgrader_config.py").exists():
            loader = PyFileConfigLoader("nbgrader_config.py", path=str(self.root))
            config.merge(loader.load_config())
        config.CourseDirectory.root = str(self.root)
        return config

    def everybody(self):
        """Return the names of all who have a folder in submitted/, sorted."""
        return sorted(path.name for path in self._submitted() if _is_whole(path))

    def strays(self):
        """Return what lies in submitted/ and belongs to nobody, in words."""
        told = []
        for path in self._submitted(folders=False):
            told.append(
                f"submitted/{ascii(path.name)[1:-1]} lies in no student's folder and "
                "was not graded; put it into submitted/NAME/CHAPTER/"
            )
        for path in self._submitted():
            if not _is_whole(path):
                told.append(
                    f"the folder submitted/{ascii(path.name)[1:-1]} has a name that is "
                    "not UTF-8 and was not graded; rename it"
                )
        return told

    def _submitted(self, folders=True):
        root = self.root / "submitted"
        there = sorted(root.iterdir()) if root.is_dir() else []
        there = [path for path in there if not path.name.startswith(".")]
        return [path for path in there if path.is_dir() == folders]


def _is_whole(path):
    """Whether a name can be written to a file."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return False
    return True


def course_of(environment=os.environ):
    """Return the Course that COURSE= names; raises CourseError without it."""
    folder = environment.get("COURSE")
    if not folder:
        raise CourseError(
            "COURSE= is missing: name the course's folder, outside this one, such as "
            "COURSE=../course-2027 (it is made where there is none)"
        )
    return Course(folder)


def chapters_of(environment=os.environ):
    """Return the parsed chapters that CH= names, as in CH=03 or CH="01 02 03"."""
    found = {each.number: each for each in every_chapter()}
    wanted = environment.get("CH", "").replace(",", " ").split()
    unknown = [number for number in wanted if number.zfill(2) not in found]
    if unknown or not wanted:
        what = f"there is no chapter {', '.join(unknown)}" if unknown else "CH= missing"
        raise CourseError(
            f"{what}: name chapters by number, as in CH=03 or CH='01 02'; "
            f"the book has {', '.join(found)}"
        )
    return [found[number.zfill(2)] for number in wanted]


@functools.cache
def every_chapter():
    """Return the parsed chapters of the book, in order."""
    return [parser.read(path) for path in parser.paths()]


def quiet_nbgrader(level=logging.CRITICAL):
    """Let nbgrader speak through errors alone, and find the programs it starts."""
    os.environ["PATH"] = (
        f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )
    for name in ("traitlets", "nbgrader", "alembic"):
        logging.getLogger(name).setLevel(level)
    # nbgrader 0.9.6 asks SQLAlchemy for something that it warns about each time.
    warnings.filterwarnings("ignore", message="Object of type", module="nbgrader")


def require_nbgrader():
    """Raise CourseError where nothing can be released or graded, and say why."""
    if os.name == "nt":
        raise CourseError(
            "student code is shut in by means that Windows lacks; run this in WSL, "
            "the Linux that Windows brings along"
        )
    try:
        import nbgrader  # noqa: F401
    except ModuleNotFoundError:
        raise CourseError(
            "nbgrader is not installed in this Python; it comes with the course's "
            'extra: pip install --constraint constraints.txt --editable ".[course]"'
        ) from None
