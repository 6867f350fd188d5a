"""Builds the book and serves it on this computer, with live cells.

PORT=8000 names the port, OPEN=no leaves the browser closed.
"""

import json
import os
import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tools.site import computer as kernels

HOST = "127.0.0.1"
COMPUTER_PATH = "/live/computer.json"


@dataclass
class Site:
    """A site being served: its address, and the `computer` engine or None."""

    url: str
    computer: dict | None


class Handler(SimpleHTTPRequestHandler):
    """Serves the files of one folder to pages of its own address."""

    protocol_version = "HTTP/1.1"
    path = ""  # where the first line cannot be read, which is answered all the same
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".json": "application/json",
        ".wasm": "application/wasm",
        ".woff2": "font/woff2",
        ".whl": "application/octet-stream",
        ".ipynb": "application/x-ipynb+json",
    }

    def do_GET(self):
        """Answer a GET request."""
        if not self.is_welcome():
            return
        if self.path.split("?")[0] == COMPUTER_PATH:
            self.send_computer()
        else:
            super().do_GET()

    def do_HEAD(self):
        """Answer a HEAD request."""
        if self.is_welcome():
            super().do_HEAD()

    def is_welcome(self):
        """Answer requests that name another host, and say whether to go on.

        A page elsewhere can give its own name the address 127.0.0.1; such a request
        still carries that name.
        """
        port = self.server.server_port
        name = self.headers.get("Host", "")
        if name == f"{HOST}:{port}":
            return True
        own = self.path.startswith("/") and not self.path.startswith("//")
        if name == f"localhost:{port}" and own:
            # To the browser the two are different origins, with different storage,
            # and the Jupyter server answers only one.
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", f"http://{HOST}:{port}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "Not this host")
        return False

    def send_computer(self):
        """Tell a page of this site where the Jupyter server is."""
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

    def end_headers(self):
        """Add what every answer carries: what was rebuilt is seen at once."""
        path = self.path.split("?")[0]
        kept = "no-store" if path == COMPUTER_PATH else "no-cache"
        self.send_header("Cache-Control", kept)
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def send_head(self):
        """Open the file of a path; one that no file can have is not there either."""
        try:
            return super().send_head()
        except ValueError:  # a null byte, half a character, half a bracket
            self.send_error(HTTPStatus.NOT_FOUND)
            return None

    def list_directory(self, path):
        """Show no folder's contents."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(self, code, message=None, explain=None):
        """Send an error; for a page that is not there, the book's own page."""
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

    def log_message(self, *_):
        """Keep the terminal for what the reader of it needs."""


class Server(ThreadingHTTPServer):
    """The static server; `computer` is filled in once that engine runs."""

    daemon_threads = True
    allow_reuse_port = False
    # On Windows the option means that two servers may share a port.
    allow_reuse_address = os.name == "posix"
    computer = None

    def handle_error(self, request, client_address):
        """Ignore a browser that went away in mid-answer; print anything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serve(directory, port=0, computer=True):
    """Serve a built site on 127.0.0.1, and end all of it afterwards.

    Args: directory, the site's folder; port, 0 for any free one; computer, whether to
    start the `computer` engine with it.
    Yields: a Site.
    Raises: OSError when the port is taken, ComputerError when that engine fails.
    """
    directory = Path(directory)
    if not directory.is_dir():
        raise FileNotFoundError(f"No built site at {directory}. Build it: make book")

    def handler(*arguments):
        return Handler(*arguments, directory=str(directory))

    with ExitStack() as stack:
        server = stack.enter_context(Server((HOST, port), handler))
        url = f"http://{HOST}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        stack.callback(server.shutdown)
        if computer:
            server.computer = stack.enter_context(kernels.computer(url))
        yield Site(url, server.computer)
