"""Builds the in-browser engine; WHEELS=DIR takes Pyodide's numpy from a folder.

The result is _build/engine: bundles of JavaScript, Pyodide's files with the standard
library byte-compiled, numpy's wheel, and engine.json, which lists these files. Missing
files are named, with the reason. If only numpy's wheel is missing, cells still run
Python without numpy.
"""

import sys

from tools.engine.build import build


def main() -> int:
    """Build the engine and name missing files; return 1 if there are any, else 0."""
    missing = build()["missing"]
    for item in missing:
        print(f"engine: {item['file']} is missing: {item['why']}", file=sys.stderr)
    return 1 if missing else 0
