"""Writes the results of grading into nbgrader's gradebook and the course's folder."""

from __future__ import annotations

import json
import shutil
from types import TracebackType

from nbgrader.api import Gradebook, SubmittedNotebook

from tinytorch.utils.files import write_whole
from tools.course.course import Course
from tools.course.records import Job, Result, Roster

# The fields of a Result that become files in the folders of these names: file suffix.
FILES = {"autograded": ".ipynb", "feedback": ".html"}


class Writer:
    """Context manager that writes results of one chapter into a course, one by one.

    The worker processes write nothing: SQLite, which holds the gradebook, takes one
    writer at a time.
    """

    def __init__(self, course: Course, slug: str, roster: Roster) -> None:
        """Open the gradebook.

        Args: slug, the chapter's; roster, for the students' names and e-mail addresses.
        """
        self.course, self.slug, self.roster = course, slug, roster
        self.gradebook = Gradebook(course.database, course.config_id)

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.gradebook.close()

    def write(self, job: Job, result: Result) -> None:
        """Write a submission's files, its points in the gradebook, its result as JSON.

        Where the grader failed, the files and grades of an earlier run are kept.

        Raises: OSError, or an error of SQLAlchemy, where one of these is not written.
        """
        self.gradebook.db.rollback()  # ends a transaction that an earlier error left
        # At each commit SQLAlchemy goes through all objects of its session: empty it.
        self.gradebook.db.expunge_all()
        student = result["student"]
        for kind, suffix in FILES.items():
            folder = self.course.folder(kind, student, self.slug)
            if result["status"] != "failed":
                shutil.rmtree(folder, ignore_errors=True)
            if text := result.get(kind):
                folder.mkdir(parents=True, exist_ok=True)
                write_whole(folder / f"{self.slug}{suffix}", str(text))
        if result["status"] != "failed":
            self._note(student, result, job.get("timestamp"))
        kept = {name: value for name, value in result.items() if name not in FILES}
        kept |= {"digest": job["digest"], "chapter": self.slug}
        path = self.course.results(self.slug) / f"{student}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(kept, indent=1) + "\n")

    def _note(self, student: str, result: Result, timestamp: str | None) -> None:
        """Enter a student's points in the gradebook; points given by hand are kept.

        Args: timestamp, when the work was handed in, or None where that is unknown.
        """
        row = self.roster.get(student, {})
        names = {k: row[k] for k in ("first_name", "last_name", "email") if row.get(k)}
        self.gradebook.update_or_create_student(student, **names)
        more = {"timestamp": timestamp} if timestamp else {}
        self.gradebook.update_or_create_submission(self.slug, student, **more)
        scores = {each["id"]: each["score"] for each in result["verdicts"]}
        notebook = self._notebook(student)
        if not scores.keys() <= {grade.name for grade in notebook.grades}:
            # The chapter was released again with more checks. The gradebook's record of
            # the submission lacks them; a new record has them all.
            by_hand = {grade.name: grade.manual_score for grade in notebook.grades}
            self.gradebook.remove_submission(self.slug, student)
            self.gradebook.add_submission(self.slug, student, **more)
            notebook = self._notebook(student)
            for grade in notebook.grades:
                grade.manual_score = by_hand.get(grade.name)
        for grade in notebook.grades:
            grade.auto_score = scores.get(grade.name, 0.0)
            grade.needs_manual_grade = grade.manual_score is not None
        self.gradebook.db.commit()

    def _notebook(self, student: str) -> SubmittedNotebook:
        """Return the gradebook's record of a student's notebook of this chapter."""
        return self.gradebook.find_submission_notebook(self.slug, self.slug, student)
