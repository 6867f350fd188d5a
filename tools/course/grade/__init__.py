"""Grading many submissions in parallel."""
