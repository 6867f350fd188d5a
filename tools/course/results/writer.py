"""Writes results: grades into nbgrader's gradebook, files into the course's folder."""

from __future__ import annotations

import json
import shutil
from types import TracebackType

from nbgrader.api import Gradebook, SubmittedNotebook

from tinytorch.utils.files import write_whole
from tools.course.course import Course
from tools.course.records import Job, Result, Roster

FILES = {"autograded": ".ipynb", "feedback": ".html"}  # of a result: kind and suffix


class Writer:
    """Writes one result after the other into a course. A context manager.

    Only this process writes: SQLite, and so the gradebook, takes one writer at a time.
    """

    def __init__(self, course: Course, slug: str, roster: Roster) -> None:
        """Open the gradebook. Args: roster, for the students' names and addresses."""
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
        """Write a submission's files, its grades, and its result as JSON.

        Where the grader failed, the files and grades of an earlier run are kept.
        """
        self.gradebook.db.rollback()  # of what an earlier error left unfinished
        # SQLAlchemy goes through every object it knows at each commit: let it know few.
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
        """Enter a student's points in the gradebook; grades given by hand stay."""
        row = self.roster.get(student, {})
        names = {k: row[k] for k in ("first_name", "last_name", "email") if row.get(k)}
        self.gradebook.update_or_create_student(student, **names)
        more = {"timestamp": timestamp} if timestamp else {}
        self.gradebook.update_or_create_submission(self.slug, student, **more)
        scores = {each["id"]: each["score"] for each in result["verdicts"]}
        notebook = self._notebook(student)
        if not scores.keys() <= {grade.name for grade in notebook.grades}:
            # Released anew since, with more checks: only a new submission has them.
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
        return self.gradebook.find_submission_notebook(self.slug, self.slug, student)
