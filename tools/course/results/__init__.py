"""Writes the results of grading: the gradebook, tables of grades, pages of feedback."""
