"""Runs every test, or some: ONLY=fast, or ONLY=tests/site; what is absent is named.

Groups for ONLY= are fast, chapters, site, browser, course and lint, several parted by
commas; a path is a file or folder of tests. WORKERS=1 runs them one after the other,
COVERAGE=yes reports which lines of tools/ and tinytorch/ ran.
"""

import os
import subprocess
import sys

from tools import ROOT

GROUPS = ("fast", "chapters", "site", "browser", "course", "lint")


def main() -> int | str:
    """Run pytest, whose last lines say which tests were skipped, and why."""
    wanted = [name for name in os.environ.get("ONLY", "").split(",") if name]
    groups = [name for name in wanted if name in GROUPS]
    paths = [name for name in wanted if name not in GROUPS]
    for name in paths:
        if not (ROOT / name.partition("::")[0]).exists():
            return (
                f"test: ONLY={name} is neither a path nor a group of tests; "
                f"the groups are {', '.join(GROUPS)}"
            )
    workers = os.environ.get("WORKERS") or str(os.cpu_count() or 1)
    if not workers.isdecimal():
        return f"test: WORKERS={workers}: expected a whole number, such as WORKERS=2"
    command = [sys.executable, "-m", "pytest", *paths]
    if groups:
        command += ["-m", " or ".join(groups)]
    if int(workers) > 1:
        # A file's tests share what its fixtures made, so they stay in one process.
        command += ["--numprocesses", workers, "--dist", "loadfile"]
    if os.environ.get("COVERAGE") == "yes":
        command += ["--cov", "--cov-report=term:skip-covered"]
    return subprocess.run(command, cwd=ROOT).returncode
