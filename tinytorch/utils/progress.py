"""A progress line: how much of a long task is done, and how long the rest will take.

In a terminal each state of the line overwrites the last. In a notebook or page the line
is an output of the cell, updated in place, that appears once the task has lasted some
seconds. Anywhere else, as in a file, and for a short task in a notebook, only the last
state is printed. The last state holds no times, so that equal tasks print equal text.
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

WIDTH = 20  # characters of the bar


class Output(Protocol):
    """Shows a progress line in one kind of place, such as a terminal.

    patience: seconds from the start of the task to the first state shown.
    pause: the least number of seconds between two states.
    """

    patience: float
    pause: float

    def show(self, text: str) -> None:
        """Show a state of the line while the task runs."""

    def end(self, text: str) -> None:
        """Show the last state of the line, which stays."""


class Progress:
    """A progress line and context manager: `with Progress(total, title) as line:`.

    Args: total, the number of parts of the task; title, a word or two.
    """

    def __init__(self, total: float, title: str) -> None:
        self.total, self.title = total, title
        self.done, self.note = 0.0, ""
        self.output = find_output()

    def __enter__(self) -> Progress:
        self.start = time.perf_counter()
        # `shown` is when the latest state was shown. It starts one pause before the end
        # of the patience, so that the first state is due when the patience ends.
        self.shown = self.start + self.output.patience - self.output.pause
        return self

    def at(self, done: float, note: str) -> None:
        """Set the number of parts done and a note; show the line if `pause` has passed.

        Args: note, a few words about the part done last, or "".
        """
        self.done, self.note = done, note
        now = time.perf_counter()
        if now - self.shown >= self.output.pause:
            self.shown = now
            self.output.show(self.text(now - self.start))

    def over(self, items: Iterable[T], part: float) -> Iterator[T]:
        """Yield items that together make one part of the task, and update the line.

        Args: items, such as batches; part, the number of parts done before the first.
            If the number of items is unknown, the line stays at `part`.
        """
        size = operator.length_hint(items)  # 0 for a generator: length unknown
        for number, item in enumerate(items, 1):
            yield item
            self.at(part + (min(number / size, 1) if size else 0), self.note)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # After an exception the line keeps its state: it must not say "done".
        self.output.end(self.ended() if kind is None else self.text(None))

    def text(self, spent: float | None) -> str:
        """Return the state of the line while the task runs.

        Args: spent, seconds so far; None leaves out the time left.
        """
        share = min(self.done / self.total, 1.0) if self.total else 1.0
        bar = ("█" * round(share * WIDTH)).ljust(WIDTH)
        parts = [f"{self.title} │{bar}│ {share:4.0%}", self.note]
        if spent and 0 < share < 1:
            parts.append(f"{duration(spent / share - spent)} left")
        return "  ".join(part for part in parts if part)

    def ended(self) -> str:
        """Return the last state of the line, for a task that raised no exception."""
        return "  ".join(part for part in (f"{self.title}, done", self.note) if part)


def duration(seconds: float) -> str:
    """Return seconds as text, such as 8 s, 3 min 5 s or 2 h 10 min."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def find_output() -> Output:
    """Return the Output for the place where Python runs.

    One for a terminal, one for a notebook or page, one for all else, such as a file.
    """
    # sys.stdout is None without a console, as under pythonw on Windows.
    if sys.stdout is not None and sys.stdout.isatty():
        return TerminalOutput(sys.stdout)
    return NotebookOutput() if in_notebook() else PlainOutput()


def in_notebook() -> bool:
    """Whether Python runs in a Jupyter kernel or in the kernel of the book's pages."""
    if "live_kernel" in sys.modules:  # the pages' kernel
        return True
    # In a notebook IPython is imported already; elsewhere importing it would be slow.
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return type(get_ipython()).__name__ == "ZMQInteractiveShell"


class TerminalOutput:
    """The Output for a terminal, where each state overwrites the last."""

    patience, pause = 0.0, 0.1

    def __init__(self, out: TextIO) -> None:
        self.out, self.length = out, 0

    def show(self, text: str) -> None:
        """Write a state over the one shown before."""
        # One column less than the terminal has: a full row wraps, and \r would not
        # return to the first row.
        text = text[: shutil.get_terminal_size().columns - 1]
        self.out.write("\r" + text.ljust(self.length))  # spaces erase a longer state
        self.out.flush()
        self.length = len(text)

    def end(self, text: str) -> None:
        """Write the last state and a line end."""
        self.show(text)
        self.out.write("\n")
        self.out.flush()


class NotebookOutput:
    """The Output for a notebook or page: updates one output of the cell in place."""

    patience, pause = 3.0, 0.5  # the pause lets a screen reader keep up

    def __init__(self) -> None:
        self.handle: Any = None  # IPython's DisplayHandle; None before the first state

    def show(self, text: str) -> None:
        """Show a state in the cell's output, in place of the one before."""
        from IPython.display import display

        if self.handle is None:
            self.handle = display(Unquoted(text), display_id=True)
        else:
            self.handle.update(Unquoted(text))

    def end(self, text: str) -> None:
        """Show the last state in that output, or print it if no state was shown."""
        if self.handle is None:
            print(text)
        else:
            self.show(text)


class Unquoted:
    """A text that a notebook displays without quotes: its repr is the text itself."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


class PlainOutput:
    """The Output for a file and the like: prints only the last state."""

    patience, pause = float("inf"), 0.0

    def show(self, text: str) -> None:
        """Show nothing while the task runs."""

    def end(self, text: str) -> None:
        """Print the last state."""
        print(text)
