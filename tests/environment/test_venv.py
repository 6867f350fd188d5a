"""Setting up .venv where it is whole, half made, absent, or another run's."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from installer_output import FULL, NO_NETWORK
from venv_home import Home

from tools.environment import installers, paths, venv


def test_a_first_run_makes_it_and_a_second_does_nothing(home: Home) -> None:
    assert venv.set_up("serve") is None
    assert venv.set_up("book") is None
    assert (home.makes, home.installs) == (1, [".[book]"])


def test_a_verb_that_needs_more_adds_to_what_is_there(home: Home) -> None:
    venv.set_up("serve")
    venv.set_up("grade")
    venv.set_up("serve")
    assert (home.makes, home.installs) == (1, [".[book]", ".[book,course]"])


def test_changed_pins_are_installed_into_what_is_there(home: Home) -> None:
    venv.set_up("serve")
    (home.root / "constraints.txt").write_text("numpy==2.4.5\n")
    venv.set_up("engine")
    assert (home.makes, home.installs) == (1, [".[book]", ".[book]"])


def test_another_python_makes_it_anew(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv.set_up("test")
    monkeypatch.setattr(venv, "this_python", lambda: "3.12 .other.so")
    venv.set_up("serve")
    assert (home.makes, home.installs) == (2, [".[book,course,test]", ".[book]"])


def test_what_ctrl_c_left_is_replaced(home: Home) -> None:
    home.stops = True
    assert "Stopped before .venv was complete" in str(venv.set_up("test"))
    (home.root / ".venv" / "half").touch()
    home.stops = False
    assert venv.set_up("serve") is None
    assert (home.makes, home.installs[-1]) == (2, ".[book]")
    assert not (home.root / ".venv" / "half").exists()


def test_ctrl_c_while_more_is_added_is_not_taken_for_the_end(home: Home) -> None:
    venv.set_up("serve")
    home.stops = True
    venv.set_up("grade")
    home.stops = False
    venv.set_up("serve")
    assert (home.makes, home.installs[-1]) == (2, ".[book]")


def test_without_a_network_what_was_there_goes_on(home: Home) -> None:
    venv.set_up("serve")
    home.fails = NO_NETWORK
    assert "Connect" in str(venv.set_up("test"))
    assert venv.set_up("serve") is None
    assert home.makes == 1


def test_a_full_disk_leaves_nothing_to_go_on_with(home: Home) -> None:
    venv.set_up("serve")
    home.fails = FULL
    assert "disk is full" in str(venv.set_up("test"))
    home.fails = ""
    venv.set_up("serve")
    assert home.makes == 2


def test_a_venv_that_a_person_made_is_kept(home: Home) -> None:
    paths.PYTHON.parent.mkdir(parents=True)
    paths.PYTHON.touch()
    venv.set_up("serve")
    assert (home.makes, home.installs) == (0, [".[book]"])


@pytest.mark.parametrize("kind", ["file", "link", "no python"])
def test_what_is_no_venv_is_replaced(home: Home, kind: str) -> None:
    if kind == "file":
        paths.VENV.write_text("")
    elif kind == "link":
        paths.VENV.symlink_to(home.root / "nowhere")
    else:
        paths.VENV.mkdir()
    assert venv.set_up("serve") is None
    assert home.makes == 1


def test_a_folder_that_may_not_be_written_gets_a_sentence(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mkdir(self: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "mkdir", mkdir)
    assert "VENV=no" in str(venv.set_up("serve"))


def test_uv_makes_the_venv_where_ensurepip_is_missing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(venv.importlib.util, "find_spec", lambda name: None)
    assert "no uv" in str(venv.set_up("serve"))
    monkeypatch.setattr(installers, "find_uv", lambda: "/bin/uv")
    assert venv.set_up("serve") is None
    assert home.ran[0][:2] == ["/bin/uv", "venv"]


def test_a_second_run_waits_for_the_first(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And finds what the first has made, so it installs nothing."""
    if os.name == "nt":
        pytest.skip("there are no such locks on Windows")
    held = venv.one_at_a_time

    @contextmanager
    def later() -> Iterator[int | None]:
        venv.write_state(venv.State(venv.this_python(), venv.inputs(), ("book",), True))
        with held() as lock:
            yield lock

    paths.PYTHON.parent.mkdir(parents=True)
    paths.PYTHON.touch()
    monkeypatch.setattr(venv, "one_at_a_time", later)
    assert venv.set_up("serve") is None
    assert home.ran == []
    with held():
        program = (
            "import fcntl, sys; fcntl.flock(open(sys.argv[1]), "
            "fcntl.LOCK_EX | fcntl.LOCK_NB)"
        )
        asked = [sys.executable, "-c", program, str(home.root / "pyproject.toml")]
        assert b"BlockingIOError" in subprocess.run(asked, capture_output=True).stderr
