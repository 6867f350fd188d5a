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


def prepare():
    """Bring the browser's engine if that can be done, and build the book."""
    problem = engine.main()
    if problem:
        print(
            "The engine that runs Python inside the browser is not complete (see "
            "above); the book runs its cells with this computer's Python instead.",
            flush=True,
        )
    return book.main()


def main():
    """Build, serve until Ctrl-C, and return a message if that cannot be."""
    port = os.environ.get("PORT", "8000")
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        return f"make serve: PORT={port!r} is not a port; expected 1 to 65535."
    port = int(port)
    if is_taken(port):
        return (
            f"Port {port} is taken, perhaps by another `make serve`. Name another: "
            f"make serve PORT={port + 1}"
        )
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


def how_to_end():
    """Return what ends this program: Ctrl-C, or a kill where Ctrl-C is not for it.

    A shell without job control, as in a script with `make serve &`, starts what runs in
    the background with SIGINT ignored, so that a Ctrl-C meant for the foreground leaves
    it alone. That is what its writer expects, so it is kept; SIGTERM always ends it.
    """
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return f"kill {os.getpid()}" if ignored else "Ctrl-C"


def is_taken(port):
    """Say whether something else listens on the port already."""
    with contextlib.closing(socket.socket()) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def has_screen():
    """Say whether a window can be opened (on a bare terminal lynx would come up)."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
