"""Runs every test, or some: ONLY=fast, or ONLY=tests/site; what is absent is named.

ONLY= takes groups (fast, chapters, site, browser, course, lint, index) and paths of
test files or folders, separated by commas. WORKERS=1 runs one test after the other.
COVERAGE=yes reports how much of tools/ and tinytorch/ was run.
"""

import os
import subprocess
import sys

from tools import ROOT

GROUPS = ("fast", "chapters", "site", "browser", "course", "lint", "index")


def main() -> int | str:
    """Run pytest; return its exit code, or an error message for a wrong setting.

    The last lines of pytest's output name the skipped tests, with the reason.
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
        # loadfile: all tests of a file run in one process, since they share fixtures.
        command += ["--numprocesses", workers, "--dist", "loadfile"]
    if os.environ.get("COVERAGE") == "yes":
        command += ["--cov", "--cov-report=term:skip-covered"]
    return subprocess.run(command, cwd=ROOT).returncode
