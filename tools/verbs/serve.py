"""Builds the book and serves it on this computer, with live cells.

PORT=8000 names the port, OPEN=no leaves the browser closed.
"""

import contextlib
import os
import signal
import socket
import sys
import threading
import webbrowser

from tools import BUILD
from tools.site.computer import ComputerError
from tools.site.server import HOST, serve
from tools.verbs import book, engine


def prepare() -> int | str:
    """Build the in-browser engine as far as possible, then the book.

    Returns: 0, or an error message if the book could not be built.
    """
    problem = engine.main()
    if problem:
        print(
            "The engine that runs Python inside the browser is not complete (see "
            "above); the book runs its cells with this computer's Python instead.",
            flush=True,
        )
    return book.main()


def main() -> int | str | None:
    """Build the book and serve it until Ctrl-C; return None, or an error message."""
    setting = os.environ.get("PORT", "8000")
    if not setting.isdecimal() or not 1 <= int(setting) <= 65535:
        return f"make serve: PORT={setting!r} is not a port; expected 1 to 65535."
    port = int(setting)
    if is_taken(port):
        return (
            f"Port {port} is taken, perhaps by another `make serve`. Name another: "
            f"make serve PORT={port + 1}"
        )
    # SIGTERM raises KeyboardInterrupt as Ctrl-C does, so that this program can end the
    # Jupyter server too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        problem = prepare()
        if problem:
            return problem
        with serve(BUILD / "html", port) as site:
            print(f"\nThe book is at {site.url}/  ({how_to_end()} ends it)", flush=True)
            if os.environ.get("OPEN") != "no" and has_screen():
                webbrowser.open(f"{site.url}/")
            threading.Event().wait()
    except KeyboardInterrupt:
        print("\nEnded.")
    except (OSError, ComputerError) as error:
        return f"make serve: {error}"
    return None


def how_to_end() -> str:
    """Return what ends this program: "Ctrl-C", or a kill command if SIGINT is ignored.

    In a script, a shell starts `make serve &` with SIGINT ignored, so that Ctrl-C ends
    only the program in the foreground. This program leaves SIGINT ignored, since the
    script's author expects that; SIGTERM always ends this program.
    """
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return f"kill {os.getpid()}" if ignored else "Ctrl-C"


def is_taken(port: int) -> bool:
    """Return whether another program listens on the port."""
    with contextlib.closing(socket.socket()) as probe:
        if os.name == "posix":
            # Without this option, a port is taken for a minute after its server ended.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def has_screen() -> bool:
    """Return whether a window can be opened.

    Without a screen, webbrowser would start a browser in the terminal, such as lynx.
    """
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
