"""Measures grading: N=1000 submissions of a chapter, against nbgrader's own way."""

import os
import tempfile

from tools.course.course import (
    Course,
    CourseError,
    chapters_of,
    quiet_nbgrader,
    require_nbgrader,
)


def main() -> int | str:
    """Release a chapter into a temporary course, measure grading, and print a table.

    Returns: 0, or an error message.
    """
    try:
        require_nbgrader()
        quiet_nbgrader()
        from tools.bench.grading import measure  # needs nbgrader
        from tools.course.grade import job, run
        from tools.course.grade.limits import limits_of
        from tools.course.release.release import release

        chapter = chapters_of({"CH": os.environ.get("CH") or "01"})[0]
        number, workers = int(os.environ.get("N") or 1000), run.workers_of()
        with tempfile.TemporaryDirectory() as folder:
            course = Course(folder)
            course.prepare()
            release(course, chapter)
            package = job.pack(course, chapter, limits_of(os.environ))
            measure(course, chapter, package, number, workers)
    except CourseError as error:
        return f"bench-grade: {error}"
    return 0
