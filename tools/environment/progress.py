"""Shows the progress of an installer: one line rewritten, or a new line at times."""

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO


class Progress:
    """A progress display on a stream, fed with the lines of an installer's output.

    On a terminal, one line is rewritten. On another stream (a log, a pipe), a line is
    written every `interval` seconds. `clock` is a function that returns seconds.
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
        """Update the display from a line of output: the packages found, the step."""
        if re.match(r"(Collecting|Processing|Requirement already satisfied:) ", line):
            self.found += 1
        doing = current_step(line)
        if doing:
            self.now(doing)

    def now(self, doing: str) -> None:
        """Set the current step to `doing`, a short phrase, and show it."""
        self.doing = doing
        self.tick()

    def tick(self) -> None:
        """Show the time taken and the current step.

        Without a terminal, do so only if `interval` seconds have passed since the last.
        """
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
        """Blank the rewritten line, so that the next text starts on an empty line."""
        if self.terminal:
            width = shutil.get_terminal_size().columns - 1
            self.stream.write(f"\r{'':<{width}}\r")
            self.stream.flush()

    def close(self, text: str) -> None:
        """Replace the rewritten line by `text`, and end the line."""
        self.clear()
        self.stream.write(f"{text}\n")
        self.stream.flush()


def current_step(line: str) -> str | None:
    """Return the step that a line of pip's or uv's output reports; None if none."""
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
