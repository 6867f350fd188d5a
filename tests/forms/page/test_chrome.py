"""The HTML around a page's text: meta tags, links, math, colors, and its weight."""

import gzip
import json
import os
import re
from html import unescape
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from tools import ROOT
from tools.chapters import parser
from tools.forms.page import chrome, mathml

STATIC = ROOT / "book" / "_static"
LOADED = re.compile(
    r"""<(?:script[^>]*?\ssrc|link[^>]*?rel="(?:stylesheet|preload|icon)"[^>]*?href"""
    r"""|img[^>]*?\ssrc)="([^"]+)\""""
)
WEIGHT = 300_000  # bytes a chapter may weigh, compressed, before it goes live


def pages(site):
    """Return {path: text} of every page but the redirect at the root."""
    found = {p: p.read_text(encoding="utf-8") for p in site.rglob("*.html")}
    return {
        p: text
        for p, text in found.items()
        if "_static" not in p.parts and 'http-equiv="Refresh"' not in text
    }


def page_of(site, path):
    page = path.relative_to(ROOT).with_suffix(".html")
    return site / page


def test_every_page_has_a_language_and_a_description(site):
    for path, text in pages(site).items():
        assert '<html lang="en"' in text, path
        described = re.findall(r'<meta name="description" content="([^"]*)"', text)
        assert len(described) == 1, f"{path}: {described}"
        length = len(unescape(described[0]))
        assert 20 <= length <= 160, f"{path}: {length} characters: {described[0]}"


def test_nothing_heavy_and_nothing_foreign_is_loaded(site):
    words = ("fontawesome", "mathjax", "thebe", "unpkg", "jsdelivr", "cdnjs")
    for path, text in pages(site).items():
        for address in LOADED.findall(text):
            assert not urlsplit(address).netloc, f"{path} loads {address}"
            assert not any(w in address.lower() for w in words), f"{path}: {address}"
        assert "THEBE_JS_URL" not in text, path
        assert "x-thebe-config" not in text, path
    foreign = re.compile(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//")
    for path in site.rglob("*.css"):
        assert not foreign.search(path.read_text(encoding="utf-8")), path
    assert not list(site.rglob("fontawesome.js*"))


def test_a_chapter_is_light(site):
    """Its page, all that the page names, and what is kept with it at a first visit."""
    worker = (site / "sw.js").read_text(encoding="utf-8")
    listed = json.loads(re.search(r"const BUILD = (.*);", worker)[1])["files"]
    always = {site / name for name, (kind, *_) in listed.items() if kind == "always"}
    for source in parser.paths():
        page = page_of(site, source)
        names = set(LOADED.findall(page.read_text(encoding="utf-8")))
        files = {page} | {(page.parent / n.split("?")[0]).resolve() for n in names}
        files |= {site / "_static" / "basic.css", site / "sw.js"}
        files |= always  # every module of the page, but those it loads when asked
        weight = sum(
            len(f.read_bytes())
            if f.suffix in (".woff2", ".png")
            else len(gzip.compress(f.read_bytes(), 9))
            for f in files
        )
        assert weight < WEIGHT, f"{page.name}: {weight} bytes with all that it loads"


def test_math_is_mathml(site):
    seen = ""
    for source in parser.paths():
        seen += page_of(site, source).read_text(encoding="utf-8")
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML"' in seen
    assert 'class="math notranslate' not in seen


def test_a_missing_page_is_told_from_any_depth(site):
    text = (site / "404.html").read_text(encoding="utf-8")
    root = urlsplit(os.environ.get("BASE_URL", "")).path.rstrip("/") + "/"
    assert f'<base href="{root}" />' in text
    assert text.index("<base") < text.index('rel="stylesheet"')
    for address in re.findall(r'(?:href|src)="([^"#?:]+)["#?]', text):
        if not address.startswith("/"):
            assert (site / address).exists(), address


def test_the_search_button_is_named_by_what_it_shows(site):
    field = re.compile(r"<button[^>]*search-button-field.*?</button>", re.S)
    for path, text in pages(site).items():
        for button in field.findall(text):
            assert "aria-label" not in button, path
            assert "Search" in button, path


def test_a_chapter_links_its_notebook(site):
    for source in parser.paths():
        page = page_of(site, source)
        text = page.read_text(encoding="utf-8")
        row = re.search(r'<p class="tt-notebook"><a href="([^"]+)"', text)
        assert row, f"{page} has no notebook link"
        notebook = json.loads((page.parent / row[1]).read_text(encoding="utf-8"))
        assert notebook["nbformat"] == 4


def context(repository=None, body=""):
    return {
        "tt_repository": repository,
        "tt_ref": "main",
        "pagename": "book/intro",
        "body": body,
        "pathto": lambda name, resource=False: name if resource else f"{name}.html",
    }


def test_errors_are_reported_where_the_repository_is_known():
    assert chrome.report_link(context()) == "book/reading.html#found-an-error"
    url = urlsplit(chrome.report_link(context("owner/book")))
    assert (url.netloc, url.path) == ("github.com", "/owner/book/issues/new")
    assert "book/intro" in parse_qs(url.query)["title"][0]


def test_the_place_errors_are_reported_to_exists(site):
    text = (site / "book" / "reading.html").read_text(encoding="utf-8")
    assert 'id="found-an-error"' in text


def test_binder_is_offered_where_the_repository_is_known():
    data = '<script type="application/json" id="chapter-data">{"chapter": "01_tensor"}'
    body = f"<h1>Tensor</h1>{data}</script>"
    assert "mybinder" not in chrome.notebook_row(context(body=body))
    row = unescape(chrome.notebook_row(context("owner/book", body)))
    assert "/v2/gh/owner/book/main?urlpath=lab/tree/notebooks/01_tensor.ipynb" in row
    assert chrome.notebook_row(context("owner/book", "<h1>Prose</h1>")) == ""


def test_the_environment_names_the_site(monkeypatch):
    monkeypatch.setenv("BASE_URL", "https://owner.example/book")
    monkeypatch.setenv("GITHUB_REPOSITORY", "owner/book")
    config = SimpleNamespace(html_baseurl="", html_context={}, html_additional_pages={})
    chrome.read_environment(None, config)
    assert config.html_baseurl == "https://owner.example/book/"
    assert config.html_context["tt_root"] == "/book/"
    monkeypatch.setenv("GITHUB_REPOSITORY", "not a repository")
    with pytest.raises(ValueError, match="expected OWNER/NAME"):
        chrome.read_environment(None, config)


def test_long_descriptions_are_cut_at_a_word():
    text = chrome.shorten("word " * 100)
    assert len(text) <= chrome.DESCRIPTION_LENGTH
    assert text.endswith("word…")
    assert chrome.shorten("short") == "short"


@pytest.mark.parametrize(
    ("latex", "block", "part"),
    [
        (r"x^2", False, "<msup><mi>x</mi><mn>2</mn></msup>"),
        (r"a \dots b", False, "…"),
        (r"a &= b \\ c &= d", True, "<mtable"),
        (r"\begin{align}a &= b\end{align}", True, "<mtable"),
        (r"\begin{bmatrix} 1 & 2 \end{bmatrix}", True, "<mtd>"),
    ],
)
def test_formulas(latex, block, part):
    markup = mathml.convert(latex, block)
    assert part in markup
    assert ('display="block"' in markup) == block
    assert "\n" not in markup


@pytest.mark.parametrize("latex", [r"\nosuchcommand", r"\frac{1}", "a & b", "{x", "x_"])
def test_formulas_that_cannot_be_shown_are_refused(latex):
    with pytest.raises(ValueError, match=r"\S"):
        mathml.convert(latex)


def luminance(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("mode", [":root", 'html[data-theme="dark"]'])
def test_colors_can_be_read(mode):
    """Every ink on every ground it meets, by WCAG's rule for AA."""
    sheet = (STATIC / "css" / "book.css").read_text(encoding="utf-8")
    block = re.search(re.escape(mode) + r" \{(.*?)\n\}", sheet, re.S)[1]
    colors = dict(re.findall(r"--tt-([\w-]+): (#[0-9a-f]{6});", block))
    inks = [n for n in colors if n not in ("paper", "surface", "line", "accent-ink")]
    pairs = [(ink, ground) for ink in inks for ground in ("paper", "surface")]
    for ink, ground in [*pairs, ("accent-ink", "accent")]:
        dark, light = sorted(luminance(colors[name]) for name in (ink, ground))
        contrast = (light + 0.05) / (dark + 0.05)
        assert contrast >= 4.5, f"{mode}: {ink} on {ground} is {contrast:.2f} to 1"
