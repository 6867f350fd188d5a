"""make bench: the checks before the timing, the printed table, the failures."""

import os
import subprocess
import sys

import numpy as np
import pytest

from tools import ROOT
from tools.bench import agreement, ours, ratios, raw, timing, workloads

WORK = {work.name: work for work in workloads.ALL}


def bench(**settings):
    """Run the program as make does, in a process of its own."""
    env = {**os.environ, "VENV": "no", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tools", "bench"]
    command += [f"{key}={value}" for key, value in settings.items()]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)


@pytest.mark.parametrize("name", WORK)
def test_all_libraries_compute_the_same(name):
    assert agreement.faults(WORK[name], list(workloads.LIBRARIES)) == []


@pytest.mark.parametrize("library", ["raw", "ours", workloads.PYTORCH])
def test_every_workload_is_written_with_every_library(library):
    """PyTorch's are read, not run: it need not be installed."""
    for work in workloads.ALL:
        family, _, name = work.program.rpartition(":")
        module = f"{family}_{library}.py" if family else f"{library}.py"
        text = (ROOT / "tools" / "bench" / module).read_text(encoding="utf-8")
        assert f"\nclass {name}(" in text


def test_the_issue_s_workloads_are_there_with_their_bounds():
    bounds = {work.name: (work.target, work.gate) for work in workloads.ALL}
    assert (
        bounds.items()
        >= {
            "W1": (1.10, 1.25),
            "W1b": (1.10, 1.30),
            "W1s": (1.80, 2.50),
            "W5a": (2.00, 3.00),
            "W5b": (4.00, 8.00),
            "W6": (1.10, 1.30),
        }.items()
    )


class Wrong(ours.Regressor):
    """A program whose gradients are off by one part in a hundred."""

    def gradients(self):
        return [1.01 * gradient for gradient in super().gradients()]


class Lazy(ours.Regressor):
    """A program whose update changes nothing."""

    def update(self):
        for p in self.parameters:
            p.grad = None


@pytest.mark.parametrize(("program", "what"), [(Wrong, "gradient"), (Lazy, "step")])
def test_what_computes_something_else_is_not_timed(program, what, monkeypatch):
    monkeypatch.setattr(ours, "Regressor", program)
    assert agreement.faults(WORK["W1s"], ["ours"]) == [
        f"W1s: ours computes another {what}"
    ]
    assert ratios.run(["W1s"], 1) == f"W1s: ours computes another {what}"


def test_raw_numpy_is_held_against_trying(monkeypatch):
    class Crooked(raw.Regressor):
        def loss(self, prediction, out):
            loss = super().loss(prediction, out)
            out *= 1.001
            return loss

    monkeypatch.setattr(raw, "Regressor", Crooked)
    (fault,) = agreement.faults(WORK["W1s"], [])
    assert "raw numpy" in fault


def test_each_program_gets_numbers_of_its_own():
    one, other = (WORK["W1s"].start("raw") for _ in range(2))
    for a, b in zip(one.values(), other.values(), strict=True):
        assert a.tolist() == b.tolist()
        assert not np.shares_memory(a, b)
    assert one.values()[0].dtype == np.float32
    assert WORK["W1s"].start("raw", "float64").values()[0].dtype == np.float64


class Counted:
    """A program that only counts its steps."""

    def __init__(self):
        self.passes = self.updates = 0

    def forward_backward(self):
        self.passes += 1

    def update(self):
        self.updates += 1


def test_programs_take_turns_and_every_step_is_updated():
    programs = [Counted(), Counted()]
    times = timing.best_times(programs, 2)
    assert len(times) == 2
    assert all(0 < spent < 1e-3 for spent in times)
    assert all(program.passes == program.updates > 100 for program in programs)


def test_the_table(monkeypatch, capsys):
    """One line for a workload; above its gate, it is said and is an error."""
    monkeypatch.setattr(ratios, "pair", lambda work, library, rounds: [0.0013, 0.001])
    told = ratios.run(["W1", "W5b"], 3)
    assert told == "too slow:\nW1: 1.30 times raw numpy, gate 1.25"
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()[3:]}
    assert "1.30" in lines["W1"]
    assert "fails" in lines["W1"]
    assert "ok" in lines["W5b"]
    monkeypatch.setattr(ratios, "pair", lambda work, library, rounds: [0.0012, 0.001])
    assert ratios.run(["W1"], 3) == 0
    assert "slow" in capsys.readouterr().out


def test_the_program_runs_and_knows_its_workloads():
    done = bench(ONLY="W5b,import", ROUNDS="2")
    assert "W5b" in done.stdout
    assert "import tinytorch" in done.stdout
    assert done.stderr == "" or "too slow" in done.stderr
    assert done.returncode == bool(done.stderr)
    wrong = bench(ONLY="W5b,W99")
    assert wrong.returncode == 1
    assert "W99" in wrong.stderr
    assert "W1, W1a, W1b" in wrong.stderr
