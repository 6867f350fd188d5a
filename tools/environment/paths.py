"""Paths of .venv and its Python, and the files that determine its packages."""

import os

from tools import ROOT

__all__ = ["INPUTS", "PYTHON", "ROOT", "VENV"]

VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
INPUTS = ("pyproject.toml", "constraints.txt")  # names of files in ROOT
