"""A project folder with stand-ins for the installers, to set up .venv in."""

from pathlib import Path

import pytest
from venv_home import Home

from tools import ROOT
from tools.environment import installers, paths


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of the pins, with stand-ins for pip, uv and venv."""
    made = Home(tmp_path)
    for name in paths.INPUTS:
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

    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(paths, "PYTHON", python)
    monkeypatch.setattr(installers, "run", run)
    monkeypatch.setattr(installers, "find_uv", lambda: None)
    monkeypatch.setattr(installers, "uv_settings", dict)
    return made
