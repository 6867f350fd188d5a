"""A cell that takes too long is interrupted, however grading itself was started."""

import os
import signal

import pytest

from tools import ROOT
from tools.course.shut_in.outside import Runner
from tools.course.shut_in.replies import Limits

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


@pytest.fixture
def ignored():
    """SIGINT ignored, as in what a script runs in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_cell_is_interrupted_in_the_background_of_a_script(ignored):
    runner = Runner(ROOT, Limits(cell=2))
    try:
        with runner.session() as session:
            late = session.run("99-loop", "while True: pass")
            assert late.error["name"] == "TimeoutError"
            assert session.run("99-after", "print('goes on')").out == "goes on\n"
    finally:
        runner.close()
