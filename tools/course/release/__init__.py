"""Releases a chapter as an nbgrader assignment, after it was tried and checked."""
