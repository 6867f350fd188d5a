"""The book's chapters for tests: listed at collection, parsed when a test asks.

Parsing all chapters takes seconds, which every collection of the tests would pay. So
tests are parametrized over paths, and the fixture `each` of tests/conftest.py parses.
"""

import functools
import json
import re

import pytest

from tools.chapters import parser

HEADER = re.compile(r"^# %% \[code\] (\{.*\})$", re.M)


@functools.cache
def parsed(path):
    """Return the chapter of a module file, parsed once a process."""
    return parser.read(path)


def slug(path):
    """Return the name of a module file's folder, as the id of a test."""
    return path.parent.name


def exercise_ids(path):
    """Return the ids of a module file's exercises, read from its headers alone."""
    headers = HEADER.findall(path.read_text(encoding="utf-8"))
    grading = [json.loads(header).get("nbgrader", {}) for header in headers]
    return [one["grade_id"] for one in grading if one.get("solution")]


def each_of(paths):
    """Return a decorator: run a test for each of these chapters, given as `each`."""
    return pytest.mark.parametrize("each", paths, ids=slug, indirect=True)


NUMBERED = {slug(path)[:2]: path for path in parser.paths()}
EACH_CHAPTER = each_of(parser.paths())
EACH_MILESTONE = each_of(parser.milestones())
