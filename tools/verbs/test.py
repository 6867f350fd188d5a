"""Runs every test, or some: ONLY=fast, or ONLY=tests/site; what is absent is named.

ONLY= takes groups (fast, chapters, site, browser, course, lint, index) and paths of
files or folders of tests, separated by commas. WORKERS=1 runs one test after the other,
COVERAGE=yes reports which lines of tools/ and tinytorch/ ran.
"""

import os
import subprocess
import sys

from tools import ROOT

GROUPS = ("fast", "chapters", "site", "browser", "course", "lint", "index")


def main() -> int | str:
    """Run pytest; return its exit code, or a message for settings that make no sense.

    The last lines of its output name the skipped tests, with the reason.
    """
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
