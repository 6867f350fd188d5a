"""constraints.txt installs on every Python and system, and holds no pin too many."""

import functools
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tools import ROOT
from tools.environment import advice, installers

pytestmark = pytest.mark.index
# The first patch of each Python, and one that is later than any there will be.
PYTHONS = [f"3.{minor}.{patch}" for minor in range(11, 15) for patch in (0, 99)]
LINUX, OTHERS = "x86_64-unknown-linux-gnu", ("aarch64-apple-darwin", "windows")
PLACES = [(each, LINUX) for each in PYTHONS] + [
    (each, place) for place in OTHERS for each in (PYTHONS[0], PYTHONS[-1])
]


def pins(path: Path) -> dict[str, str]:
    """Return each pin of a file of constraints: the normalized name, the version."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(";")[0].split("==") for line in lines if "==" in line]
    return {_normal(name): version.strip() for name, version in pairs}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@functools.cache
def uv() -> tuple[str, dict[str, str]]:
    """Return uv's path and its environment; skips where uv is not installed.

    It is the uv beside the running Python, or wherever it is.
    """
    beside = Path(sys.executable).parent / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        pytest.skip("uv is not installed")
    return found, {**os.environ, **installers.uv_settings()}


def compiled(constraints: Path, *options: str) -> tuple[int, str, str]:
    """Ask uv which ready-made packages all extras bring, under these constraints.

    Returns its exit code, its output, and its messages.
    """
    program, environment = uv()
    command = [program, "pip", "compile", "--quiet", "--no-header", "--no-annotate"]
    command += ["--all-extras", "--only-binary", ":all:", *options]
    # Wheels alone are asked for, so any Python serves to resolve for another one; uv
    # would try to fetch the very one, and wait long where it cannot.
    command += ["--python", sys.executable, "--no-python-downloads"]
    result = subprocess.run(
        [*command, "--constraint", str(constraints), "pyproject.toml"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return result.returncode, result.stdout, result.stderr


@functools.cache
def cache_is_fresh() -> bool:
    """Bring uv's cache up to date for every place at once; return whether it is.

    A resolution takes a second of waiting for the index, and a tenth without it.
    """
    options = ("--universal", "--python-version", PYTHONS[0])
    return compiled(ROOT / "constraints.txt", *options)[0] == 0


@functools.cache
def asked(python: str, place: str, constraints: Path) -> tuple[int, str, str]:
    """Return what `compiled` does for one Python on one system."""
    options = ("--python-version", python, "--python-platform", place)
    if cache_is_fresh():
        answer = compiled(constraints, *options, "--offline")
        if answer[0] == 0:
            return answer
    return compiled(constraints, *options)


@pytest.fixture(scope="module")
def impossible(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pins, with a soupsieve among them that wants Python 3.11.5."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    path = tmp_path_factory.mktemp("pins") / "pins.txt"
    changed = re.sub(r"(?m)^soupsieve==.*$", "soupsieve==4.1.1", text)
    path.write_text(changed, encoding="utf-8")
    return path


@pytest.fixture(scope="module", autouse=True)
def _all_asked(impossible: Path) -> None:
    """Ask all questions of this file side by side."""
    cache_is_fresh()
    constraints = ROOT / "constraints.txt"
    questions = [(*place, constraints) for place in PLACES]
    questions += [(python, LINUX, impossible) for python in ("3.11.4", "3.11.5")]
    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(lambda question: asked(*question), questions))


def resolved(python: str, place: str, constraints: Path) -> dict[str, str]:
    """Return the packages that all extras bring on a Python: names and versions.

    Skips where the index cannot be reached, and fails where it can be and there is no
    such set of packages.
    """
    code, output, said = asked(python, place, constraints)
    if code and advice.kind_of(said) in ("network", "certificate"):
        pytest.skip("the package index could not be reached")
    assert code == 0, f"Python {python}, {place}:\n{said}"
    lines = [line for line in output.splitlines() if "==" in line]
    return {
        _normal(name): version.split(";")[0].strip()
        for name, version in (line.split("==") for line in lines)
    }


@pytest.mark.parametrize(("python", "place"), PLACES)
def test_every_pin_installs_on_every_python(python: str, place: str) -> None:
    found = resolved(python, place, ROOT / "constraints.txt")
    pinned = pins(ROOT / "constraints.txt")
    assert found["numpy"] == pinned["numpy"]
    loose = {name for name in found if found[name] != pinned.get(name)}
    assert not loose, f"constraints.txt does not pin what Python {python} gets: {loose}"


def test_no_pin_is_left_over() -> None:
    used = {
        name
        for python, place in PLACES
        for name in resolved(python, place, ROOT / "constraints.txt")
    }
    assert not set(pins(ROOT / "constraints.txt")) - used


def test_a_pin_that_one_patch_cannot_have_is_found(impossible: Path) -> None:
    """soupsieve 4.1.1 wants 3.11.5: for a year's worth of 3.11s there was no set-up."""
    resolved("3.11.5", LINUX, impossible)
    with pytest.raises(AssertionError, match=r"soupsieve==4\.1\.1"):
        resolved("3.11.4", LINUX, impossible)
