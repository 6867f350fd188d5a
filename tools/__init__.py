"""The project's programs (tools/verbs, run as `python -m tools VERB`)."""

import os
from pathlib import Path

# Makes `import tinytorch` ignore ~/.tinytorch/own, where the user of this machine may
# keep modules of their own (python -m tinytorch.own): the book, its tests and its
# grades must use the book's framework.
os.environ["TINYTORCH_OWN"] = "no"

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
