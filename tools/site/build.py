"""Builds the site: runs Jupyter Book, then adds notebooks, engine, service worker."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import BUILD, ROOT
from tools.forms import notebooks, package
from tools.forms.course_build import write as write_solutions
from tools.site import scripts
from tools.site.offline import service_worker

# -n -W: a reference that leads nowhere fails the build, as any other warning does.
COMMAND = ["build", "--all", "-n", "-W", "--keep-going", "."]


class BookError(RuntimeError):
    """The book could not be built; the message holds the output of Jupyter Book."""


def build(output: Path = ROOT, solutions: bool = True) -> Path:
    """Build the site in `output`/_build/html, after tinytorch/core; return that folder.

    Args: solutions, False for a course's site, which publishes no solution.
    Raises: BookError for any warning of the build, or error in a cell.
    """
    package.write()
    made = output / "_build"
    for name in ("html", "jupyter_execute", ".doctrees", "reference"):
        shutil.rmtree(made / name, ignore_errors=True)
    _run_jupyter_book(output, solutions)
    _finish(made / "html", solutions)
    return made / "html"


def _run_jupyter_book(output: Path, solutions: bool) -> None:
    """Run Jupyter Book in a process of its own.

    Raises: BookError, with the output of Jupyter Book, if it fails.
    """
    environment = {
        **os.environ,
        "SOLUTIONS": "yes" if solutions else "no",
        # For Sphinx, which imports the extensions tools.forms.page.*, and for the
        # kernels that execute cells, which import tinytorch from the folder of their
        # chapter. Without this path neither would be found: tools is never installed,
        # and tinytorch may not be.
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",  # sets have the same order in each build
        # One thread: with more, a small matrix product takes as long as waking the
        # other threads does, and that time varies much on a busy machine.
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


def _finish(site: Path, solutions: bool) -> None:
    """Add notebooks, engine and service worker to the built pages; shorten scripts.

    The engine is left out if it has not been built (`make engine`).
    """
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
    service_worker.write(site)  # last, because sw.js lists every file of the site
