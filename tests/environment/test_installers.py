"""uv or pip: which is run, with which settings, and that it ends with its parent."""

import io
import os
import sys
from pathlib import Path

import pytest
from installer_output import UV_NO_NETWORK
from venv_home import Home

from tools.environment import installers, paths, venv
from tools.environment.progress import Progress


def test_uv_installs_where_it_is(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installers, "find_uv", lambda: "/bin/uv")
    assert venv.set_up("serve") is None
    assert [command[0] for command in home.ran if "install" in command] == ["/bin/uv"]


def test_pip_is_tried_where_uv_cannot_reach_the_index(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installers, "find_uv", lambda: "/bin/uv")
    monkeypatch.setattr(installers, "has_pip", lambda: True)
    home.fails = UV_NO_NETWORK
    venv.set_up("serve")
    assert len(home.installs) == 2 and "pip" in home.ran[-1]


def test_uv_of_the_venv_itself_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("outside", "inside"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "uv").write_text("#!/bin/sh\n")
        (tmp_path / folder / "uv").chmod(0o755)
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.setattr(paths, "PYTHON", tmp_path / "inside" / "python")
    monkeypatch.setenv("PATH", str(tmp_path / "inside"))
    assert installers.find_uv() is None
    monkeypatch.setenv("PATH", str(tmp_path / "outside"))
    assert installers.find_uv() == str(tmp_path / "outside" / "uv")
    monkeypatch.setenv("UV", "no")
    assert installers.find_uv() is None


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
    assert installers.uv_settings() == expected
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.example/simple")
    assert installers.uv_settings() == {"SSL_CERT_FILE": "/ours.pem"}


def test_an_installer_is_run_and_its_output_kept() -> None:
    stream = io.StringIO()
    progress = Progress(stream, terminal=False)
    program = "print('Collecting numpy'); print('ERROR: no'); raise SystemExit(3)"
    code, output = installers.run([sys.executable, "-c", program], progress, {})
    assert (code, output) == (3, "Collecting numpy\nERROR: no\n")
    assert progress.found == 1


def test_an_installer_does_not_outlive_ctrl_c(tmp_path: Path) -> None:
    class Impatient(Progress):
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
        installers.run(command, Impatient(io.StringIO(), terminal=False), {})
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
