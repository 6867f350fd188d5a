"""Arrays that are made anew in every step do not come from the system every time."""

import os
import sys

import pytest

from tinytorch.utils import memory
from tools.bench.startup import python

FAULTS = """
import resource
import numpy as np
{first}
def step():
    return [np.ones(2**18, np.float32) for _ in range(4)]  # 4 MiB
for _ in range(3):
    step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def glibc():
    """Whether this machine's C library is glibc."""
    try:
        return os.confstr("CS_GNU_LIBC_VERSION").startswith("glibc")
    except (AttributeError, OSError, ValueError):
        return False


@pytest.mark.skipif(not glibc(), reason="the C library is not glibc")
def test_freed_arrays_are_used_again():
    plain = int(python(FAULTS.format(first="")))
    kept = int(python(FAULTS.format(first="import tinytorch; tinytorch.Tensor")))
    assert kept <= 50  # pages fetched from the system, in 50 steps
    assert plain == 0 or kept < plain


def test_another_c_library_or_system_is_left_alone(monkeypatch):
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())
    assert memory.keep_freed_memory() is False
    monkeypatch.setattr(sys, "platform", "darwin")
    assert memory.keep_freed_memory() is False


def test_chapter_01_alone_changes_nothing_in_the_process():
    code = "import sys, tinytorch.core.tensor; print(*sys.modules)"
    assert "tinytorch.utils.memory" not in python(code).split()
