"""What the drivers of browsers other than Chromium have in common.

Firefox is spoken to in WebDriver BiDi (firefox_driver.py), WebKit in the WebDriver
before it (webkit_driver.py). Both take the same descriptions of what a hand does.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from typing import Any

PATIENCE = 90  # seconds; a start of Python in WebKit on two busy cores takes 30
CALL = 30  # seconds that one call of a driver may take
KEYS = {"Control": "\ue009", "Enter": "\ue007", "Delete": "\ue017"}


class DriverError(Exception):
    """The browser did not do what it was told."""


class Driver:
    """A browser with one page; subclasses say how it is spoken to."""

    def goto(self, url: str) -> None:
        """Open an address, and wait until it is loaded."""
        raise NotImplementedError

    def answer(self, function: str) -> str:
        """Call an async JavaScript function in the page; return the text it gives."""
        raise NotImplementedError

    def perform(self, actions: list[dict[str, Any]]) -> None:
        """Do what a hand does; as `actions` of WebDriver's Perform Actions."""
        raise NotImplementedError

    def close(self) -> None:
        """End the browser and all of its processes."""
        raise NotImplementedError

    def js(self, body: str, *arguments: Any) -> Any:
        """Run the body of an async function with `args`; return what it returns."""
        given = json.dumps(arguments)
        call = f"(async (args) => {{ {body} }})({given})"
        return json.loads(
            self.answer(f"async () => JSON.stringify((await {call}) ?? null)")
        )

    def click(self, css: str) -> None:
        """Click with the mouse in the middle of an element, scrolled to first."""
        x, y = self.js(
            """const element = document.querySelector(args[0]);
            element.scrollIntoView({ block: 'center', behavior: 'instant' });
            await new Promise((resolve) => setTimeout(resolve, 50));
            const box = element.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2].map(Math.round);""",
            css,
        )
        steps = [
            {"type": "pointerMove", "x": x, "y": y, "duration": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "actions": steps}
        self.perform([mouse | {"parameters": {"pointerType": "mouse"}}])

    def press(self, *keys: str) -> None:
        """Press keys together, by their names in KEYS or as characters."""
        codes = [KEYS.get(key, key) for key in keys]
        down = [{"type": "keyDown", "value": code} for code in codes]
        up = [{"type": "keyUp", "value": code} for code in reversed(codes)]
        self.perform([{"type": "key", "id": "keys", "actions": down + up}])

    def type(self, text: str) -> None:
        """Type a text of one line."""
        for character in text:
            self.press(character)

    def text(self, css: str) -> str:
        """The text of an element as it is shown."""
        return str(self.js("return document.querySelector(args[0]).innerText", css))

    def wait(self, css: str, seconds: float = PATIENCE) -> None:
        """Wait until an element is there."""
        deadline = time.monotonic() + seconds
        while not self.js("return !!document.querySelector(args[0])", css):
            if time.monotonic() > deadline:
                said = self.js(
                    "return document.querySelector('#live-status')?.innerText"
                )
                raise DriverError(f"{css} did not come; the page says: {said}")
            time.sleep(0.1)


def start(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own, for `end`."""
    settings: dict[str, Any] = {"start_new_session": True, **options}
    for name in ("stdin", "stderr"):
        settings.setdefault(name, subprocess.DEVNULL)
    return subprocess.Popen(command, **settings)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a program that `start` started, with what it started itself."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(CALL)
    for pipe in (process.stdout, process.stderr):
        if pipe:
            pipe.close()
