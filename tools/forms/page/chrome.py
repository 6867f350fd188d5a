"""Completes the HTML around a page's text: links, description; no unused files.

Owner, repository, ref and address of the site come from the environment
(GITHUB_REPOSITORY, GITHUB_REF_NAME, BASE_URL), as GitHub Actions sets them.
Without them the book builds too, less the links that need a repository.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from docutils import nodes

from tools.forms.page import assets

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

DESCRIPTION = "Build your own PyTorch in numpy, in a book whose code runs in the page."
DESCRIPTION_LENGTH = 155  # characters; search engines cut what is longer

# jupyter-book loads these on every page, and no page uses them. sphinx-thebe would
# fetch from another host; our own scripts make the cells live.
UNUSED_FILES = {
    "sphinx-thebe.js",
    "sphinx-thebe.css",
    "togglebutton.js",
    "togglebutton.css",
    "design-tabs.js",
}
UNUSED_INLINE = ("THEBE_JS_URL", "toggleOpenOnPrint")
# Copied by the theme; no page loads them (see book/_templates/static/).
UNUSED_STATIC = [
    "scripts/bootstrap.js*",
    "scripts/fontawesome.js*",
    "scripts/*.map",
    "styles/*.map",
    "images/logo_*",
    "sphinx-thebe.*",
    "togglebutton.*",
    "design-tabs.js",
    "*webpack-macros.html",
    "locales",
]
CHAPTER_DATA = re.compile(
    r'<script type="application/json" id="chapter-data">(.*?)</script>', re.S
)


def read_environment(app: Sphinx, config: Config) -> None:
    """Put repository, ref and address of the site into Sphinx's configuration.

    Raises: ValueError for a GITHUB_REPOSITORY that is not OWNER/NAME.
    """
    base = os.environ.get("BASE_URL", "").strip()
    if base:
        config.html_baseurl = base.rstrip("/") + "/"
    repository = os.environ.get("GITHUB_REPOSITORY", "").strip() or None
    if repository and not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise ValueError(
            f"GITHUB_REPOSITORY is {repository!r}, expected OWNER/NAME; "
            "mend it or unset it"
        )
    own = {"404": "404.html", "offline": "offline.html"}
    config.html_additional_pages = {**config.html_additional_pages, **own}
    config.html_context = {
        **config.html_context,
        "default_mode": "light",  # what pages say without scripts
        "tt_repository": repository,
        "tt_ref": os.environ.get("GITHUB_REF_NAME", "").strip() or "main",
        "tt_root": urlsplit(config.html_baseurl or "/").path or "/",
    }


def drop_thebe(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Remove the configuration that sphinx-thebe appends to every document."""
    for node in list(doctree.findall(nodes.raw)):
        text = node.astext()
        if "x-thebe-config" in text or "kernelName =" in text:
            node.parent.remove(node)


def is_unused(entry: object, body: str) -> bool:
    """Whether a page does not need this entry of its script_files or css_files.

    Args: entry, a file name or Sphinx's object for one; body, the page's HTML.
    """
    name = str(getattr(entry, "filename", entry) or "").split("?")[0]
    name = name.removeprefix("_static/")
    inline = str(getattr(entry, "attributes", {}).get("body", ""))
    if name in UNUSED_FILES or any(word in inline for word in UNUSED_INLINE):
        return True
    return name.endswith("sphinx-design.min.css") and 'class="sd-' not in body


def first_paragraph(doctree: nodes.document) -> str:
    """Return the text of a page's first paragraph, those in lists or notes aside."""
    for node in doctree.findall(nodes.paragraph):
        if isinstance(node.parent, (nodes.section, nodes.document)):
            return " ".join(node.astext().split())
    return ""


def shorten(text: str, length: int = DESCRIPTION_LENGTH) -> str:
    """Return `text` cut at a word so that it has at most `length` characters."""
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(",;: ") + "…"


def report_link(context: dict[str, Any]) -> str:
    """Return the address for reporting an error on a page: a GitHub issue form.

    Without a repository it is the section of the book that says whom to tell.
    """
    repository = context.get("tt_repository")
    page = context.get("pagename", "")
    if not repository:
        return context["pathto"]("book/reading").rstrip("#") + "#found-an-error"
    fields = {"title": f"{page}: ", "body": f"On the page {page}:\n\n"}
    return f"https://github.com/{repository}/issues/new?" + urlencode(fields)


def notebook_row(context: dict[str, Any]) -> str:
    """Return the line of notebook links of a chapter, or "" on other pages."""
    found = CHAPTER_DATA.search(context.get("body", ""))
    if not found:
        return ""
    chapter = json.loads(found.group(1))["chapter"]
    file = f"notebooks/{chapter}.ipynb"
    links = [
        f'<a href="{html.escape(context["pathto"](file, resource=True))}" download>'
        "Download notebook</a>",
    ]
    if 'id="your-work"' in context["body"]:  # a milestone has no such panel
        links.append('<a href="#your-work">Your work</a>')
    repository = context.get("tt_repository")
    if repository:
        ref = quote(context["tt_ref"], safe="")
        url = f"https://mybinder.org/v2/gh/{repository}/{ref}?urlpath=lab/tree/{file}"
        links.append(f'<a href="{html.escape(url)}" rel="noopener">Open in Binder</a>')
    return f'<p class="tt-notebook">{" ".join(links)}</p>'


def dress_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give a page its description and links; drop its unused scripts and sheets."""
    body = context.get("body") or ""
    for kind in ("script_files", "css_files"):
        # In place: a new list would lose files that are added after this.
        context[kind][:] = [e for e in context[kind] if not is_unused(e, body)]
    meta = context.get("meta") or {}
    text = meta.get("description") or (doctree and first_paragraph(doctree))
    description = html.escape(shorten(text or DESCRIPTION))
    tag = f'<meta name="description" content="{description}" />\n'
    context["metatags"] = context.get("metatags", "") + tag
    context["tt_report_url"] = report_link(context)
    row = notebook_row(context)
    if row:
        # The live bar comes here once scripts run. The place is kept free for it, so
        # that the text does not jump down then.
        place = '<div class="tt-place pst-js-only"></div>\n'
        context["body"] = body.replace("</h1>", f"</h1>\n{place}{row}", 1)


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Remove files that the theme copied and no page loads."""
    if exception or app.builder.format != "html":
        return
    output = Path(app.outdir)
    for pattern in UNUSED_STATIC:
        for path in output.joinpath("_static").glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the steps above to Sphinx's events."""
    app.connect("config-inited", read_environment)
    app.connect("doctree-resolved", drop_thebe, priority=900)
    app.connect("html-page-context", dress_page, priority=900)
    assets.add(app, __name__)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
