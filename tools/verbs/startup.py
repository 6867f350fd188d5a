"""Compares the wait for the first output with a bare Pyodide worker's (ROUNDS=5)."""

import os
import tempfile
from pathlib import Path

from tools.bench.first_output import lay_out, measure, report, served
from tools.engine import manifest
from tools.engine.toolchain import OUTPUT, EngineError
from tools.site import browser


def main() -> int | str:
    """Measure, and print medians and ratios; return 0, or an error message."""
    facts = manifest.read_manifest(OUTPUT)
    if browser.find() is None:
        return "startup: no Chromium or Chrome on this machine"
    if not facts or not facts["numpy"]:
        return "startup: make engine first (WHEELS=DIR where there is no network)"
    rounds = int(os.environ.get("ROUNDS", "5"))
    with tempfile.TemporaryDirectory() as folder:
        try:
            arms = lay_out(Path(folder))
        except EngineError as error:
            return f"startup: {error}"
        with served(folder) as address:
            times = measure(arms, address, rounds)
    report(times, rounds)
    return 0
