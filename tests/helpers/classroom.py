"""A course in a temporary folder, and students who hand all sorts of things in."""

import json
import os
import sys

import nbformat
import pytest

from tools.course.course import every_chapter
from tools.forms import notebooks


class Class:
    """A course with its chapters released, and ways to hand work in."""

    def __init__(self, root, chapters, hidden=None):
        """Prepare the folder; release the chapters that are not released in it yet."""
        from tools.course.course import Course, quiet_nbgrader
        from tools.course.release import release

        quiet_nbgrader()
        self.course = Course(root)
        self.course.prepare()
        self.chapters = {each.number: each for each in chapters}
        for each in chapters:
            if not self.course.release(each.slug).exists():
                release.release(self.course, each, hidden)

    def path(self, student, number, name=None):
        """The file that a student hands in; its folder is made."""
        slug = self.chapters[number].slug
        folder = self.course.folder("submitted", student, slug)
        folder.mkdir(parents=True, exist_ok=True)
        return folder / (name or f"{slug}.ipynb")

    def hand_in(self, student, number, notebook, name=None):
        """Hand a notebook in."""
        path = self.path(student, number, name)
        path.write_text(json.dumps(notebook), encoding="utf-8")

    def solved(self, number):
        """Return the chapter as somebody hands it in who solved it."""
        return notebooks.solution(self.chapters[number])

    def untouched(self, number):
        """Return the chapter as it is released, with no work done."""
        path = self.course.release(self.chapters[number].slug)
        return nbformat.read(path, as_version=4)

    def grade(self, *settings):
        """Run `make grade` for all chapters; return its exit status, or message."""
        from tools.course.grade import course_run

        environment = {
            "COURSE": str(self.course.root),
            "CH": " ".join(self.chapters),
            "WORKERS": "2",
            **dict(setting.split("=", 1) for setting in settings),
        }
        return course_run.grade(environment)

    def results(self, number):
        """Return {student: result} of a chapter."""
        from tools.course.results import tables

        return tables.kept(self.course)[self.chapters[number].slug]


def parsed(*numbers):
    """Return the chapters with these numbers."""
    return [each for each in every_chapter() if each.number in numbers]


def put(notebook, cell_id, text):
    """Put a text into a cell of a notebook; return the notebook."""
    next(cell for cell in notebook.cells if cell.id == cell_id).source = text
    return notebook


def deadly(package, job):
    """Stand in for job.grade: some submissions end the worker that grades them."""
    if job["student"].startswith("deadly"):
        os._exit(1)
    return {"student": job["student"], "status": "graded", "in": package["slug"]}


needs_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the caps under test are Linux's"
)
