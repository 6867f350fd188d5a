"""Seats a student's code in the release: CH=03 COURSE=folder STUDENT=name."""

import os

from tools.course.course import CourseError, chapters_of, course_of
from tools.course.repair import repair


def main():
    """Repair one student's notebooks; return a message where that cannot be."""
    try:
        course, chapters = course_of(), chapters_of()
        student = os.environ.get("STUDENT")
        if not student:
            raise CourseError("STUDENT= is missing: whose notebook is it?")
        for book_chapter in chapters:
            path, notes = repair(course, book_chapter.slug, student)
            print(f"wrote {path}: {'; '.join(notes) or 'it was whole already'}")
    except CourseError as error:
        return f"repair: {error}"
    return 0
