"""The project's small programs, one file a verb; see `python -m tools`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
