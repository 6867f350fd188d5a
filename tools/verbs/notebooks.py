"""Writes each chapter's and milestone's student and solution notebook (OUT=folder)."""

import os
from pathlib import Path

from tools import BUILD
from tools.forms import notebooks


def main() -> int:
    """Write all notebooks into the folder OUT, by default _build/notebooks."""
    folder = Path(os.environ.get("OUT") or BUILD / "notebooks")
    for path in notebooks.write(folder):
        print(f"wrote {path}")
    return 0
