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
    """Build the site in `output`/_build/html; return that folder.

    With solutions=False it is a course's site, which publishes no solution.

    Raises:
        BookError: on any warning of the build or error of a cell.
    """
    package.write()
    made = output / "_build"
    for name in ("html", "jupyter_execute", ".doctrees", "reference"):
        shutil.rmtree(made / name, ignore_errors=True)
    _run_jupyter_book(output, solutions)
    _finish(made / "html", solutions)
    return made / "html"


def _run_jupyter_book(output: Path, solutions: bool) -> None:
    """Run Jupyter Book in a process of its own; its output is shown if it fails."""
    environment = {
        **os.environ,
        "SOLUTIONS": "yes" if solutions else "no",
        # Sphinx imports the extensions that _config.yml names, tools.forms.page.*, and
        # the kernels that execute cells import tinytorch, from this very tree. Neither
        # need be installed (tools/ never is), and a kernel runs in the folder of its
        # chapter, so this path alone leads to them.
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",  # sets are written in the same order each time
        # One thread: a small matrix product would otherwise take as long as waking
        # the other threads does, which is long and unsteady on a busy machine.
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
    """Add to the built pages the notebooks, the engine, and the service worker."""
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
