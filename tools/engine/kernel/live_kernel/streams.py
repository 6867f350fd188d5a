"""The standard streams of cells: sends prints to the page, refuses input."""

import io
from collections.abc import Callable
from time import monotonic
from typing import Any, NoReturn

BURST = 20  # messages at once before prints are gathered
INTERVAL = 0.05  # seconds between messages of a cell that prints without end
LIMIT = 300_000  # characters a cell may print on one stream


class Stream(io.TextIOBase):
    """A text stream whose lines are sent as they are finished.

    Lines go out one by one, so that progress is seen while a cell runs. A cell
    that prints very many has them gathered, and is cut off after LIMIT
    characters: a page cannot show more, and a loop may never end.
    """

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, name: str, send: Callable[[str, Any], None]) -> None:
        self.name = name
        self._send = send
        self._parts: list[str] = []
        self._sent = 0
        self._tokens: float = BURST
        self._last = 0.0

    def begin(self) -> None:
        """Start a cell: count its characters and messages from 0."""
        self._sent = 0
        self._tokens = BURST

    def writable(self) -> bool:
        """Return True."""
        return True

    def isatty(self) -> bool:
        """Return False."""
        return False

    def write(self, text: str) -> int:
        """Take text to send; return its length."""
        if not isinstance(text, str):
            raise TypeError(
                f"write() takes a string, and was given {type(text).__name__}"
            )
        if text and self._sent <= LIMIT:
            self._parts.append(text)
            self._sent += len(text)
            if self._sent > LIMIT:
                self._parts.append(
                    f"\n[cut off: this cell printed more than {LIMIT:,} characters]\n"
                )
                self.flush()
            elif "\n" in text:
                self._offer()
        return len(text)

    def _offer(self) -> None:
        """Send what was gathered if a message is due: BURST at once, then INTERVAL."""
        now = monotonic()
        self._tokens = min(BURST, self._tokens + (now - self._last) / INTERVAL)
        self._last = now
        if self._tokens >= 1:
            self._tokens -= 1
            self.flush()

    def flush(self) -> None:
        """Send what was gathered, as one message."""
        if self._parts:
            text = "".join(self._parts)
            self._parts.clear()
            self._send("stream", {"name": self.name, "text": text})


NO_INPUT = (
    "input() does not work on this page, where a cell cannot wait for typing. "
    "Write the value into the cell instead, for example: name = 'Ada'"
)


def no_input(prompt: object = "") -> NoReturn:
    """Replacement for the builtin input(): raises RuntimeError."""
    raise RuntimeError(NO_INPUT)


class NoInput(io.TextIOBase):
    """Replacement for sys.stdin: reading raises RuntimeError."""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readline(self, size: int | None = -1) -> NoReturn:
        """Raise RuntimeError: nobody can type."""
        raise RuntimeError(NO_INPUT)

    def read(self, size: int | None = -1) -> NoReturn:
        """Raise RuntimeError: nobody can type."""
        raise RuntimeError(NO_INPUT)
