"""Builds the in-browser engine; WHEELS=DIR takes Pyodide's numpy from a folder.

The result is _build/engine: bundles of JavaScript, Pyodide's files byte-compiled,
numpy's wheel, and engine.json, the list of them. Files that could not be fetched are
named; without numpy's wheel alone, cells run plain Python.
"""

import sys

from tools.engine.build import build


def main() -> int:
    """Build the engine; return 1 when a file is missing from it."""
    missing = build()["missing"]
    for item in missing:
        print(f"engine: {item['file']} is missing: {item['why']}", file=sys.stderr)
    return 1 if missing else 0
