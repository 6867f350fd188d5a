"""Writes a chapter for a course: CH=03 COURSE=folder (HIDDEN=folder of tests).

source/ gets nbgrader's source notebook, with solutions and hidden tests, and release/
what students are given. Nothing is written where a chapter would be graded wrongly.
"""

import nbformat

from tools.course.course import (
    CourseError,
)
from tools.course.release import proof, source
from tools.course.release.rehearsal import rehearse


def release(course, book_chapter, hidden=None):
    """Write a chapter's source and release notebooks; return the release's path.

    Args: hidden, a folder of the course's own hidden tests, or None.
    Raises: CourseError where a cell would be graded wrongly.
    """
    from tools.course.release.generate import generate

    if hidden:
        book_chapter = source.with_hidden(book_chapter, hidden)
    notebook = source.source(book_chapter)
    rehearse(book_chapter, notebook)
    slug = book_chapter.slug
    path = course.source(slug)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    generate(course, slug)
    target = course.release(slug)
    text = target.read_text(encoding="utf-8")
    try:
        proof.prove(book_chapter, nbformat.reads(text, as_version=4), text)
    except CourseError:
        target.unlink()
        raise
    return target
