"""Removes what was derived: _build/ and caches (.venv stays)."""

import shutil

from tools import BUILD, ROOT

CACHES = (".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis")


def main() -> int:
    """Delete the build folder and the caches of Python and the tools."""
    for path in [BUILD, *(ROOT / name for name in CACHES)]:
        shutil.rmtree(path, ignore_errors=True)
    for folder in ("book", "modules", "tests", "tinytorch", "tools"):
        for cache in (ROOT / folder).rglob("__pycache__"):
            shutil.rmtree(cache, ignore_errors=True)
    print("removed _build/ and the caches; .venv stays (delete it by hand)")
    return 0
