"""Drives a live page as a reader would, and keeps watch over its requests."""

import time
from contextlib import contextmanager

# A page of two cores that other tests keep busy is given this long, in ms.
PATIENCE = 45_000


class LivePage:
    """A page of a served site in a fresh browser profile."""

    def __init__(self, context, site, path):
        self.context = context
        self.site = site
        self.address = site.url + path
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.requests = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def open(self, engine=None):
        """Open the page and choose an engine."""
        self.page.goto(self.address)
        self.page.wait_for_selector("#live-start:enabled")
        if engine:
            self.page.select_option("#live-engine", engine)
        return self

    def go_live(self, engine=None):
        """Open the page with an engine and wait until cells can run."""
        self.open(engine)
        self.page.click("#live-start")
        self.wait_state("ready")
        return self

    def wait_state(self, *states, timeout=PATIENCE):
        """Wait for one of these states of the engine; return its words."""
        names = ", ".join(f"[data-state={state}]" for state in states)
        self.page.wait_for_selector(f"#live-status:is({names})", timeout=timeout)
        return self.status

    @property
    def status(self):
        """What the status line says."""
        return self.page.inner_text("#live-status")

    def cell(self, cell_id):
        """A cell, by its id."""
        return self.page.locator(f'[data-cell-id="{cell_id}"]')

    def state(self, cell_id):
        """A cell's state."""
        return self.cell(cell_id).get_attribute("data-state")

    def output(self, cell_id):
        """A cell's output, as text."""
        return self.cell(cell_id).locator("[data-part=output]").inner_text()

    def text(self, cell_id):
        """The text in a cell's editor."""
        lines = self.cell(cell_id).locator(".cm-line").all_inner_texts()
        return "\n".join(line.rstrip("\n") for line in lines)

    def write(self, cell_id, text):
        """Replace a cell's text, by keys."""
        editor = self.cell(cell_id).locator("[data-part=editor]")
        editor.press("ControlOrMeta+a")
        editor.press("Delete")
        # Enter would indent of itself: the lines are set in as they are.
        self.page.keyboard.insert_text(text)

    def run(self, cell_id, wait=True):
        """Press a cell's Run; wait until it ended, and return its state."""
        self.cell(cell_id).locator("[data-action=run]").click()
        return self.wait_ended(cell_id) if wait else None

    def wait_ended(self, cell_id):
        """Wait until a cell has run; return its state."""
        ended = ":is([data-state=ok], [data-state=error])"
        self.page.wait_for_selector(f'[data-cell-id="{cell_id}"]{ended}')
        return self.state(cell_id)

    def wait_running(self, cell_id):
        """Wait until a cell runs, and half a second more: it is really at it."""
        self.page.wait_for_selector(f'[data-cell-id="{cell_id}"][data-state=running]')
        time.sleep(0.5)

    def run_all(self):
        """Press Run all, wait until it ended; return what the status line says."""
        self.page.click("#live-run-all")
        self.page.wait_for_selector("#live-run-all:enabled")
        return self.wait_state("ready")

    def check(self, cell_id):
        """Press an exercise's Check; return (what came of it, what it says)."""
        self.cell(cell_id).locator("[data-action=check]").click()
        ended = "[data-verdict]:not([data-verdict=waiting])"
        self.page.wait_for_selector(f'[data-cell-id="{cell_id}"] {ended}')
        verdict = self.cell(cell_id).locator("[data-part=verdict]")
        return verdict.get_attribute("data-verdict"), verdict.inner_text()

    def foreign_requests(self):
        """Requests to any host but the site's own and its Jupyter server's."""
        own = [self.site.url, "data:", "blob:"]
        if self.site.computer:
            own.append(self.site.computer["baseUrl"])
        return [url for url in self.requests if not url.startswith(tuple(own))]


@contextmanager
def live_page(browser, site, path, **options):
    """Open a fresh profile on a page; see afterwards that it stayed at home."""
    context = browser.new_context(**options)
    page = LivePage(context, site, path)
    try:
        yield page
        assert not page.foreign_requests(), page.foreign_requests()
        assert not page.faults, page.faults
    finally:
        context.close()
