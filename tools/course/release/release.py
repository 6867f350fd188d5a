"""Writes a chapter's nbgrader notebooks: the instructor's and the students'.

source/ gets the instructor's notebook, with solutions and hidden tests, and release/
the students' notebook. A chapter whose checks grade wrongly is not written.
"""

import os
from pathlib import Path

import nbformat

from tools.chapters.cells import Chapter
from tools.course.course import Course, CourseError
from tools.course.release import proof, source
from tools.course.release.rehearsal import rehearse


def release(
    course: Course, chapter: Chapter, hidden: str | os.PathLike[str] | None = None
) -> Path:
    """Write a chapter's source and release notebooks; return the release's path.

    Args: hidden, a folder of the course's own hidden tests (see `source.with_hidden`),
        or None for the book's.
    Raises: CourseError where the hidden tests cannot be used, a check would grade
        wrongly, nbgrader fails, or the release holds a solution; a release that does
        is removed.
    """
    # Imported late: without nbgrader this import fails, and `require_nbgrader`, which
    # says so, is to run first.
    from tools.course.release.generate import generate

    if hidden:
        chapter = source.with_hidden(chapter, hidden)
    notebook = source.source(chapter)
    rehearse(chapter, notebook)
    slug = chapter.slug
    path = course.source(slug)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    generate(course, slug)
    target = course.release(slug)
    text = target.read_text(encoding="utf-8")
    try:
        proof.prove(chapter, nbformat.reads(text, as_version=4), text)
    except CourseError:
        target.unlink()
        raise
    return target
