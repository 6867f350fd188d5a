"""What the page's tests share: the served fixture site, and pages of it."""

import page_site
import pytest
from page_driver import live_page

from tools.engine import toolchain
from tools.site.server import serve


def pytest_collect_file(file_path, parent):
    """Collect a script's unit tests, NAME.test.mjs, as one test run by Node."""
    if file_path.name.endswith(".test.mjs"):
        return ScriptFile.from_parent(parent, path=file_path)
    return None


class ScriptFile(pytest.File):
    """A file for Node's own test runner."""

    def collect(self):
        """Yield the one test."""
        yield ScriptTest.from_parent(self, name=self.path.name)


class ScriptTest(pytest.Item):
    """All tests of a file; what Node says of a failed one is the message."""

    fixturenames = ()

    def runtest(self):
        """Run the file; raises EngineError with Node's last words."""
        command = [*toolchain.node_command(), "--test", self.path]
        toolchain.run(command, self.path.parent)

    def repr_failure(self, excinfo, style=None):
        """Return Node's words without a traceback of ours."""
        if excinfo.errisinstance(toolchain.EngineError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


@pytest.fixture(scope="session")
def served(engine, tmp_path_factory):
    """The fixture site with both engines."""
    folder = page_site.write(tmp_path_factory.mktemp("page") / "site")
    with serve(folder, 0) as site:
        yield site


@pytest.fixture
def page(chromium, served):
    """A fresh profile on the fixture page."""
    with live_page(chromium, served, page_site.PATH) as opened:
        yield opened


@pytest.fixture(params=["computer", "browser"])
def live(request, page, engine):
    """The fixture page, live with each engine in turn."""
    if request.param == "browser" and not engine["browser"]:
        pytest.skip(f"the browser engine is not built: {engine['missing']}")
    return page.go_live(request.param)
