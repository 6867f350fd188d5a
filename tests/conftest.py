"""What the tests share: a group for each test, and things that are built once a run."""

import os
from pathlib import Path

import pytest
from book_chapters import parsed
from once import once

from tools import ROOT
from tools.site import browser, build

BROWSERS = ("chromium", "firefox", "webkit")  # markers, and what a test needs by them
BUILT = {"engine", "site", "course_site"}  # fixtures below that take a build


def pytest_collection_modifyitems(items):
    """Mark each test with its group, which `make test ONLY=group` runs alone."""
    for item in items:
        item.add_marker(_group(item))


def _group(item):
    """Return a test's group: the one it is marked with, or what it is seen to need."""
    for name in ("chapters", "site", "lint"):
        if item.get_closest_marker(name):
            return name
    if ROOT / "tests" / "course" in item.path.parents:
        return "course"
    if any(item.get_closest_marker(name) for name in BROWSERS):
        return "browser"
    return "site" if BUILT & {*item.fixturenames} else "fast"


@pytest.fixture
def each(request):
    """The parsed chapter of the path that a test is parametrized with."""
    return parsed(request.param)


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    """What can be built of the browser engine, as its manifest; built once a run."""
    from tools.engine.build import build as build_engine

    return once(tmp_path_factory, "engine", build_engine)


@pytest.fixture(scope="session")
def site(engine, tmp_path_factory):
    """The public site, built once a run."""
    return Path(once(tmp_path_factory, "site", lambda: str(build.build())))


@pytest.fixture(scope="session")
def course_site(engine, tmp_path_factory):
    """The site of a course, which publishes no solution; built once a run."""

    def make():
        folder = tmp_path_factory.mktemp("course")
        return str(build.build(folder, solutions=False))

    return Path(once(tmp_path_factory, "course", make))


@pytest.fixture(scope="session")
def chromium():
    """A running browser; REQUIRE=chromium makes its absence a failure."""
    if browser.find() is None:
        reason = "no Chromium or Chrome on this machine"
        if os.environ.get("REQUIRE") == "chromium":
            pytest.fail(reason)
        pytest.skip(reason)
    with browser.launch() as running:
        yield running
