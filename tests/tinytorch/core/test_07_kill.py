"""A process killed while it writes a checkpoint leaves the last good one."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from tinytorch.core.layers import Layer
from tinytorch.core.training import load_checkpoint, save_checkpoint
from tools import ROOT

WRITER = """
import itertools, sys
import numpy as np
from tinytorch.core.layers import Layer
from tinytorch.core.training import save_checkpoint

model = Layer()
model.weight = np.zeros(400_000)
for number in itertools.count(1):
    model.weight[:] = number
    save_checkpoint(sys.argv[1], model, number=number)
    print(number, flush=True)
"""

# Kills itself when half of the second file is written.
KILLS_ITSELF = """
import os, signal, sys
import numpy as np
from tinytorch.core import training
from tinytorch.core.layers import Layer

model = Layer()
model.weight = np.ones(1000)
training.save_checkpoint(sys.argv[1], model, number=1)

def savez(file, **arrays):
    file.write(b"PK half of a file")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)

np.savez = savez
model.weight[:] = 2
training.save_checkpoint(sys.argv[1], model, number=2)
"""


def run(code, path):
    return subprocess.Popen(
        [sys.executable, "-c", code, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def loaded(path):
    """The number in a checkpoint whose weights must all be that number."""
    model = Layer()
    size = 1000 if path.stat().st_size < 100_000 else 400_000
    model.weight = np.zeros(size)
    number = load_checkpoint(path, model)["number"]
    assert (model.weight == number).all()
    return number


unix = pytest.mark.skipif(os.name == "nt", reason="no SIGKILL on Windows")


@unix
def test_killed_in_the_middle_of_a_write_the_last_good_one_is_left(tmp_path):
    path = tmp_path / "a.npz"
    with run(KILLS_ITSELF, path) as process:
        assert process.wait(timeout=120) == -signal.SIGKILL
    half = tmp_path / "a.npz.part"
    assert half.read_bytes() == b"PK half of a file"
    assert loaded(path) == 1
    model = Layer()
    model.weight = np.full(1000, 3.0)
    save_checkpoint(path, model, number=3)  # the half is no obstacle, and is gone
    assert loaded(path) == 3
    assert not half.exists()


@unix
@pytest.mark.parametrize("turn", range(3))
def test_killed_at_any_moment_a_whole_one_is_left(turn, tmp_path):
    path = tmp_path / "a.npz"
    with run(WRITER, path) as process:
        for _ in range(turn + 1):
            seen = int(process.stdout.readline())
        time.sleep(0.003 * turn)
        process.kill()
        process.wait(timeout=120)
        seen = max([seen, *map(int, process.stdout.read().split())])
    assert loaded(path) in (seen, seen + 1)
