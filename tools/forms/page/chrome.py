"""Sphinx extension: adds links and descriptions to pages, and drops unused files.

The repository (OWNER/NAME), its branch or tag, and the address of the site come from
the environment variables GITHUB_REPOSITORY, GITHUB_REF_NAME and BASE_URL. Without them
the book is built too, but without the links that need a repository.
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

# jupyter-book adds these to every page, and no page uses them. (sphinx-thebe would
# fetch code from another host; our own scripts make the cells live.)
UNUSED_FILES = {
    "sphinx-thebe.js",
    "sphinx-thebe.css",
    "togglebutton.js",
    "togglebutton.css",
    "design-tabs.js",
}
UNUSED_INLINE = ("THEBE_JS_URL", "toggleOpenOnPrint")
# Patterns of files in _static/ that the theme copies and no page loads (see
# book/_templates/static/).
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
    """Put the repository, its ref and the site's address into Sphinx's configuration.

    Raises: ValueError if GITHUB_REPOSITORY is not of the form OWNER/NAME.
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
        "default_mode": "light",  # the theme's mode in a browser without JavaScript
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
    """Whether a page does not need an entry of its script_files or css_files.

    Args: entry, a file name or Sphinx's object for a file; body, the page's HTML.
    """
    name = str(getattr(entry, "filename", entry) or "").split("?")[0]
    name = name.removeprefix("_static/")
    inline = str(getattr(entry, "attributes", {}).get("body", ""))
    if name in UNUSED_FILES or any(word in inline for word in UNUSED_INLINE):
        return True
    return name.endswith("sphinx-design.min.css") and 'class="sd-' not in body


def first_paragraph(doctree: nodes.document) -> str:
    """Return a page's first paragraph that is in no list or note; "" if none is."""
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
    """Return the address where a reader reports an error on a page.

    It is GitHub's form for a new issue; without a repository, the book's section
    that says whom to tell.
    """
    repository = context.get("tt_repository")
    page = context.get("pagename", "")
    if not repository:
        return context["pathto"]("book/reading").rstrip("#") + "#found-an-error"
    fields = {"title": f"{page}: ", "body": f"On the page {page}:\n\n"}
    return f"https://github.com/{repository}/issues/new?" + urlencode(fields)


def notebook_row(context: dict[str, Any]) -> str:
    """Return the HTML paragraph of links to a chapter's notebook; "" on other pages."""
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
    """Add a page's description and links; drop its unused scripts and style sheets."""
    body = context.get("body") or ""
    for kind in ("script_files", "css_files"):
        # The list is changed in place: files that are added to it after this would be
        # missing from a new list.
        context[kind][:] = [e for e in context[kind] if not is_unused(e, body)]
    meta = context.get("meta") or {}
    text = meta.get("description") or (doctree and first_paragraph(doctree))
    description = html.escape(shorten(text or DESCRIPTION))
    tag = f'<meta name="description" content="{description}" />\n'
    context["metatags"] = context.get("metatags", "") + tag
    context["tt_report_url"] = report_link(context)
    row = notebook_row(context)
    if row:
        # Space for the live bar, which the page's scripts insert here: without it the
        # text would jump down at that moment.
        place = '<div class="tt-place pst-js-only"></div>\n'
        context["body"] = body.replace("</h1>", f"</h1>\n{place}{row}", 1)


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Delete the files of UNUSED_STATIC from a site that was built without errors."""
    if exception or app.builder.format != "html":
        return
    output = Path(app.outdir)
    for pattern in UNUSED_STATIC:
        for path in output.joinpath("_static").glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the extension's event handlers and its script with Sphinx."""
    app.connect("config-inited", read_environment)
    app.connect("doctree-resolved", drop_thebe, priority=900)
    app.connect("html-page-context", dress_page, priority=900)
    assets.add(app, __name__)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
