"""Drives Firefox without a window, in WebDriver BiDi over its own web socket."""

import json
import os
import re
import shutil
import time
from pathlib import Path
from typing import Any

from other_driver import CALL, PATIENCE, Driver, DriverError, end, start

NAMES = ("firefox-esr", "firefox")
# Nothing is fetched, told or asked that the test did not ask for.
PREFERENCES: dict[str, Any] = {
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}


def find() -> str | None:
    """Return the path of Firefox, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Firefox(Driver):
    """A Firefox with a fresh profile below a folder."""

    def __init__(self, program: str, folder: Path) -> None:
        import websocket

        profile = folder / "profile"
        profile.mkdir()
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});"
            for name, value in PREFERENCES.items()
        ]
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        command = [program, "--headless", "--no-remote", "--profile", str(profile)]
        command += ["--remote-debugging-port", "0", "about:blank"]
        self.log = folder / "firefox.log"
        with self.log.open("wb") as log:
            environment = os.environ | {"HOME": str(folder)}
            self.process = start(command, env=environment, stdout=log, stderr=log)
        self.number = 0
        try:
            address = f"{self._address()}/session"
            # An Origin header is taken for a page's, which must not drive a browser.
            self.socket = websocket.create_connection(
                address, timeout=CALL, suppress_origin=True
            )
            self.call("session.new", capabilities={})
            tree = self.call("browsingContext.getTree")
            self.context = tree["contexts"][0]["context"]
        except BaseException:
            end(self.process)
            raise

    def _address(self) -> str:
        """Wait for the address that Firefox says it listens at."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            if found := re.search(r"listening on (ws://\S+)", self.log.read_text()):
                return found[1]
            time.sleep(0.1)
        raise DriverError(f"Firefox named no address; it said: {self.log.read_text()}")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command; return its result."""
        self.number += 1
        command = {"id": self.number, "method": method, "params": parameters}
        self.socket.send(json.dumps(command))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                break
        if answer["type"] == "error":
            raise DriverError(f"{method}: {answer['error']}: {answer['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def goto(self, url: str) -> None:
        self.call(
            "browsingContext.navigate", context=self.context, url=url, wait="complete"
        )

    def answer(self, function: str) -> str:
        result = self.call(
            "script.callFunction",
            functionDeclaration=function,
            awaitPromise=True,
            target={"context": self.context},
        )
        if result["type"] == "exception":
            raise DriverError(result["exceptionDetails"]["text"])
        return str(result["result"]["value"])

    def perform(self, actions: list[dict[str, Any]]) -> None:
        self.call("input.performActions", context=self.context, actions=actions)

    def close(self) -> None:
        self.socket.close()
        end(self.process)
