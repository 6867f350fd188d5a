"""Runs every test; what needs something absent here is named at the end."""

import subprocess
import sys

from tools import ROOT


def main():
    """Run the linter, then pytest, whose last lines say what was skipped and why."""
    lint = [sys.executable, "-m", "ruff", "check", "--quiet", "."]
    if subprocess.run(lint, cwd=ROOT).returncode:
        return "ruff found the above; mend it, or run `ruff check --fix`"
    return subprocess.run([sys.executable, "-m", "pytest"], cwd=ROOT).returncode
