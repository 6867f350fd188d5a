"""A course's folder: paths of its files, its nbgrader settings, names of its students.

Also the settings COURSE= and CH= of the `make` commands for a course.
"""

from __future__ import annotations

import functools
import logging
import os
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tools.chapters import parser
from tools.chapters.cells import Chapter

if TYPE_CHECKING:
    from traitlets.config import Config

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
    """Raised for a mistake that the instructor must correct; the message says how."""


class Course:
    """A course's folder, in nbgrader's layout, with nbgrader's settings for it."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        """Keep the absolute path of the course's folder, which need not exist yet."""
        self.root = Path(root).expanduser().resolve()

    def source(self, slug: str) -> Path:
        """Path of a chapter's instructor notebook, with solutions and hidden tests."""
        return self.root / "source" / slug / f"{slug}.ipynb"

    def release(self, slug: str) -> Path:
        """Path of the notebook of a chapter that students get."""
        return self.root / "release" / slug / f"{slug}.ipynb"

    def folder(self, kind: str, student: str, slug: str) -> Path:
        """Path of a student's folder for a chapter.

        Args: kind, one of submitted, autograded, feedback, repaired.
        """
        return self.root / kind / student / slug

    def results(self, slug: str) -> Path:
        """Path of the folder with a chapter's results, one JSON file a student."""
        return self.root / "results" / slug

    @property
    def submitted(self) -> Path:
        """Path of the folder that holds the students' submissions."""
        return self.root / "submitted"

    @property
    def database(self) -> str:
        """The SQLAlchemy address of nbgrader's gradebook."""
        return self.config().CourseDirectory.get(
            "db_url", f"sqlite:///{self.root / 'gradebook.db'}"
        )

    @property
    def config_id(self) -> str:
        """The course's id in the gradebook."""
        return self.config().CourseDirectory.get("course_id", "default_course")

    def prepare(self) -> None:
        """Create the course's folder and its nbgrader_config.py, unless they exist."""
        self.root.mkdir(parents=True, exist_ok=True)
        path = self.root / "nbgrader_config.py"
        if not path.exists():
            path.write_text(CONFIG, encoding="utf-8")

    def config(self) -> Config:
        """Return nbgrader's settings: nbgrader_config.py's, and the course's root."""
        from traitlets.config import Config, PyFileConfigLoader

        config = Config()
        if (self.root / "nbgrader_config.py").exists():
            loader = PyFileConfigLoader("nbgrader_config.py", path=str(self.root))
            config.merge(loader.load_config())
        config.CourseDirectory.root = str(self.root)
        return config

    def everybody(self) -> list[str]:
        """Return the names of all students with a folder in submitted/, sorted.

        Folders whose name is not UTF-8 are left out; see `strays`.
        """
        return sorted(path.name for path in self._submitted() if _is_utf8(path))

    def strays(self) -> list[str]:
        """Return a sentence for each entry of submitted/ that cannot be graded.

        These are files beside the students' folders, and folders whose name is not
        UTF-8. Names are given in ASCII, since a terminal may not be able to print them.
        """
        sentences = []
        for path in self._submitted(folders=False):
            sentences.append(
                f"submitted/{ascii(path.name)[1:-1]} lies in no student's folder and "
                "was not graded; put it into submitted/NAME/CHAPTER/"
            )
        for path in self._submitted():
            if not _is_utf8(path):
                sentences.append(
                    f"the folder submitted/{ascii(path.name)[1:-1]} has a name that is "
                    "not UTF-8 and was not graded; rename it"
                )
        return sentences

    def _submitted(self, folders: bool = True) -> list[Path]:
        """Return the folders in submitted/, or with folders=False its other entries.

        Hidden entries, whose name begins with a dot, are in neither list.
        """
        there = sorted(self.submitted.iterdir()) if self.submitted.is_dir() else []
        there = [path for path in there if not path.name.startswith(".")]
        return [path for path in there if path.is_dir() == folders]


def _is_utf8(path: Path) -> bool:
    """Return whether a file's name can be written as UTF-8, as tables and JSON are."""
    try:
        path.name.encode()
    except UnicodeEncodeError:  # Python holds foreign bytes of a name as surrogates
        return False
    return True


def course_of(environment: Mapping[str, str] = os.environ) -> Course:
    """Return the Course that the setting COURSE= names.

    Raises: CourseError without that setting.
    """
    folder = environment.get("COURSE")
    if not folder:
        raise CourseError(
            "COURSE= is missing: name the course's folder, outside this one, such as "
            "COURSE=../course-2027 (it is made where there is none)"
        )
    return Course(folder)


def chapters_of(environment: Mapping[str, str] = os.environ) -> list[Chapter]:
    """Return the parsed chapters that CH= names, as in CH=03 or CH="01 02 03".

    Raises: CourseError where CH= is missing or names a chapter that does not exist.
    """
    found = {each.number: each for each in every_chapter()}
    wanted = environment.get("CH", "").replace(",", " ").split()
    unknown = [number for number in wanted if number.zfill(2) not in found]
    if unknown or not wanted:
        problem = (
            f"there is no chapter {', '.join(unknown)}" if unknown else "CH= missing"
        )
        raise CourseError(
            f"{problem}: name chapters by number, as in CH=03 or CH='01 02'; "
            f"the book has {', '.join(found)}"
        )
    return [found[number.zfill(2)] for number in wanted]


@functools.cache
def every_chapter() -> list[Chapter]:
    """Return the parsed chapters of the book, in order; cached for the process."""
    return [parser.read(path) for path in parser.paths()]


def quiet_nbgrader(level: int = logging.CRITICAL) -> None:
    """Silence nbgrader's logging, and put this Python's folder first on PATH.

    nbgrader starts the program `alembic` by name for each new gradebook. Its failures
    are raised as exceptions, so the log says nothing more.

    Args: level, the lowest level that is still logged.
    """
    os.environ["PATH"] = (
        f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )
    for name in ("traitlets", "nbgrader", "alembic"):
        logging.getLogger(name).setLevel(level)
    # SQLAlchemy warns each time that nbgrader 0.9.6 uses it.
    warnings.filterwarnings("ignore", message="Object of type", module="nbgrader")


def require_nbgrader() -> None:
    """Raise CourseError on Windows, and where nbgrader is not installed."""
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
