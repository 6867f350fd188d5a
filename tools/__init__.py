"""The project's programs (tools/verbs, see `python -m tools`) and their libraries."""

import os
from pathlib import Path

# The book, its tests and its grades use the framework of the book, even where a person
# of this machine has replaced modules by their own (python -m tinytorch.own).
os.environ["TINYTORCH_OWN"] = "no"

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
