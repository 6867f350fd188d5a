"""The page's modules that need no browser, in Node's own test runner."""

from pathlib import Path

import pytest

from tools.engine import toolchain

TESTS = sorted(Path(__file__).parent.rglob("*.test.mjs"))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_module(path):
    toolchain.run([*toolchain.node_command(), "--test", path], path.parent)
