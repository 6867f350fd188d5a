"""Drives WebKitGTK's small browser on a screen of its own, in the plain WebDriver.

It shares Safari's engine: its JavaScript and its WebAssembly.
"""

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from other_driver import CALL, PATIENCE, Driver, DriverError, end, start

from tools.site.computer import free_port


def find() -> Path | None:
    """Return the path of the small browser if all is here that drives it, or None."""
    if not (shutil.which("WebKitWebDriver") and shutil.which("Xvfb")):
        return None
    places = ("lib/*/webkit2gtk-4.*", "libexec/webkit2gtk-4.*", "lib*/webkit2gtk-4.*")
    found = (
        path for place in places for path in Path("/usr").glob(f"{place}/MiniBrowser")
    )
    return next(found, None)


class WebKit(Driver):
    """A MiniBrowser whose home is a folder."""

    def __init__(self, program: Path, folder: Path) -> None:
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1200x24"]
        self.processes = [start([*command, "-nolisten", "tcp"], stdout=subprocess.PIPE)]
        try:
            assert self.processes[0].stdout
            number = self.processes[0].stdout.readline().decode().strip()
            environment = os.environ | {
                "DISPLAY": f":{number}",
                "HOME": str(folder),
                "GDK_BACKEND": "x11",
                "LIBGL_ALWAYS_SOFTWARE": "1",
                "NO_AT_BRIDGE": "1",
                "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
            }
            port = free_port()
            driver = ["WebKitWebDriver", f"--port={port}"]
            self.processes.append(
                start(driver, env=environment, stdout=subprocess.DEVNULL)
            )
            self.base = f"http://127.0.0.1:{port}/session"
            self._begin(program)
        except BaseException:
            self._end()
            raise

    def _begin(self, program: Path) -> None:
        """Open a session, as soon as the driver listens."""
        options = {"binary": str(program), "args": ["--automation"]}
        wanted = {
            "webkitgtk:browserOptions": options,
            "timeouts": {"script": CALL * 1000},
        }
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                given = {"capabilities": {"alwaysMatch": wanted}}
                session = self.call("POST", "", given)["sessionId"]
                break
            except urllib.error.URLError:  # it is not there yet
                if time.monotonic() > deadline or self.processes[1].poll() is not None:
                    raise
                time.sleep(0.1)
        self.base += f"/{session}"

    def call(self, method: str, path: str, data: dict[str, Any] | None = None) -> Any:
        """Send a command; return its value."""
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(self.base + path, body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=2 * CALL) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            with error:
                value = json.load(error)["value"]
            told = f"{value['error']}: {value['message']}"
            raise DriverError(f"{method} {path}: {told}") from None

    def goto(self, url: str) -> None:
        self.call("POST", "/url", {"url": url})

    def answer(self, function: str) -> str:
        script = (
            f"const done = arguments[0]; ({function})().then((text) => done([text]), "
        )
        script += "(error) => done([null, String(error)]))"
        text, *why = self.call("POST", "/execute/async", {"script": script, "args": []})
        if why:
            raise DriverError(why[0])
        return str(text)

    def perform(self, actions: list[dict[str, Any]]) -> None:
        self.call("POST", "/actions", {"actions": actions})

    def threads(self, name: str) -> set[str]:
        """The numbers of all threads of this browser whose names begin so."""
        tasks = [task for own in self._family() for task in own.glob("task/*")]
        return {task.name for task in tasks if _read(task / "comm").startswith(name)}

    def _family(self) -> list[Path]:
        """The folders in /proc of the driver and of what descends from it."""
        parents = {}
        for folder in Path("/proc").glob("[0-9]*"):
            # The name, in brackets, may hold anything; the parent is the second after.
            rest = _read(folder / "stat").rpartition(")")[2].split()
            parents[folder.name] = rest[1] if rest else ""
        family, fresh = set(), {str(self.processes[1].pid)}
        while fresh:
            family |= fresh
            fresh = {child for child, parent in parents.items() if parent in fresh}
        return [Path("/proc") / number for number in family]

    def close(self) -> None:
        try:
            self.call("DELETE", "")
        finally:
            self._end()

    def _end(self) -> None:
        for process in reversed(self.processes):
            end(process)


def _read(path: Path) -> str:
    """The text of a file in /proc; none where it has just gone."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
