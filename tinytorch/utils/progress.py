"""One line that says how far a long piece of work has come.

In a terminal the line is written over itself. In a notebook or a page it is an output
that changes in its place, once the work has lasted some seconds. Anywhere else, as in
a file, and for short work in a notebook, only its last state is printed. That last
state holds no times, so that the same work leaves the same text.
"""

import operator
import shutil
import sys
import time

WIDTH = 20  # of the bar, in characters


class Progress:
    """A progress line, to be used as `with Progress(total, title) as line:`.

    Args: total, how many parts the work has; title, a word or two.
    """

    def __init__(self, total, title):
        self.total, self.title = total, title
        self.done, self.note = 0.0, ""
        self.place = place()

    def __enter__(self):
        self.start = time.perf_counter()
        self.shown = self.start + self.place.patience - self.place.pause
        return self

    def at(self, done, note):
        """Say that so many parts are done (a float), with a few words on the last."""
        self.done, self.note = done, note
        now = time.perf_counter()
        if now - self.shown >= self.place.pause:
            self.shown = now
            self.place.show(self.text(now - self.start))

    def over(self, items, part):
        """Go over items, which together are the part of the work that comes next.

        Args: items, such as batches; part, how many parts are done before them.
        """
        size = operator.length_hint(items)  # 0 where nobody knows
        for number, item in enumerate(items, 1):
            yield item
            self.at(part + (min(number / size, 1) if size else 0), self.note)

    def __exit__(self, kind, error, trace):
        told = self.ended() if kind is None else self.text(None)
        self.place.end(told)

    def text(self, spent):
        """The line while the work goes on; spent, seconds so far, None for unknown."""
        share = min(self.done / self.total, 1.0) if self.total else 1.0
        bar = ("█" * round(share * WIDTH)).ljust(WIDTH)
        parts = [f"{self.title} │{bar}│ {share:4.0%}", self.note]
        if spent and 0 < share < 1:
            parts.append(f"{duration(spent / share - spent)} left")
        return "  ".join(part for part in parts if part)

    def ended(self):
        """The line that stays."""
        return "  ".join(part for part in (f"{self.title}, done", self.note) if part)


def duration(seconds):
    """A time as text: 8 s, 3 min 5 s, 2 h 10 min."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def place():
    """What shows the line here: a terminal, a notebook or page, or plain text."""
    if sys.stdout is not None and sys.stdout.isatty():
        return Terminal(sys.stdout)
    return Notebook() if in_notebook() else Plain()


def in_notebook():
    """Whether this runs in a Jupyter kernel, or in that of the book's pages."""
    if "live_kernel" in sys.modules:
        return True
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return type(get_ipython()).__name__ == "ZMQInteractiveShell"


class Terminal:
    """Writes a line over itself."""

    patience, pause = 0.0, 0.1  # seconds to the first state, and between two

    def __init__(self, out):
        self.out, self.length = out, 0

    def show(self, text):
        """Write text over what stood here."""
        text = text[: shutil.get_terminal_size().columns - 1]
        self.out.write("\r" + text.ljust(self.length))
        self.out.flush()
        self.length = len(text)

    def end(self, text):
        """Write the last state, and go to the next line."""
        self.show(text)
        self.out.write("\n")
        self.out.flush()


class Notebook:
    """Changes one output in its place; makes none where the work is short."""

    patience, pause = 3.0, 0.5  # a screen reader has to keep up

    def __init__(self):
        self.handle = None

    def show(self, text):
        """Put text where the line stands, at first into a new output."""
        from IPython.display import display

        if self.handle is None:
            self.handle = display(Line(text), display_id=True)
        else:
            self.handle.update(Line(text))

    def end(self, text):
        """Show the last state; print it if there was none before."""
        if self.handle is None:
            print(text)
        else:
            self.show(text)


class Line:
    """A text that shows itself without quotes."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


class Plain:
    """Prints the last state alone."""

    patience, pause = float("inf"), 0.0

    def show(self, text):
        """Nothing, until the end."""

    def end(self, text):
        """Print the last state."""
        print(text)
