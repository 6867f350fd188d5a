"""The progress line: in a terminal, in a notebook, in a file."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from tinytorch.utils import progress
from tools import ROOT

WORK = """
import time
from tinytorch.utils.progress import Progress

with Progress(3, "training") as line:
    for part in range(3):
        for item in line.over([1, 2], part):
            time.sleep(0.12)
        line.at(part + 1, f"epoch {part + 1}, loss {1 / (part + 1):.2f}")
"""
END = "training, done  epoch 3, loss 0.33"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "", "LINES": ""}


def test_in_a_file_only_the_last_state_appears():
    done = subprocess.run(
        [sys.executable, "-c", WORK], capture_output=True, text=True, env=ENVIRONMENT
    )
    assert (done.stdout, done.stderr) == (END + "\n", "")


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminal on Windows")
@pytest.mark.parametrize("columns", [80, 30])
def test_in_a_terminal_the_line_is_written_over_itself(columns):
    text = in_terminal(WORK, columns)
    assert text.endswith("\n")
    body, _, rest = text.replace("\r\n", "\n").partition("\n")
    assert rest == ""
    states = body.split("\r")[1:]
    assert len(states) >= 4
    assert all(len(state) < columns for state in states)
    assert states[-1].rstrip() == END[: columns - 1]
    shown = [state for state in states[:-1] if columns == 80]
    assert all("│" in state and "%" in state for state in shown)
    assert not shown or any("s left" in state for state in shown)
    for earlier, later in zip(states, states[1:], strict=False):
        assert len(later) >= len(earlier.rstrip())  # nothing of it is left standing


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminal on Windows")
def test_an_error_starts_on_a_line_of_its_own():
    text = in_terminal(WORK.replace("time.sleep(0.12)", "1 / 0"), 80)
    state, _, rest = text.replace("\r\n", "\n").partition("\n")
    assert "training │" in state
    assert rest.startswith("Traceback")
    assert "done" not in text


def in_terminal(code, columns):
    """What a program writes to a terminal that is so many columns wide."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=ENVIRONMENT,
        close_fds=True,
    )
    os.close(theirs)
    parts = []
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        parts.append(part)
    process.wait(timeout=60)
    os.close(ours)
    return b"".join(parts).decode()


@pytest.fixture(scope="module")
def in_notebook():
    """The outputs of two cells of a notebook: of work that lasts, and of short work."""
    notebook = nbformat.v4.new_notebook()
    works = [WORK.replace("0.12", seconds) for seconds in ("0.6", "0.0")]
    notebook.cells = [nbformat.v4.new_code_cell(code) for code in works]
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute(
        env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    return [cell.outputs for cell in notebook.cells]


@pytest.mark.site
def test_in_a_notebook_one_output_changes_in_its_place(in_notebook):
    (output,) = in_notebook[0]
    assert output.output_type == "display_data"
    assert output.data["text/plain"] == END


@pytest.mark.site
def test_in_a_notebook_short_work_prints_its_last_state(in_notebook):
    (output,) = in_notebook[1]
    assert (output.output_type, output.text) == ("stream", END + "\n")


def test_the_line_while_work_goes_on():
    line = progress.Progress(4, "sorting")
    line.done, line.note = 1.0, "a to f"
    told = "sorting │█████               │  25%  a to f  30 s left"
    assert line.text(10.0) == told
    line.done = 0.0
    assert line.text(10.0) == "sorting │                    │   0%  a to f"
    line.done = 9.0
    assert "100%" in line.text(10.0)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (7805, "2 h 10 min")],
)
def test_durations(seconds, text):
    assert progress.duration(seconds) == text


def test_items_of_unknown_number_count_for_nothing_until_they_are_done(capsys):
    with progress.Progress(2, "x") as line:
        items = line.over((i for i in range(3)), 0)
        assert next(items) == 0
        assert list(items) == [1, 2]
        assert line.done == 0
        assert list(line.over([1, 2], 1)) == [1, 2]
        assert line.done == 2
    assert capsys.readouterr().out == "x, done\n"
