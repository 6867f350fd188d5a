"""Serves a built site on 127.0.0.1, with the `computer` engine for its own pages."""

import functools
import io
import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO

from tools.site import computer as kernels

HOST = "127.0.0.1"
COMPUTER_PATH = "/live/computer.json"


@dataclass
class Site:
    """A site being served: its URL, and how to reach its `computer` engine, or None."""

    url: str
    computer: kernels.Computer | None


# {ending: media type} for files whose type the system may not know, or name otherwise.
MEDIA_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".whl": "application/octet-stream",
    ".ipynb": "application/x-ipynb+json",
}


class BookHandler(SimpleHTTPRequestHandler):
    """Answers requests for the files of one folder, if they name this host."""

    server: "BookServer"

    protocol_version = "HTTP/1.1"
    # Set for requests whose first line cannot be parsed: an error is sent for them, and
    # end_headers(), which is called then, reads the path.
    path = ""
    extensions_map = SimpleHTTPRequestHandler.extensions_map | MEDIA_TYPES

    def do_GET(self) -> None:
        """Answer a GET request."""
        if not self.is_welcome():
            return
        if self.path.split("?")[0] == COMPUTER_PATH:
            self.send_computer()
        else:
            super().do_GET()

    def do_HEAD(self) -> None:
        """Answer a HEAD request."""
        if self.is_welcome():
            super().do_HEAD()

    def is_welcome(self) -> bool:
        """Return whether the Host header is this host; if not, answer the request.

        This protects against DNS rebinding, where a page of another host makes its own
        name resolve to 127.0.0.1: its requests still have that name as Host.
        """
        port = self.server.server_port
        name = self.headers.get("Host", "")
        if name == f"{HOST}:{port}":
            return True
        own = self.path.startswith("/") and not self.path.startswith("//")
        if name == f"localhost:{port}" and own:
            # Redirected, because to the browser localhost and 127.0.0.1 are different
            # origins, with different storage, and the Jupyter server answers only one.
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", f"http://{HOST}:{port}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "Not this host")
        return False

    def send_computer(self) -> None:
        """Send the Jupyter server's address and token, but only to this site's pages.

        Other pages get 403; if there is no Jupyter server, 404 is sent.
        """
        origin = f"http://{HOST}:{self.server.server_port}"
        from_page = self.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        if not from_page or self.headers.get("Origin", origin) != origin:
            self.send_error(HTTPStatus.FORBIDDEN, "For this site's own pages only")
        elif self.server.computer is None:
            self.send_error(HTTPStatus.NOT_FOUND, "No computer engine here")
        else:
            body = json.dumps(self.server.computer).encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def end_headers(self) -> None:
        """Add the headers that every answer has, and end the headers.

        With no-cache the browser asks again each time, so a rebuilt page shows at once.
        """
        path = self.path.split("?")[0]
        kept = "no-store" if path == COMPUTER_PATH else "no-cache"
        self.send_header("Cache-Control", kept)
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Send the headers for the requested file; return the file, None on errors.

        A path that no file can have is answered with 404.
        """
        try:
            return super().send_head()
        except ValueError:  # a null byte, half a character, half a bracket
            self.send_error(HTTPStatus.NOT_FOUND)
            return None

    def list_directory(self, path: object) -> None:
        """Answer with 404, since folders are not listed."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(
        self, code: int, message: str | None = None, explain: str | None = None
    ) -> None:
        """Send an error; for 404, send the book's own page 404.html if it exists."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.exists():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing: a line per request would scroll the book's address away."""


class BookServer(ThreadingHTTPServer):
    """The HTTP server of a site; `computer` is None until the Jupyter server runs."""

    daemon_threads = True
    allow_reuse_port = False
    # On Windows this option would let two servers share a port.
    allow_reuse_address = os.name == "posix"
    computer: kernels.Computer | None = None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print the current error, unless a browser has just closed its connection."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serve(directory: Path, port: int = 0, computer: bool = True) -> Iterator[Site]:
    """Context manager: serve a built site on 127.0.0.1.

    Args: directory, the site's folder; port, 0 for any free port; computer, whether to
        start the `computer` engine too.
    Yields: a Site.
    Raises: OSError if the port is taken, FileNotFoundError if the folder does not
        exist, ComputerError if the engine cannot be started.
    """
    if not directory.is_dir():
        raise FileNotFoundError(f"No built site at {directory}. Build it: make book")

    handler = functools.partial(BookHandler, directory=str(directory))
    with ExitStack() as stack:
        server = stack.enter_context(BookServer((HOST, port), handler))
        url = f"http://{HOST}:{server.server_port}"
        # poll_interval: seconds between the server's checks whether it is to end. The
        # default, 0.5, would make ending it feel slow.
        serving = functools.partial(server.serve_forever, poll_interval=0.1)
        thread = threading.Thread(target=serving, daemon=True)
        thread.start()
        stack.callback(server.shutdown)
        if computer:
            server.computer = stack.enter_context(kernels.computer(url))
        yield Site(url, server.computer)
