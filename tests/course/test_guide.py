"""The instructor's guide names what is there, and counts points from the chapters."""

import re

import pytest
import yaml
from book_chapters import EACH_CHAPTER, exercise_ids, parsed

from tinytorch.own.module_source import check_id
from tools import ROOT
from tools.chapters import parser

GUIDE = ROOT / "book" / "instructor"
ID = re.compile(r"`(\d\d-[a-z0-9-]+)`")


def text(name):
    return (GUIDE / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def points():
    pytest.importorskip("sphinx", reason="Sphinx is not installed")
    from tools.forms.page import points

    return points


def test_every_chapter_is_in_the_guide():
    course, mistakes = text("course.md"), text("mistakes.md")
    for each in map(parsed, parser.paths()):
        assert f"| {each.number} {each.title}" in course
        assert f"## {each.number} {each.title}\n" in mistakes
        assert f"```{{points}} {each.number}\n```" in mistakes


@pytest.mark.parametrize("name", sorted(path.name for path in GUIDE.glob("*.md")))
def test_exercises_that_the_guide_names_exist(name):
    known = {name for path in parser.paths() for name in exercise_ids(path)}
    known |= {check_id(one) for one in known}
    assert not set(ID.findall(text(name))) - known


@EACH_CHAPTER
def test_points_are_those_of_the_source(points, each):
    """Counted a second time, from the headers as they are written."""
    source = each.path.read_text(encoding="utf-8")
    written = [int(n) for n in re.findall(r'^# %%.*"points": (\d+)', source, re.M)]
    found = points.counted(each)
    assert [worth for _, worth, _, _ in found] == written
    assert sum(hidden for *_, hidden, _ in found) == source.count("BEGIN HIDDEN TESTS")


def test_the_values_for_a_hub_are_yaml_with_limits():
    values = yaml.safe_load(text("hub-values.yaml"))
    assert values["singleuser"]["memory"] == {"guarantee": "512M", "limit": "1G"}
    assert "Untried" in text("hub-values.yaml") and "{download}" in text("hub.md")
