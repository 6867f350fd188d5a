"""python -m tools: which Pythons it takes, and that every document names the same."""

import pytest

from tools import ROOT
from tools import __main__ as door


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 3), (3, 13, 9), (3, 14, 2)])
def test_these_pythons_will_do(version: tuple[int, int, int]) -> None:
    assert door.unsupported(version) is None


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13), (3, 15, 0)])
def test_other_pythons_are_told_what_is_needed(version: tuple[int, int, int]) -> None:
    told = door.unsupported(version) or ""
    assert ".".join(map(str, version)) in told and "3.11 to 3.14" in told


def test_every_place_names_the_same_pythons() -> None:
    workflow = (ROOT / ".github/workflows/book.yml").read_text(encoding="utf-8")
    assert 'python: ["3.11", "3.12", "3.13", "3.14"]' in workflow
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'requires-python = ">=3.11"' in project
    for name in ("README.md", "book/reading.md", "book/instructor/grading.md"):
        assert "Python 3.11 to 3.14" in (ROOT / name).read_text(encoding="utf-8"), name
