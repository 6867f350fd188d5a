"""Builds the book into _build/html; SOLUTIONS=no builds it for a course."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import BUILD, ROOT
from tools.forms import notebooks, package
from tools.forms.solutions import write as write_solutions
from tools.site import scripts
from tools.site.offline import service_worker

# -n -W: a reference that leads nowhere, and any other warning, fails the build.
COMMAND = ["build", "--all", "-n", "-W", "--keep-going", "."]


class BookError(RuntimeError):
    """The book could not be built; the message holds the builder's own words."""


def build(output=ROOT, solutions=True):
    """Build the site under `output`/_build/html and return that folder.

    Raises:
        BookError: on any warning of the build or error of a cell.
    """
    package.write()
    made = Path(output) / "_build"
    for name in ("html", "jupyter_execute", ".doctrees", "reference"):
        shutil.rmtree(made / name, ignore_errors=True)
    _run_jupyter_book(output, solutions)
    _finish(made / "html", solutions)
    return made / "html"


def _run_jupyter_book(output, solutions):
    """Run Jupyter Book in a process of its own; keep its talk for the case of need."""
    environment = {
        **os.environ,
        "SOLUTIONS": "yes" if solutions else "no",
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
        # One thread: a small product then costs what it costs, not what waking
        # the other threads of a busy machine costs.
        "OPENBLAS_NUM_THREADS": "1",
    }
    program = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, *COMMAND, "--path-output", str(output)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise BookError(f"{done.stdout}\n{done.stderr}\nThe book was not built.")


def _finish(site, solutions):
    """Add to the built pages what the live cells load and what readers download."""
    written = site.parent / "site-notebooks"
    for path in (written, site / "notebooks"):
        shutil.rmtree(path, ignore_errors=True)
    notebooks.write(written, kinds=[notebooks.student])
    shutil.move(written / "student", site / "notebooks")
    if (BUILD / "engine" / "engine.json").exists():
        from tools.engine.wheel import write_tinytorch_wheel

        engine = site / "_static" / "engine"
        shutil.copytree(BUILD / "engine", engine, dirs_exist_ok=True)
        extra = [] if solutions else [write_solutions(site.parent / "reference")]
        write_tinytorch_wheel(engine, bytecode_only=not solutions, extra_packages=extra)
    scripts.lighten(site)
    service_worker.write(site)  # last: it lists every file
