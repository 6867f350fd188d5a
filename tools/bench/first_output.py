"""Measures how long the page takes to show a first output, against bare Pyodide.

Three ways to run the same line of numpy ("arms") are timed in turn: a bare worker with
Pyodide's files as published; a bare worker with byte-compiled files; and the book's own
engine, in the page of chapter 01 if the book is built, else (or with PAGE=no) alone. A
cold time is that of the first page in a fresh browser profile, a warm time that of the
second page in the same profile.
"""

import functools
import http.server
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tools import BUILD
from tools.engine import manifest
from tools.engine.numpy_wheel import find_wheel
from tools.engine.pyodide_files import AS_PUBLISHED, PACKAGE, STDLIB
from tools.engine.toolchain import OUTPUT
from tools.site import browser
from tools.site.server import HOST, MEDIA_TYPES

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

CODE = "import numpy as np\nprint(np.arange(5).sum() + 2)"
CHAPTER = "modules/01_tensor/tensor_dev.html"
PAGES = Path(__file__).with_name("first_output_pages")  # the arms' HTML and JS
LIMIT = 120_000  # milliseconds for one measurement
BARE = "bare worker, files as published"
COMPILED = "bare worker, byte-compiled"
LIVE = "the engine alone"
PAGE = "the book's page"


class Arm(NamedTuple):
    """One way to a first output."""

    page: str  # address of the page that runs it, relative to the server's root
    source: str  # address of the folder with Pyodide or the engine, for that page


Times = dict[str, dict[str, list[float]]]  # {arm: {"cold" or "warm": milliseconds}}


class StaticServer(http.server.ThreadingHTTPServer):
    """An HTTP server without error messages: browsers may close connections midway."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing."""


class StaticHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files as a static host does: uncompressed, over persistent connections.

    tools.site.server.BookHandler is no replacement: its header no-cache makes the
    browser ask before it uses its cache.
    """

    protocol_version = "HTTP/1.1"
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | MEDIA_TYPES

    def log_message(self, *message: object) -> None:
        """Print nothing."""


def lay_out(folder: Path) -> dict[str, Arm]:
    """Put the files for all arms into a folder; return {name: Arm}.

    Raises: EngineError if there is no wheel of numpy.
    """
    for path in PAGES.iterdir():
        shutil.copyfile(path, folder / path.name)
    published = folder / "published"
    published.mkdir()
    for name in (*AS_PUBLISHED, STDLIB):
        shutil.copyfile(PACKAGE / name, published / name)
    wheel, number = find_wheel()
    shutil.copyfile(wheel, published / wheel.name)
    entry = manifest.package("numpy", number, wheel, ["numpy"])
    lock = manifest.read_lock(OUTPUT)
    text = json.dumps({"info": lock["info"], "packages": {"numpy": entry}})
    (published / "pyodide-lock.json").write_text(text)
    site = BUILD / "html"
    if (site / CHAPTER).is_file() and os.environ.get("PAGE") != "no":
        shutil.copytree(site, folder / "site")
        give_first_cell(folder / "site" / CHAPTER)
        engine, last = "./site/_static/engine/", PAGE
        page = f"site/{CHAPTER}"
    else:
        shutil.copytree(OUTPUT, folder / "engine")
        engine, last, page = "./engine/", LIVE, "live.html"
    return {
        BARE: Arm("bare.html", "./published/"),
        COMPILED: Arm("bare.html", f"{engine}pyodide/"),
        last: Arm(page, engine),
    }


def give_first_cell(page: Path) -> None:
    """Replace the first cell's text in a built chapter by CODE, which all arms run."""
    text = page.read_text(encoding="utf-8")
    data = re.search(r'<script[^>]*id="chapter-data">(.*?)</script>', text, re.DOTALL)
    assert data, f"{page} has no chapter-data"
    chapter = json.loads(data[1])
    chapter["cells"][0]["source"] = CODE
    changed = json.dumps(chapter).replace("</", "<\\/")
    page.write_text(text[: data.start(1)] + changed + text[data.end(1) :], "utf-8")


@contextmanager
def served(folder: str | Path) -> Iterator[str]:
    """Context manager: serve a folder on this machine; yield its address."""
    handler = functools.partial(StaticHandler, directory=str(folder))
    server = StaticServer((HOST, 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def measure(arms: dict[str, Arm], address: str, rounds: int) -> Times:
    """Return the times of all arms, measured in so many rounds.

    Each round starts with another arm, and each measurement has a fresh profile.
    """
    from playwright.sync_api import sync_playwright

    times: Times = {arm: {"cold": [], "warm": []} for arm in arms}
    names = list(arms)
    with sync_playwright() as playwright:
        for turn in range(rounds):
            first = turn % len(names)
            for arm in names[first:] + names[:first]:
                with tempfile.TemporaryDirectory() as profile:
                    one = profile_times(playwright, profile, address, arms[arm])
                for kind, time in zip(("cold", "warm"), one, strict=True):
                    times[arm][kind].append(time)
            print(f"round {turn + 1} of {rounds}", file=sys.stderr, flush=True)
    return times


def profile_times(
    playwright: "Playwright", profile: str, address: str, arm: Arm
) -> list[float]:
    """Return [cold, warm]: an arm's times in milliseconds, with a fresh profile."""
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=browser.find(), args=browser.FLAGS
    )
    found = []
    try:
        for _ in range(2):
            page = context.new_page()
            page.set_default_timeout(LIMIT)
            page.goto(address + arm.page)
            if arm.page.startswith("site/"):
                found.append(page.evaluate(CLICK))
            else:
                page.wait_for_function("typeof measure == 'function'")
                given = [arm.source, CODE]
                found.append(page.evaluate("([f, c]) => measure(f, c)", given))
            page.close()
            # Wait: the browser writes compiled code to its cache a little later.
            context.new_page().wait_for_timeout(1500)
    finally:
        context.close()
    return found


# JavaScript that clicks the first cell's Run button, which starts the engine and then
# runs the cell; returns the milliseconds until the cell has run.
CLICK = """async () => {
  const start = performance.now();
  const until = (element, attribute, wanted) => new Promise((resolve, reject) => {
    const look = () => {
      const found = element.getAttribute(attribute);
      if (found === wanted) resolve();
      else if (found === 'failed' || found === 'error') reject(new Error(found));
    };
    new MutationObserver(look).observe(element, { attributes: true });
    look();
  });
  const cell = document.querySelector('[data-cell-id]');
  cell.querySelector('[data-action=run]').click();
  await until(cell, 'data-state', 'ok');
  return performance.now() - start;
}"""


def report(times: Times, rounds: int) -> None:
    """Print each arm's medians with ranges, and the last arm's ratios to the others."""
    print(f"click to first output, ms: median (range) of {rounds}")
    medians = {}
    for arm, kinds in times.items():
        cells = []
        for kind, values in kinds.items():
            medians[arm, kind] = statistics.median(values)
            middle = round(medians[arm, kind])
            cells.append(f"{kind} {middle} ({min(values):.0f} to {max(values):.0f})")
        print(f"  {arm:<32} {'   '.join(cells)}")
    last = list(times)[-1]
    for other, bound in ((BARE, ", at most 1.25 wanted"), (COMPILED, "")):
        ratios = [
            f"{kind} {medians[last, kind] / medians[other, kind]:.2f}"
            for kind in ("cold", "warm")
        ]
        print(f"{last} / {other}: {', '.join(ratios)}{bound}")
