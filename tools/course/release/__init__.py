"""Releases a chapter as an nbgrader assignment, tried and proven first."""
