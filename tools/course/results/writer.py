"""The one that writes: grades into nbgrader's gradebook, files into the course."""

import json
import os
import shutil
from pathlib import Path

from nbgrader.api import Gradebook

FILES = ("autograded", "feedback")


class Writer:
    """Merges results, one after the other, into a course. A context manager."""

    def __init__(self, course, slug, roster):
        """Open the gradebook. Args: roster, {student: row of students.csv}."""
        self.course, self.slug, self.roster = course, slug, roster
        self.gradebook = Gradebook(course.database, course.config_id)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.gradebook.close()

    def write(self, job, result):
        """Write what came of one submission: its files, its grades, its result."""
        self.gradebook.db.rollback()  # of what an earlier one may have left unfinished
        self.gradebook.db.expunge_all()  # each commit would go through all it knows
        student = result["student"]
        for kind, suffix in zip(FILES, (".ipynb", ".html"), strict=True):
            folder = self.course.folder(kind, student, self.slug)
            if result["status"] != "failed":
                shutil.rmtree(folder, ignore_errors=True)
            if result[kind]:
                folder.mkdir(parents=True, exist_ok=True)
                put(folder / f"{self.slug}{suffix}", result[kind])
        if result["status"] != "failed":
            self._note(student, result, job.get("timestamp"))
        kept = {name: value for name, value in result.items() if name not in FILES}
        kept |= {"digest": job["digest"], "chapter": self.slug}
        path = self.course.results(self.slug) / f"{student}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, json.dumps(kept, indent=1) + "\n")

    def _note(self, student, result, timestamp):
        """Note a student's points in the gradebook; a manual grade stays."""
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

    def _notebook(self, student):
        return self.gradebook.find_submission_notebook(self.slug, self.slug, student)


def put(path, text):
    """Write a file whole or not at all."""
    partial = Path(f"{path}.partial")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)  # noqa: PTH105
