"""Finds the Chromium or Chrome of this machine and drives it; installs nothing."""

import shutil
from contextlib import contextmanager
from pathlib import Path

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


def find():
    """Return the path of the browser's program, or None."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    return next((path for path in PLACES if Path(path).exists()), None)


@contextmanager
def launch(**options):
    """Yield a playwright Browser run with FLAGS; the caller has checked find()."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find(), args=FLAGS, **options
        )
        try:
            yield browser
        finally:
            browser.close()
