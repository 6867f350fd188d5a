"""Lets a built site be read without a network: writes sw.js, its service worker.

Every page is marked with the build it belongs to, and the worker is given the list
of the build's files with their hashes, so that it never shows a page of one build
with files of another. OFFLINE=no writes a worker that removes what earlier ones kept.
"""

import base64
import hashlib
import json
import os
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORKER = "sw.js"
PARTS = ("builds.js", "requests.js")
ENGINE = "_static/engine/"
# Copied into the site by its tools, loaded by none of its pages.
UNUSED = (
    "_static/vendor/",
    "_static/fonts/LICENSE",
    "_static/live/base/types.js",  # types only
    "_static/live/engine/interface.js",  # types only
    "objects.inv",
    ".buildinfo",
)
# Kept from the first visit on, whichever page that was.
ALWAYS = ("_static/", "offline.html", "404.html")
# Of these, what few pages need comes with them, or with the rest of the book.
LATER = (
    "_static/fonts/tinytorch-mono-bold",
    "_static/package.json",
    "_static/live/work/",  # what "Your work" loads when it is opened
    "_static/searchtools.js",
    "_static/language_data.js",
)
MARK = '<meta name="tinytorch-build" content="{}">'
MARKED = re.compile(MARK.format("[0-9a-f]*"))
HEAD = re.compile(r"<head\b[^>]*>")
# Outputs that differ from build to build, though the book is the same.
MEASURED = re.compile(
    r'(data-cell-role="measure".*?<div data-part="output">).*?'
    r"(?=data-cell-id|</section>)",
    re.S,
)
ASKED = re.compile(r'(?:src|href)="[^"?]*?(_static/[^"?]+)(\?[^"#]+)"')


def write(site):
    """Mark the pages of a built site and write its sw.js; return the build's name.

    A second call on the same site marks its pages anew.
    """
    site = Path(site)
    if os.environ.get("OFFLINE", "yes") == "no":
        (site / WORKER).write_bytes((HERE / "retire.js").read_bytes())
        return None
    paths = sorted(p for p in site.rglob("*") if p.is_file())
    names = {p.relative_to(site).as_posix(): p for p in paths}
    names = {n: p for n, p in names.items() if _is_kept(n)}
    queries = {}
    for name, path in names.items():
        if name.endswith(".html"):
            queries |= dict(ASKED.findall(path.read_text(encoding="utf-8")))
    program = "\n".join((HERE / part).read_text(encoding="utf-8") for part in PARTS)
    contents = {name: _content(name, path) for name, path in names.items()}
    digests = {name: _digest(content) for name, content in contents.items()}
    whole = f"{program}{json.dumps(digests, sort_keys=True)}"
    version = hashlib.sha256(whole.encode()).hexdigest()[:16]
    listed = {}
    for name, path in names.items():
        digest = digests[name]
        if name.endswith(".html"):
            _mark(path, version)
            # A page is known by its mark: what it measured differs from build to build.
            digest = ""
        size = len(contents[name])
        listed[name] = [_kind(name), size, digest, queries.get(name, "")]
    build = {"version": version, "files": listed}
    text = program.replace("BUILD_OF_THE_SITE", json.dumps(build, sort_keys=True), 1)
    (site / WORKER).write_text(text, encoding="utf-8", newline="\n")
    return version


def _is_kept(name):
    return name != WORKER and not name.startswith(UNUSED)


def _kind(name):
    """Return when a file is kept: "always", with the "pages", or with the "engine"."""
    if name.startswith(ENGINE):
        return "engine"
    if name.startswith(ALWAYS) and not name.startswith(LATER):
        return "always"
    return "pages"


def _content(name, path):
    """Return a file's bytes; of a page, without its mark and what it measured."""
    content = path.read_bytes()
    if not name.endswith(".html"):
        return content
    text = MARKED.sub("", content.decode("utf-8"))
    return MEASURED.sub(r"\1", text).encode()


def _mark(path, version):
    text = MARKED.sub("", path.read_text(encoding="utf-8"))
    mark = MARK.format(version)
    head = HEAD.search(text)
    at = head.end() if head else 0
    text = text[:at] + mark + text[at:]
    path.write_text(text, encoding="utf-8", newline="\n")


def _digest(content):
    return base64.b64encode(hashlib.sha256(content).digest()).decode()
