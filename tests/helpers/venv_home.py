"""A project folder in which tests set up .venv without any real installer."""

import dataclasses
from pathlib import Path


@dataclasses.dataclass
class Home:
    """A project folder to set up in, and the installer commands that were run there."""

    root: Path
    ran: list[list[str]] = dataclasses.field(default_factory=list)
    fails: str = ""  # what the installer writes before it fails, if it is to fail
    stops: bool = False  # whether Ctrl-C comes while it installs

    @property
    def installs(self) -> list[str]:
        """Return the extras of each installation, in order."""
        return [command[-1] for command in self.ran if "install" in command]

    @property
    def makes(self) -> int:
        """Return how often an empty .venv was made."""
        return sum("venv" in command for command in self.ran)
