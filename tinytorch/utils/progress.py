"""A progress line: how far a long piece of work has come, and how long it will take.

In a terminal the line is written over itself. In a notebook or a page it is an output
that changes in its place, once the work has lasted some seconds. Anywhere else, as in
a file, and for short work in a notebook, only its last state is printed. That last
state holds no times, so that the same work leaves the same text.
"""

from __future__ import annotations

import operator
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, Protocol, TextIO, TypeVar

T = TypeVar("T")

WIDTH = 20  # of the bar, in characters


class Output(Protocol):
    """Shows a progress line in one kind of place.

    patience: seconds of work before the first state is shown.
    pause: seconds between two states, at least.
    """

    patience: float
    pause: float

    def show(self, text: str) -> None:
        """Show a state of the line while the work goes on."""

    def end(self, text: str) -> None:
        """Show the last state, which stays."""


class Progress:
    """A progress line, to be used as `with Progress(total, title) as line:`.

    Args: total, how many parts the work has; title, a word or two.
    """

    def __init__(self, total: float, title: str) -> None:
        self.total, self.title = total, title
        self.done, self.note = 0.0, ""
        self.output = find_output()

    def __enter__(self) -> Progress:
        self.start = time.perf_counter()
        # `shown` is the time of the latest state: as if one had been shown so long ago
        # that the next is due as soon as the patience is over.
        self.shown = self.start + self.output.patience - self.output.pause
        return self

    def at(self, done: float, note: str) -> None:
        """Report how many parts are done, with a few words on the last of them."""
        self.done, self.note = done, note
        now = time.perf_counter()
        if now - self.shown >= self.output.pause:
            self.shown = now
            self.output.show(self.text(now - self.start))

    def over(self, items: Iterable[T], part: float) -> Iterator[T]:
        """Yield items, which together are one part of the work, and report after each.

        Args: items, such as batches; part, how many parts are done before them.
        """
        size = operator.length_hint(items)  # 0 for a generator, whose length is unknown
        for number, item in enumerate(items, 1):
            yield item
            self.at(part + (min(number / size, 1) if size else 0), self.note)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # After an error the line stays as it was: it must not say that all is done.
        self.output.end(self.ended() if kind is None else self.text(None))

    def text(self, spent: float | None) -> str:
        """Return the line while the work goes on.

        Args: spent, seconds so far; None leaves out how long it will take.
        """
        share = min(self.done / self.total, 1.0) if self.total else 1.0
        bar = ("█" * round(share * WIDTH)).ljust(WIDTH)
        parts = [f"{self.title} │{bar}│ {share:4.0%}", self.note]
        if spent and 0 < share < 1:
            parts.append(f"{duration(spent / share - spent)} left")
        return "  ".join(part for part in parts if part)

    def ended(self) -> str:
        """Return the last state of the line, which stays."""
        return "  ".join(part for part in (f"{self.title}, done", self.note) if part)


def duration(seconds: float) -> str:
    """Return a time as text: 8 s, 3 min 5 s, 2 h 10 min."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def find_output() -> Output:
    """Return the Output for where this runs: terminal, notebook or page, or a file."""
    # Without a console, as under pythonw on Windows, Python has no stdout.
    if sys.stdout is not None and sys.stdout.isatty():
        return TerminalOutput(sys.stdout)
    return NotebookOutput() if in_notebook() else PlainOutput()


def in_notebook() -> bool:
    """Whether this runs in a Jupyter kernel, or in the kernel of the book's pages."""
    if "live_kernel" in sys.modules:  # the pages' kernel
        return True
    # Looked up before it is imported: IPython takes long to import, and where this is
    # a notebook it has been.
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return type(get_ipython()).__name__ == "ZMQInteractiveShell"


class TerminalOutput:
    """Writes the line over itself."""

    patience, pause = 0.0, 0.1

    def __init__(self, out: TextIO) -> None:
        self.out, self.length = out, 0

    def show(self, text: str) -> None:
        """Write text over the state before."""
        # A line as wide as the terminal would wrap, and \r goes back over one row only.
        text = text[: shutil.get_terminal_size().columns - 1]
        self.out.write("\r" + text.ljust(self.length))  # spaces wipe out a longer one
        self.out.flush()
        self.length = len(text)

    def end(self, text: str) -> None:
        """Write the last state, and go to the next line."""
        self.show(text)
        self.out.write("\n")
        self.out.flush()


class NotebookOutput:
    """Changes one output of a cell in its place; makes none if the work is short."""

    patience, pause = 3.0, 0.5  # a screen reader has to keep up

    def __init__(self) -> None:
        self.handle: Any = None  # IPython's DisplayHandle, once there is an output

    def show(self, text: str) -> None:
        """Show text in the cell's output, over the text shown before."""
        from IPython.display import display

        if self.handle is None:
            self.handle = display(Unquoted(text), display_id=True)
        else:
            self.handle.update(Unquoted(text))

    def end(self, text: str) -> None:
        """Show the last state; print it if none was shown before."""
        if self.handle is None:
            print(text)
        else:
            self.show(text)


class Unquoted:
    """A text whose repr has no quotes, as a notebook displays an object by its repr."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


class PlainOutput:
    """Prints the last state alone."""

    patience, pause = float("inf"), 0.0

    def show(self, text: str) -> None:
        """Show nothing while the work goes on."""

    def end(self, text: str) -> None:
        """Print the last state."""
        print(text)
