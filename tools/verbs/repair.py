"""Seats a student's code in the release: CH=03 COURSE=folder STUDENT=name."""

import os

from tools.course.course import CourseError, chapters_of, course_of
from tools.course.repair import repair


def main() -> int | str:
    """Repair a student's notebooks of the chapters that CH= names.

    Returns: 0, or an error message.
    """
    try:
        course, chapters = course_of(), chapters_of()
        student = os.environ.get("STUDENT")
        if not student:
            raise CourseError("STUDENT= is missing: whose notebook is it?")
        for chapter in chapters:
            path, notes = repair(course, chapter.slug, student)
            print(f"wrote {path}: {'; '.join(notes) or 'it was whole already'}")
    except CourseError as error:
        return f"repair: {error}"
    return 0
