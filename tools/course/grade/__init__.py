"""Grades many submissions side by side, each by the course's own checks."""
