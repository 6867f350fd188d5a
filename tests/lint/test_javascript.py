"""The page's JavaScript, as TypeScript's checker and eslint read it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools import BUILD, ROOT
from tools.engine import toolchain
from tools.engine.bundles import install_packages

pytestmark = pytest.mark.lint

PROJECT = Path(__file__).parent
LISTS = (PROJECT / "package.json", PROJECT / "package-lock.json")
INSTALLED = BUILD / "lint"
PROGRAMS = {
    "tsc": ["typescript/bin/tsc", "--project", "tsconfig.json", "--pretty", "false"],
    "eslint": ["eslint/bin/eslint.js", "--max-warnings=0", "."],
}


@pytest.fixture(scope="session")
def modules() -> Path:
    """The folder of the npm packages; a machine that cannot get them skips."""
    try:
        install_packages(LISTS, INSTALLED)
    except toolchain.EngineError as error:
        pytest.skip(f"tsc and eslint are not here: {error}")
    return INSTALLED / "node_modules"


@pytest.mark.parametrize("name", PROGRAMS)
def test_finds_nothing(name: str, modules: Path) -> None:
    """Every finding is shown, as the program words it."""
    program, *options = PROGRAMS[name]
    command = [*toolchain.node_command(), str(modules / program), *options]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, f"{name} found:\n{done.stdout}{done.stderr}"


def test_the_lock_file_names_no_registry() -> None:
    """It is installed from whichever registry npm is set to."""
    text = LISTS[1].read_text(encoding="utf-8")
    assert '"resolved"' not in text
