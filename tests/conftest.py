"""What the tests share: the parsed chapters, a built site, a browser."""

import os

import pytest

from tools.chapters import parser
from tools.site import browser, build


@pytest.fixture(scope="session")
def chapters():
    """Every chapter of the book, parsed."""
    return [parser.read(path) for path in parser.paths()]


@pytest.fixture(scope="session")
def engine():
    """Build what can be built of the browser engine; return its manifest."""
    from tools.engine.build import build as build_engine

    return build_engine()


@pytest.fixture(scope="session")
def site(engine):
    """The public site, built once for all tests."""
    return build.build()


@pytest.fixture(scope="session")
def course_site(engine, tmp_path_factory):
    """The site of a course, which publishes no solution."""
    return build.build(tmp_path_factory.mktemp("course"), solutions=False)


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
