"""The progress line of `tinytorch.utils`: one output of a cell, changed in place."""

import pytest

from tools import ROOT

pytestmark = pytest.mark.chromium

# The page of these tests has no package to import from, so the module goes along.
MODULE = (ROOT / "tinytorch" / "utils" / "progress.py").read_text(encoding="utf-8")
WORK = """
NotebookOutput.patience = 0.0
with Progress(40, "training") as line:
    for part in range(40):
        time.sleep(0.1)
        line.at(part + 1, f"part {part + 1}")
"""


def test_the_line_grows_in_its_place_and_leaves_its_last_state(live):
    live.write("99-add", MODULE + WORK)
    live.run("99-add", wait=False)
    output = live.cell("99-add").locator("[data-part=output]")
    states = set()
    while live.state("99-add") not in ("ok", "error"):
        states.add(output.inner_text().strip())
        live.page.wait_for_timeout(50)
    assert output.inner_text().strip() == "training, done  part 40"
    running = [state for state in states if state.startswith("training │")]
    assert len(running) >= 2
    assert all("\n" not in state and "%" in state for state in running)
    assert any("left" in state for state in running)
