"""Finds the Chromium or Chrome of this machine and starts it; installs nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Names of the browser's program on PATH, then paths where it may be installed.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """Return the path of the browser's program; None if no browser is installed."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    return next((path for path in PLACES if Path(path).exists()), None)


@contextmanager
def launch(**options: Any) -> Iterator[Browser]:
    """Context manager: start the browser that find() finds, and close it on exit.

    The caller must have checked that find() is not None.

    Args: options, more options for playwright's launch().
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find(), args=FLAGS, **options
        )
        try:
            yield browser
        finally:
            browser.close()
