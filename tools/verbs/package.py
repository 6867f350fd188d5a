"""Writes tinytorch/ from modules/; CHECK=yes fails where it is out of date."""

import os

from tools import ROOT
from tools.forms import package


def main() -> int | str:
    """Write the package, or check it (CHECK=yes); return 0, or an error message."""
    if os.environ.get("CHECK") == "yes":
        outdated = [path.relative_to(ROOT).as_posix() for path, _ in package.stale()]
        if outdated:
            return f"out of date: {', '.join(outdated)}; run `make package`"
        print("tinytorch/ is up to date with modules/")
        return 0
    written = [path.relative_to(ROOT).as_posix() for path in package.write()]
    print(f"wrote {', '.join(written)}" if written else "tinytorch/ was up to date")
    return 0
