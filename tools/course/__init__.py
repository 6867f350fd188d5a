"""Courses: releases chapters as nbgrader assignments, and grades the submissions."""
