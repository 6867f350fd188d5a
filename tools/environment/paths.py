"""Where .venv lies, its Python, and the files that decide which packages it holds."""

import os

from tools import ROOT

__all__ = ["INPUTS", "PYTHON", "ROOT", "VENV"]

VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
INPUTS = ("pyproject.toml", "constraints.txt")  # names of files in ROOT
