"""What make does at the door: which packages, on which Pythons, and what goes wrong."""

import dataclasses
import errno
import functools
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools import ROOT, environment
from tools import __main__ as door

# The first patch of each Python, and one that is later than any there will be.
PYTHONS = [f"3.{minor}.{patch}" for minor in range(11, 15) for patch in (0, 99)]
LINUX, OTHERS = "x86_64-unknown-linux-gnu", ("aarch64-apple-darwin", "windows")
PLACES = [(each, LINUX) for each in PYTHONS] + [
    (each, place) for place in OTHERS for each in (PYTHONS[0], PYTHONS[-1])
]

# What pip and uv wrote when this was provoked, shortened, with another index's name.
NO_NETWORK = """\
WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, \
status=None)) after connection broken by 'NewConnectionError('<pip._vendor.\
urllib3.connection.HTTPSConnection object at 0x7fc75a8e5310>: \
Failed to establish a new connection: \
[Errno -3] Temporary failure in name resolution')': /simple/click/
ERROR: Could not find a version that satisfies the requirement click (from versions: \
none)
ERROR: No matching distribution found for click
"""
NO_NETWORK_FOR_SETUPTOOLS = """\
Processing /home/ada/tinytorch
  Installing build dependencies: started
  Installing build dependencies: finished with status 'error'
  error: subprocess-exited-with-error
  × pip subprocess to install build dependencies did not run successfully.
  │ exit code: 1
  ╰─> [7 lines of output]
      WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, \
status=None)) after connection broken by 'NewConnectionError('Failed to establish a \
new connection: [Errno -3] Temporary failure in name resolution')': /simple/setuptools/
      ERROR: Could not find a version that satisfies the requirement setuptools>=77 \
(from versions: none)
      ERROR: No matching distribution found for setuptools>=77
      [end of output]
"""
UV_NO_NETWORK = """\
error: Request failed after 3 retries in 5.7s
  cause: Failed to fetch: https://index.example/simple/click/
  cause: error sending request for url (https://index.example/simple/click/)
  cause: client error (Connect)
  cause: dns error
  cause: failed to lookup address information: Temporary failure in name resolution
"""
CONFLICT = """\
Collecting beautifulsoup4
ERROR: Cannot install soupsieve>=2.5 because these package versions have conflicting \
dependencies.

The conflict is caused by:
    The user requested soupsieve>=2.5
    The user requested (constraint) soupsieve==2.0

To fix this you could try to:
1. loosen the range of package versions you've specified
2. remove package versions to allow pip attempt to solve the dependency conflict

ERROR: ResolutionImpossible: for help visit https://help.example/
"""
UV_CONFLICT = """\
Using Python 3.11.2 environment at: .venv
error: No solution found when resolving dependencies
  cause: Because the current Python version (3.11.2) does not satisfy Python>=3.11.5 \
and soupsieve==4.1.1 depends on Python>=3.11.5, we can conclude that soupsieve==4.1.1 \
cannot be used.
"""
OTHER_PYTHON = """\
ERROR: Ignored the following versions that require a different python version: 4.1.1 \
Requires-Python >=3.11.5; 4.1.2 Requires-Python >=3.11.5
ERROR: Could not find a version that satisfies the requirement soupsieve==4.1.1 (from \
versions: 0.4, 0.5, 2.9, 2.10)
ERROR: No matching distribution found for soupsieve==4.1.1
"""
NOWHERE = """\
Looking in indexes: https://index.example/simple
ERROR: Could not find a version that satisfies the requirement numpy (from versions: \
none)
ERROR: No matching distribution found for numpy
"""
FULL = """\
Installing collected packages: numpy
ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device
"""
UV_FULL = """\
Prepared 1 package in 505ms
error: Failed to install: numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl \
(numpy==2.4.6)
  cause: Failed to copy to `.venv/numpy/random/bit_generator.so`
  cause: failed to copy file to .venv/numpy/random/.tmp0nSGsL: No space left on device \
(os error 28)
"""
READ_ONLY = "Error: [Errno 30] Read-only file system: '/book/.venv'\n"
CERTIFICATE = """\
WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, \
status=None)) after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: \
CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer \
certificate (_ssl.c:1006)'))': /simple/click/
ERROR: No matching distribution found for click
"""
BUILD = """\
  error: subprocess-exited-with-error
  × Getting requirements to build wheel did not run successfully.
  │ exit code: 1
  ╰─> [1 lines of output]
      error: no C compiler was found
      [end of output]
"""
SAMPLES = {
    "no network": (NO_NETWORK, "network", "No matching distribution found for click"),
    "no network, build": (NO_NETWORK_FOR_SETUPTOOLS, "network", "setuptools>=77"),
    "no network, uv": (UV_NO_NETWORK, "network", "Failed to fetch"),
    "conflict": (CONFLICT, "conflict", "(constraint) soupsieve==2.0"),
    "conflict after a retry": (NO_NETWORK + CONFLICT, "conflict", "soupsieve>=2.5"),
    "conflict, uv": (UV_CONFLICT, "conflict", "depends on Python>=3.11.5"),
    "needs another Python": (OTHER_PYTHON, "missing", "Requires-Python >=3.11.5"),
    "no such package": (NOWHERE, "none", "No matching distribution found for numpy"),
    "disk full": (FULL, "disk", "[Errno 28]"),
    "disk full, uv": (UV_FULL, "disk", "No space left on device"),
    "read-only": (READ_ONLY, "denied", "Read-only file system"),
    "certificate": (CERTIFICATE, "certificate", "No matching distribution"),
    "cannot be built": (BUILD, "build", "error: no C compiler was found"),
    "unknown": ("one\n\ntwo\n", "other", "two"),
    "silent": ("", "other", "nothing"),
}


# --- The pins


def pins() -> dict[str, str]:
    """Return each pin of constraints.txt: the package's name, normalized; version."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split(";")[0].split("==") for line in lines if "==" in line]
    return {_normal(name): version.strip() for name, version in pairs}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def uv() -> str:
    """Return uv's path: beside the running Python, or wherever it is."""
    beside = Path(sys.executable).parent / "uv"
    found = str(beside) if beside.exists() else environment.shutil.which("uv")
    return found or pytest.skip("uv is not installed")


@functools.cache
def asked(python: str, place: str, constraints: Path) -> tuple[int, str, str]:
    """Ask uv which ready-made packages all extras bring on a Python.

    Returns its exit code, its output, and what it said.
    """
    command = [uv(), "pip", "compile", "--quiet", "--no-header", "--no-annotate"]
    command += ["--all-extras", "--only-binary", ":all:", "--python-version", python]
    command += ["--python-platform", place, "--constraint", str(constraints)]
    result = subprocess.run(
        [*command, "pyproject.toml"],
        cwd=ROOT,
        env={**os.environ, **environment.uv_settings()},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return result.returncode, result.stdout, result.stderr


@pytest.fixture(scope="module")
def all_asked() -> None:
    """Ask for every place at once: the time goes into waiting for the index."""
    uv()
    with ThreadPoolExecutor(max_workers=6) as pool:
        for python, place in PLACES:
            pool.submit(asked, python, place, ROOT / "constraints.txt")


def resolved(python: str, place: str, constraints: Path) -> dict[str, str]:
    """Return the packages that all extras bring on a Python: names and versions.

    Skips where the index cannot be reached, and fails where it can be and there is no
    such set of packages.
    """
    code, output, said = asked(python, place, constraints)
    if code and environment.kind_of(said) in ("network", "certificate"):
        pytest.skip("the package index could not be reached")
    assert code == 0, f"Python {python}, {place}:\n{said}"
    lines = [line for line in output.splitlines() if "==" in line]
    return {
        _normal(name): version.split(";")[0].strip()
        for name, version in (line.split("==") for line in lines)
    }


@pytest.mark.usefixtures("all_asked")
@pytest.mark.parametrize(("python", "place"), PLACES)
def test_every_pin_installs_on_every_python(python: str, place: str) -> None:
    found = resolved(python, place, ROOT / "constraints.txt")
    pinned = pins()
    assert found["numpy"] == pinned["numpy"]
    loose = {name for name in found if found[name] != pinned.get(name)}
    assert not loose, f"constraints.txt does not pin what Python {python} gets: {loose}"


@pytest.mark.usefixtures("all_asked")
def test_no_pin_is_left_over() -> None:
    used = {
        name
        for python, place in PLACES
        for name in resolved(python, place, ROOT / "constraints.txt")
    }
    assert not set(pins()) - used


def test_a_pin_that_one_patch_cannot_have_is_found(tmp_path: Path) -> None:
    """soupsieve 4.1.1 wants 3.11.5: for a year's worth of 3.11s there was no set-up."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    (tmp_path / "pins.txt").write_text(
        re.sub(r"(?m)^soupsieve==.*$", "soupsieve==4.1.1", text), encoding="utf-8"
    )
    resolved("3.11.5", LINUX, tmp_path / "pins.txt")
    with pytest.raises(AssertionError, match=r"soupsieve==4\.1\.1"):
        resolved("3.11.4", LINUX, tmp_path / "pins.txt")


# --- Pythons and verbs


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 3), (3, 13, 9), (3, 14, 2)])
def test_these_pythons_will_do(version: tuple[int, int, int]) -> None:
    assert door.unsupported(version) is None


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13), (3, 15, 0)])
def test_other_pythons_are_told_what_is_needed(version: tuple[int, int, int]) -> None:
    told = door.unsupported(version) or ""
    assert ".".join(map(str, version)) in told and "3.11 to 3.14" in told


def test_every_place_names_the_same_pythons() -> None:
    workflow = (ROOT / ".github/workflows/book.yml").read_text(encoding="utf-8")
    assert 'python: ["3.11", "3.12", "3.13", "3.14"]' in workflow
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'requires-python = ">=3.11"' in project
    for name in ("README.md", "book/reading.md", "book/instructor/grading.md"):
        assert "Python 3.11 to 3.14" in (ROOT / name).read_text(encoding="utf-8"), name


def test_every_verb_has_its_extras_and_its_target() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for verb, extras in environment.EXTRAS.items():
        module = ROOT / "tools" / "verbs" / verb.replace("-", "_")
        assert module.with_suffix(".py").exists()
        assert all(re.search(rf"(?m)^{extra} = \[", project) for extra in extras)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"(?m)^(serve .*):$", makefile)
    assert [each.split() for each in targets] == [list(environment.EXTRAS)]


def test_serving_brings_only_what_the_book_needs() -> None:
    assert environment.EXTRAS["serve"] == ("book",)
    assert "test" in environment.EXTRAS["test"]


# --- What is said when it fails


@pytest.mark.parametrize(("output", "kind", "quoted"), SAMPLES.values(), ids=SAMPLES)
def test_a_failure_is_known_by_its_output(output: str, kind: str, quoted: str) -> None:
    assert environment.kind_of(output) == kind
    told = environment.explain(output, "Installing with pip")
    assert told.startswith("Installing with pip failed. It said:\n")
    assert quoted in told
    assert ("Connect" in told) == (kind == "network")


def test_a_conflict_names_the_python_and_clears_the_network() -> None:
    told = environment.explain(CONFLICT, "Installing with pip")
    assert f"Python {'.'.join(map(str, sys.version_info[:3]))}" in told
    assert "network is not at fault" in told


def test_a_disk_with_no_room_is_blamed_where_nothing_else_is_known() -> None:
    """Python's venv, on a full disk, names only the command that failed."""
    output = "Error: Command '[... ensurepip ...]' returned non-zero exit status 1."
    assert "disk is full" in environment.explain(output, "Making .venv", free=0)
    assert "disk is full" not in environment.explain(output, "Making .venv", 10**9)


def test_endless_lines_are_cut() -> None:
    told = environment.said("ERROR: " + "9" * 10_000 + "\nERROR: short\n")
    assert len(told) < 400 and "short" in told


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, "The disk is full: /book/.venv could"),
        (errno.EROFS, "/book/.venv may not be written"),
        (errno.EACCES, "/book/.venv may not be written"),
        (errno.EIO, "failed at /book/.venv: Input/output error"),
    ],
)
def test_errors_of_the_file_system_get_a_sentence(number: int, expected: str) -> None:
    error = OSError(number, os.strerror(number), "/book/.venv")
    assert expected in environment.on_oserror(error)


# --- Progress


def test_steps_are_read_from_pip_and_uv() -> None:
    told = {
        "Collecting numpy<3,>=2.0 (from tinytorch==0.1.0)": "looking at numpy",
        "Collecting python-dateutil>=2 (from x)": "looking at python-dateutil",
        "Processing /wheels/pure_eval-0.2.4-py3-none-any.whl": "looking at pure_eval",
        "  Downloading numpy-2.4.6-cp311-cp311-any.whl (16.9 MB)": (
            "fetching numpy (16.9 MB)"
        ),
        "Downloading numpy (16.1MiB)": "fetching numpy (16.1MiB)",
        "Resolved 120 packages in 1s": "resolved 120 packages",
        "WARNING: anything": None,
    }
    assert {line: environment.step(line) for line in told} == told
    assert "2 packages" in str(environment.step("Installing collected packages: a, b"))


def shown(terminal: bool) -> str:
    """Return what is shown of ten lines that come four seconds apart."""
    stream, now = io.StringIO(), [0.0]
    progress = environment.Progress(stream, terminal, lambda: now[0], interval=10)
    for number in range(10):
        now[0] += 4
        progress.line(f"Collecting part{number}")
    progress.close("done")
    return stream.getvalue()


def test_without_a_terminal_a_plain_line_comes_at_intervals() -> None:
    lines = shown(terminal=False).splitlines()
    assert lines == [
        "  12 s  3 packages found; looking at part2",
        "  24 s  6 packages found; looking at part5",
        "  36 s  9 packages found; looking at part8",
        "done",
    ]


def test_in_a_terminal_one_line_moves() -> None:
    text = shown(terminal=True)
    assert text.count("\n") == 1 and text.endswith("done\n")
    assert "\r  40 s  10 packages found; looking at part9" in text


# --- .venv, whole, half and none


@dataclasses.dataclass
class Home:
    """A project folder to set up in, and the installer commands that were run there."""

    root: Path
    ran: list[list[str]] = dataclasses.field(default_factory=list)
    fails: str = ""  # what the installer writes before it fails, if it is to fail
    stops: bool = False  # whether Ctrl-C comes while it installs

    @property
    def installs(self) -> list[str]:
        """The extras of each installation, in order."""
        return [command[-1] for command in self.ran if "install" in command]

    @property
    def makes(self) -> int:
        """How often an empty .venv was made."""
        return sum("venv" in command for command in self.ran)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of the pins, with stand-ins for pip, uv and venv."""
    made = Home(tmp_path)
    for name in environment.INPUTS:
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    python = tmp_path / ".venv" / "bin" / "python"

    def run(command: list[str], *_: object) -> tuple[int, str]:
        made.ran.append(command)
        if "venv" in command:
            python.parent.mkdir(parents=True)
            python.touch()
            return 0, ""
        if made.stops:
            raise KeyboardInterrupt
        return (1, made.fails) if made.fails else (0, "")

    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", python)
    monkeypatch.setattr(environment, "run", run)
    monkeypatch.setattr(environment, "find_uv", lambda: None)
    monkeypatch.setattr(environment, "uv_settings", dict)
    return made


def test_a_first_run_makes_it_and_a_second_does_nothing(home: Home) -> None:
    assert environment.set_up("serve") is None
    assert environment.set_up("book") is None
    assert (home.makes, home.installs) == (1, [".[book]"])


def test_a_verb_that_needs_more_adds_to_what_is_there(home: Home) -> None:
    environment.set_up("serve")
    environment.set_up("grade")
    environment.set_up("serve")
    assert (home.makes, home.installs) == (1, [".[book]", ".[book,course]"])


def test_changed_pins_are_installed_into_what_is_there(home: Home) -> None:
    environment.set_up("serve")
    (home.root / "constraints.txt").write_text("numpy==2.4.5\n")
    environment.set_up("engine")
    assert (home.makes, home.installs) == (1, [".[book]", ".[book]"])


def test_another_python_makes_it_anew(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.set_up("test")
    monkeypatch.setattr(environment, "this_python", lambda: "3.12 .other.so")
    environment.set_up("serve")
    assert (home.makes, home.installs) == (2, [".[book,course,test]", ".[book]"])


def test_what_ctrl_c_left_is_replaced(home: Home) -> None:
    home.stops = True
    assert "Stopped before .venv was complete" in str(environment.set_up("test"))
    (home.root / ".venv" / "half").touch()
    home.stops = False
    assert environment.set_up("serve") is None
    assert (home.makes, home.installs[-1]) == (2, ".[book]")
    assert not (home.root / ".venv" / "half").exists()


def test_ctrl_c_while_more_is_added_is_not_taken_for_the_end(home: Home) -> None:
    environment.set_up("serve")
    home.stops = True
    environment.set_up("grade")
    home.stops = False
    environment.set_up("serve")
    assert (home.makes, home.installs[-1]) == (2, ".[book]")


def test_without_a_network_what_was_there_goes_on(home: Home) -> None:
    environment.set_up("serve")
    home.fails = NO_NETWORK
    assert "Connect" in str(environment.set_up("test"))
    assert environment.set_up("serve") is None
    assert home.makes == 1


def test_a_full_disk_leaves_nothing_to_go_on_with(home: Home) -> None:
    environment.set_up("serve")
    home.fails = FULL
    assert "disk is full" in str(environment.set_up("test"))
    home.fails = ""
    environment.set_up("serve")
    assert home.makes == 2


def test_a_venv_that_a_person_made_is_kept(home: Home) -> None:
    environment.PYTHON.parent.mkdir(parents=True)
    environment.PYTHON.touch()
    environment.set_up("serve")
    assert (home.makes, home.installs) == (0, [".[book]"])


@pytest.mark.parametrize("kind", ["file", "link", "no python"])
def test_what_is_no_venv_is_replaced(home: Home, kind: str) -> None:
    if kind == "file":
        environment.VENV.write_text("")
    elif kind == "link":
        environment.VENV.symlink_to(home.root / "nowhere")
    else:
        environment.VENV.mkdir()
    assert environment.set_up("serve") is None
    assert home.makes == 1


def test_a_folder_that_may_not_be_written_gets_a_sentence(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mkdir(self: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "mkdir", mkdir)
    assert "VENV=no" in str(environment.set_up("serve"))


# --- pip or uv


def test_uv_installs_where_it_is(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "find_uv", lambda: "/bin/uv")
    assert environment.set_up("serve") is None
    assert [command[0] for command in home.ran if "install" in command] == ["/bin/uv"]


def test_pip_is_tried_where_uv_cannot_reach_the_index(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "find_uv", lambda: "/bin/uv")
    monkeypatch.setattr(environment, "has_pip", lambda: True)
    home.fails = UV_NO_NETWORK
    environment.set_up("serve")
    assert len(home.installs) == 2 and "pip" in home.ran[-1]


def test_uv_makes_the_venv_where_ensurepip_is_missing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    assert "no uv" in str(environment.set_up("serve"))
    monkeypatch.setattr(environment, "find_uv", lambda: "/bin/uv")
    assert environment.set_up("serve") is None
    assert home.ran[0][:2] == ["/bin/uv", "venv"]


def test_uv_of_the_venv_itself_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("outside", "inside"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "uv").write_text("#!/bin/sh\n")
        (tmp_path / folder / "uv").chmod(0o755)
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "inside" / "python")
    monkeypatch.setenv("PATH", str(tmp_path / "inside"))
    assert environment.find_uv() is None
    monkeypatch.setenv("PATH", str(tmp_path / "outside"))
    assert environment.find_uv() == str(tmp_path / "outside" / "uv")
    monkeypatch.setenv("UV", "no")
    assert environment.find_uv() is None


def test_uv_is_told_what_pip_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pip.conf").write_text(
        "[global]\nindex-url = https://index.example/simple\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_CERT", "/ours.pem")
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    expected = {
        "UV_DEFAULT_INDEX": "https://index.example/simple",
        "SSL_CERT_FILE": "/ours.pem",
    }
    assert environment.uv_settings() == expected
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.example/simple")
    assert environment.uv_settings() == {"SSL_CERT_FILE": "/ours.pem"}


# --- The installer's process


def test_an_installer_is_run_and_its_output_kept() -> None:
    stream = io.StringIO()
    progress = environment.Progress(stream, terminal=False)
    program = "print('Collecting numpy'); print('ERROR: no'); raise SystemExit(3)"
    code, output = environment.run([sys.executable, "-c", program], progress, {})
    assert (code, output) == (3, "Collecting numpy\nERROR: no\n")
    assert progress.found == 1


def test_an_installer_does_not_outlive_ctrl_c(tmp_path: Path) -> None:
    class Impatient(environment.Progress):
        def line(self, line: str) -> None:
            raise KeyboardInterrupt

    program = (
        "import os, pathlib, time; pathlib.Path('pid').write_text(str(os.getpid()));"
        "print('on'); time.sleep(600)"
    )
    command = [
        sys.executable,
        "-c",
        f"import os; os.chdir({str(tmp_path)!r}); {program}",
    ]
    with pytest.raises(KeyboardInterrupt):
        environment.run(command, Impatient(io.StringIO(), terminal=False), {})
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_second_run_waits_for_the_first(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And finds what the first has made, so it installs nothing."""
    if os.name == "nt":
        pytest.skip("there are no such locks on Windows")
    held = environment.one_at_a_time

    @contextmanager
    def later() -> Iterator[int | None]:
        environment.write_state(
            environment.State(
                environment.this_python(), environment.inputs(), ("book",), True
            )
        )
        with held() as lock:
            yield lock

    environment.PYTHON.parent.mkdir(parents=True)
    environment.PYTHON.touch()
    monkeypatch.setattr(environment, "one_at_a_time", later)
    assert environment.set_up("serve") is None
    assert home.ran == []
    with held():
        program = (
            "import fcntl, sys; fcntl.flock(open(sys.argv[1]), "
            "fcntl.LOCK_EX | fcntl.LOCK_NB)"
        )
        asked = [sys.executable, "-c", program, str(home.root / "pyproject.toml")]
        assert b"BlockingIOError" in subprocess.run(asked, capture_output=True).stderr
