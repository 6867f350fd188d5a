"""Brings the in-browser engine; WHEELS=DIR takes Pyodide's numpy from a folder.

The result is _build/engine: bundles of JavaScript, Pyodide's files byte-compiled,
numpy's wheel, and engine.json, which says what is there. What could not be fetched
is named, and the engine is as usable without it as it can be.
"""

import sys

from tools.engine.build import build


def main():
    """Build the engine; return 1 when something is missing from it."""
    missing = build()["missing"]
    for item in missing:
        print(f"engine: {item['file']} is missing: {item['why']}", file=sys.stderr)
    return 1 if missing else 0
