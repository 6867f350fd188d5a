"""Writes a chapter for a course: CH=03 COURSE=folder (HIDDEN=folder of tests)."""

import os
import sys

from tools.chapters.parser import ChapterError
from tools.course.course import (
    CourseError,
    chapters_of,
    course_of,
    quiet_nbgrader,
    require_nbgrader,
)
from tools.course.release.release import release


def main() -> int | str:
    """Release the chapters that CH= names; return 0, or an error message."""
    try:
        require_nbgrader()
        quiet_nbgrader()
        course, chapters = course_of(), chapters_of()
        course.prepare()
        for chapter in chapters:
            path = release(course, chapter, os.environ.get("HIDDEN"))
            checks = [cell for cell in chapter.code if cell.role == "check"]
            points = sum(cell.points for cell in checks)
            print(
                f"{chapter.slug}: {len(checks)} checks, {points} points, "
                f"rehearsed; hand out {path}",
                flush=True,
            )
    except (CourseError, ChapterError) as error:
        return f"release: {error}"
    print(
        f"Put what comes back into {course.submitted}/NAME/CHAPTER/, then: make grade",
        file=sys.stderr,
    )
    return 0
