"""The project's small programs, one file a verb; see `python -m tools`."""

import os
from pathlib import Path

# The book, its tests and its grades stand on the reference, whatever modules the person
# at this machine has made their own (python -m tinytorch.own).
os.environ["TINYTORCH_OWN"] = "no"

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
