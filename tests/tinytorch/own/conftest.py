"""A reader's own chapter 01 for tests: it counts its calls."""

import pytest
from own_modules import own
from readers import COUNTED_ADD, COUNTED_MATMUL


@pytest.fixture(scope="session")
def counting():
    """A module of chapter 01 that counts its additions and matrix products."""
    return own("01", {"01-tensor-add": COUNTED_ADD, "01-tensor-matmul": COUNTED_MATMUL})
