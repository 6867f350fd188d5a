"""Grades what was handed in: CH=03 COURSE=folder (STUDENT=, FRAMEWORK=own, DASK=).

Each submission runs in its own sandboxed process, with the course's own checks. The
grades go into nbgrader's gradebook and into three CSV files.
"""

import os

from tools.course.course import CourseError, quiet_nbgrader, require_nbgrader


def main() -> int | str:
    """Grade the chapters that CH= names; return 0, or an error message."""
    try:
        require_nbgrader()
        quiet_nbgrader()
        from tools.course.grade import course_run  # needs nbgrader

        return course_run.grade(os.environ)
    except CourseError as error:
        return f"grade: {error}"
    except KeyboardInterrupt:
        return "\ngrade: stopped; what was graded is kept, the same command goes on"
