"""Writes what grading found: the gradebook, tables of grades, pages of feedback."""
