"""Writes what students wrote as plain Python files: CH=03 COURSE=folder."""

from tools.course import plain
from tools.course.course import CourseError, chapters_of, course_of


def main() -> int | str:
    """Write the files of chapters that CH= names; return 0, or an error message."""
    try:
        course = course_of()
        for chapter in chapters_of():
            folder, written, left_out = plain.write(course, chapter)
            print(f"{folder}: {written} students; given.py and published.py beside it")
            for student, why in left_out.items():
                print(f"  {student}: {why}")
    except CourseError as error:
        return f"submissions: {error}"
    return 0
