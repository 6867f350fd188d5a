"""The progress display, on a terminal and off it."""

import io

from tools.environment.progress import Progress, current_step


def test_steps_are_read_from_pip_and_uv() -> None:
    told = {
        "Collecting numpy<3,>=2.0 (from tinytorch==0.1.0)": "looking at numpy",
        "Collecting python-dateutil>=2 (from x)": "looking at python-dateutil",
        "Processing /wheels/pure_eval-0.2.4-py3-none-any.whl": "looking at pure_eval",
        "  Downloading numpy-2.4.6-cp311-cp311-any.whl (16.9 MB)": (
            "fetching numpy (16.9 MB)"
        ),
        "Downloading numpy (16.1MiB)": "fetching numpy (16.1MiB)",
        "Resolved 120 packages in 1s": "resolved 120 packages",
        "WARNING: anything": None,
    }
    assert {line: current_step(line) for line in told} == told
    assert "2 packages" in str(current_step("Installing collected packages: a, b"))


def shown(terminal: bool) -> str:
    """Return what is shown of ten lines that come four seconds apart."""
    stream, now = io.StringIO(), [0.0]
    progress = Progress(stream, terminal, lambda: now[0], interval=10)
    for number in range(10):
        now[0] += 4
        progress.line(f"Collecting part{number}")
    progress.close("done")
    return stream.getvalue()


def test_without_a_terminal_a_plain_line_comes_at_intervals() -> None:
    lines = shown(terminal=False).splitlines()
    assert lines == [
        "  12 s  3 packages found; looking at part2",
        "  24 s  6 packages found; looking at part5",
        "  36 s  9 packages found; looking at part8",
        "done",
    ]


def test_in_a_terminal_one_line_moves() -> None:
    text = shown(terminal=True)
    assert text.count("\n") == 1 and text.endswith("done\n")
    assert "\r  40 s  10 packages found; looking at part9" in text
