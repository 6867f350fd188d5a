"""Writes a chapter for a course: CH=03 COURSE=folder (HIDDEN=folder of tests).

source/ gets nbgrader's source notebook, with solutions and hidden tests, and release/
what students are given. Nothing is written where a chapter would be graded wrongly.
"""

import os
import sys
from pathlib import Path

import nbformat

from tools.chapter import ChapterError
from tools.grade.course import (
    CourseError,
    chapters_of,
    course_of,
    quiet_nbgrader,
    require_nbgrader,
)
from tools.release import proof, source
from tools.release.rehearsal import rehearse


def release(course, book_chapter, hidden=None):
    """Write a chapter's source and release notebooks; return the release's path.

    Args: hidden, a folder of the course's own hidden tests, or None.
    Raises: CourseError where a cell would be graded wrongly.
    """
    from tools.release.nbgrader import generate

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


def main():
    """Release the chapters that CH= names; return a message where one is refused."""
    try:
        require_nbgrader()
        quiet_nbgrader()
        course, chapters = course_of(), chapters_of()
        course.prepare()
        for book_chapter in chapters:
            path = release(course, book_chapter, os.environ.get("HIDDEN"))
            checks = [cell for cell in book_chapter.code if cell.role == "check"]
            points = sum(cell.points for cell in checks)
            print(
                f"{book_chapter.slug}: {len(checks)} checks, {points} points, "
                f"rehearsed; hand out {Path(path)}",
                flush=True,
            )
    except (CourseError, ChapterError) as error:
        return f"release: {error}"
    print(
        f"Put what comes back into {course.root / 'submitted'}/NAME/CHAPTER/, "
        "then: make grade",
        file=sys.stderr,
    )
    return 0
