"""Writes sw.js, the service worker with which a built site is read without a network.

Every page is marked with the name of its build, and sw.js contains a list of the
build's files with their hashes, so that the worker never combines a page of one build
with files of another. With OFFLINE=no, sw.js is a worker that deletes the caches of
earlier workers.
"""

import base64
import hashlib
import json
import os
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORKER = "sw.js"
PARTS = ("builds.js", "requests.js")  # files beside this one that make up sw.js
ENGINE = "_static/engine/"
# Beginnings of the paths of files that no page loads; the worker does not cache them.
UNUSED = (
    "_static/vendor/",
    "_static/fonts/LICENSE",
    "_static/live/base/types.js",  # types only
    "_static/live/engine/interface.js",  # types only
    "objects.inv",
    ".buildinfo",
)
# Beginnings of the paths of files that are cached at the first visit to any page.
ALWAYS = ("_static/", "offline.html", "404.html")
# Exceptions from ALWAYS: files that few pages need. They are cached when such a page
# loads them, or with the rest of the book.
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
# The output of a measure cell, which differs from build to build.
MEASURED = re.compile(
    r'(data-cell-role="measure".*?<div data-part="output">).*?'
    r"(?=data-cell-id|</section>)",
    re.S,
)
# A file of _static/ that a page loads with a query; groups: its path, the query.
ASKED = re.compile(r'(?:src|href)="[^"?]*?(_static/[^"?]+)(\?[^"#]+)"')


def write(site: Path) -> str | None:
    """Mark the pages of a built site and write its sw.js; return the build's name.

    The name is a hash of the worker and of all files, so the same book has the same
    name. A second call for the same site replaces the marks. With OFFLINE=no, no page
    is marked, and None is returned.
    """
    if os.environ.get("OFFLINE", "yes") == "no":
        (site / WORKER).write_bytes((HERE / "retire.js").read_bytes())
        return None
    paths = sorted(p for p in site.rglob("*") if p.is_file())
    names = {p.relative_to(site).as_posix(): p for p in paths}
    names = {name: path for name, path in names.items() if _is_cached(name)}
    program = "\n".join((HERE / part).read_text(encoding="utf-8") for part in PARTS)
    contents = {name: _content(name, path) for name, path in names.items()}
    digests = {name: _digest(content) for name, content in contents.items()}
    whole = f"{program}{json.dumps(digests, sort_keys=True)}"
    version = hashlib.sha256(whole.encode()).hexdigest()[:16]
    queries = _queries(names)
    listed = {}
    for name, path in names.items():
        digest = digests[name]
        if name.endswith(".html"):
            _mark(path, version)
            # The worker recognizes a page by its mark, not by a hash: the page's
            # measured outputs differ from build to build.
            digest = ""
        size = len(contents[name])
        listed[name] = [_kind(name), size, digest, queries.get(name, "")]
    build = {"version": version, "files": listed}
    # The name may stand in a comment too: only the assignment is filled in.
    text = program.replace(
        "BUILD = BUILD_OF_THE_SITE", f"BUILD = {json.dumps(build, sort_keys=True)}"
    )
    (site / WORKER).write_text(text, encoding="utf-8", newline="\n")
    return version


def _is_cached(name: str) -> bool:
    """Return whether the worker ever caches the file at this path of the site."""
    return name != WORKER and not name.startswith(UNUSED)


def _queries(names: dict[str, Path]) -> dict[str, str]:
    """Return {file: query, such as "?v=1"} for files that pages load with a query."""
    queries: dict[str, str] = {}
    for name, path in names.items():
        if name.endswith(".html"):
            queries |= dict(ASKED.findall(path.read_text(encoding="utf-8")))
    return queries


def _kind(name: str) -> str:
    """Return which group a file is cached with: "always", "pages" or "engine"."""
    if name.startswith(ENGINE):
        return "engine"
    if name.startswith(ALWAYS) and not name.startswith(LATER):
        return "always"
    return "pages"


def _content(name: str, path: Path) -> bytes:
    """Return a file's bytes; for a page, without its mark and measured outputs."""
    content = path.read_bytes()
    if not name.endswith(".html"):
        return content
    text = MARKED.sub("", content.decode("utf-8"))
    return MEASURED.sub(r"\1", text).encode()


def _mark(path: Path, version: str) -> None:
    """Write the build's name into a page's head, replacing that of an earlier build."""
    text = MARKED.sub("", path.read_text(encoding="utf-8"))
    mark = MARK.format(version)
    head = HEAD.search(text)
    at = head.end() if head else 0
    text = text[:at] + mark + text[at:]
    path.write_text(text, encoding="utf-8", newline="\n")


def _digest(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes in base64, as the worker computes it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()
