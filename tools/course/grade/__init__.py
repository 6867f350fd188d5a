"""Grades many submissions in parallel, each by the course's own checks."""
