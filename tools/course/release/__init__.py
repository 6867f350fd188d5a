"""Releasing a chapter as an nbgrader assignment."""
