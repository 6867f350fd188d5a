"""Drives the panel "Your work" as a reader would."""

import json
from pathlib import Path


class Work:
    """The panel of a page, used as a reader would."""

    def __init__(self, live):
        self.live, self.page = live, live.page
        self.panel = live.page.locator("#your-work")

    def open(self):
        if self.panel.get_attribute("open") is None:
            self.panel.locator("> summary").click()
        self.panel.locator("[data-action=bring]").wait_for()
        return self

    def take(self, what, folder):
        """Take a file along; return where it is now."""
        with self.page.expect_download() as download:
            self.panel.locator(f"[data-action=take-{what}]").click()
        path = Path(folder, download.value.suggested_filename)
        download.value.save_as(path)
        return path

    def bring(self, *paths):
        """Choose files; return what is said of them."""
        said = self.panel.locator(".tt-work-said")
        said.evaluate("element => element.replaceChildren()")
        self.panel.locator("input[type=file]").set_input_files(list(paths))
        said.locator("p").first.wait_for()
        return said.inner_text()

    def press(self, action):
        row = f".tt-work-choices li:not([hidden]) [data-action={action}]"
        self.panel.locator(row).first.click()

    def storage(self, part="tinytorch:"):
        kept = self.page.evaluate("() => ({ ...localStorage })")
        return {key: value for key, value in kept.items() if key.startswith(part)}


def edit_record(text):
    return json.dumps({"version": 1, "hash": "0" * 16, "text": text, "saved": 0})
