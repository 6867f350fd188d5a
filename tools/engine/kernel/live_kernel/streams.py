"""Standard streams for cells: printed text is sent to the page, input is refused."""

import io
from collections.abc import Callable
from time import monotonic
from typing import Any, NoReturn

BURST = 20  # messages that a cell may send without a pause between them
INTERVAL = 0.05  # seconds after which a cell may send one message more
LIMIT = 300_000  # characters that a cell may print on one stream


class Stream(io.TextIOBase):
    """A text stream that sends each finished line to the page as a stream message.

    So the reader sees progress while a cell runs. Where a cell prints many lines
    quickly, several lines are sent as one message. Text beyond LIMIT characters is
    discarded: a page cannot show more, and a loop may never end.

    ``name`` is "stdout" or "stderr"; ``send`` is called as Kernel's ``send``.
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
        """Set the counts of characters and messages to 0, as a cell starts."""
        self._sent = 0
        self._tokens = BURST

    def writable(self) -> bool:
        """Return True."""
        return True

    def isatty(self) -> bool:
        """Return False."""
        return False

    def write(self, text: str) -> int:
        """Keep text to send, and send it at the end of a line; return its length.

        Raises: TypeError for a value that is not a string.
        """
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
        """Send the kept text to the page, if a message is allowed now.

        BURST messages are allowed at once, then one each INTERVAL seconds.
        """
        now = monotonic()
        self._tokens = min(BURST, self._tokens + (now - self._last) / INTERVAL)
        self._last = now
        if self._tokens >= 1:
            self._tokens -= 1
            self.flush()

    def flush(self) -> None:
        """Send the text written since the last message to the page, as one message."""
        if self._parts:
            text = "".join(self._parts)
            self._parts.clear()
            self._send("stream", {"name": self.name, "text": text})


NO_INPUT = (
    "input() does not work on this page, where a cell cannot wait for typing. "
    "Write the value into the cell instead, for example: name = 'Ada'"
)


def no_input(prompt: object = "") -> NoReturn:
    """Raise RuntimeError; replaces the builtin input()."""
    raise RuntimeError(NO_INPUT)


class NoInput(io.TextIOBase):
    """Replacement for sys.stdin, from which reading raises RuntimeError."""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readline(self, size: int | None = -1) -> NoReturn:
        """Raise RuntimeError: the reader cannot type input."""
        raise RuntimeError(NO_INPUT)

    def read(self, size: int | None = -1) -> NoReturn:
        """Raise RuntimeError: the reader cannot type input."""
        raise RuntimeError(NO_INPUT)
