"""Shows how far an installer is: one moving line, or a plain line now and then."""

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO


class Progress:
    """A progress display on a stream, fed with an installer's output.

    On a terminal it rewrites one line. Elsewhere (a log, a pipe) it writes a line every
    `interval` seconds. `clock` returns the time in seconds.
    """

    def __init__(
        self,
        stream: TextIO,
        terminal: bool,
        clock: Callable[[], float] = time.monotonic,
        interval: float = 10.0,
    ) -> None:
        self.stream, self.terminal, self.clock = stream, terminal, clock
        self.interval = interval
        self.begun = self.told = clock()
        self.doing = "starting"
        self.found = 0

    def line(self, line: str) -> None:
        """Take a line of the installer's output: count packages, note the step."""
        if re.match(r"(Collecting|Processing|Requirement already satisfied:) ", line):
            self.found += 1
        doing = current_step(line)
        if doing:
            self.now(doing)

    def now(self, doing: str) -> None:
        """Set the current step, a short phrase, and show it."""
        self.doing = doing
        self.tick()

    def tick(self) -> None:
        """Show the time taken and the current step; off a terminal, only when due."""
        now = self.clock()
        found = f"{self.found} packages found; " if self.found else ""
        text = f"{int(now - self.begun):4d} s  {found}{self.doing}"
        if self.terminal:
            width = shutil.get_terminal_size().columns - 1
            self.stream.write(f"\r{text[:width]:<{width}}")
            self.stream.flush()
        elif now - self.told >= self.interval:
            self.told = now
            self.stream.write(f"{text}\n")
            self.stream.flush()

    def clear(self) -> None:
        """Blank the moving line, so that the next text starts on an empty line."""
        if self.terminal:
            width = shutil.get_terminal_size().columns - 1
            self.stream.write(f"\r{'':<{width}}\r")
            self.stream.flush()

    def close(self, text: str) -> None:
        """Replace the moving line by a last text."""
        self.clear()
        self.stream.write(f"{text}\n")
        self.stream.flush()


def current_step(line: str) -> str | None:
    """Return the step that a line of pip's or uv's output reports; None for others."""
    found = re.match(r"\s*Downloading (\S+?)(?:-\d\S*)? \((.+)\)", line)
    if found:
        return f"fetching {found[1]} ({found[2]})"
    found = re.match(r"Collecting ([^\s<>=!~;\[]+)", line)
    if found:
        return f"looking at {found[1]}"
    found = re.match(r"Processing (\S+)", line)
    if found:
        return f"looking at {Path(found[1]).name.split('-')[0]}"
    found = re.match(r"Installing collected packages: (.*)", line)
    if found:
        return f"putting {found[1].count(',') + 1} packages in place, about a minute"
    found = re.match(r"(Resolved|Prepared|Installed) (\d+) packages?\b", line)
    return f"{found[1].lower()} {found[2]} packages" if found else None
