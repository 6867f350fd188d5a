"""The self-hosted code font holds every character that code and diagrams use."""

import re
from html.parser import HTMLParser

import pytest
from book_chapters import parsed

from tools import ROOT
from tools.chapters import parser

FONTS = ROOT / "book" / "_static" / "fonts"
FENCE = re.compile(r"^(`{3,})[^\n]*\n(.*?)^\1", re.M | re.S)
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")

ttLib = pytest.importorskip("fontTools.ttLib", reason="fonttools is not installed")


def characters(name):
    return set(map(chr, ttLib.TTFont(FONTS / name).getBestCmap()))


@pytest.fixture(scope="module")
def regular():
    return characters("tinytorch-mono-regular.woff2")


def fenced(text):
    """Return the parts of a Markdown text that are set in the code font."""
    inline = INLINE.findall(FENCE.sub("", text))
    return [block for _, block in FENCE.findall(text)] + inline


class Preformatted(HTMLParser):
    """Collects the text that a page sets in the code font."""

    def __init__(self, text):
        super().__init__()
        self.depth, self.found = 0, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.depth += tag in ("pre", "code", "kbd", "samp")

    def handle_endtag(self, tag):
        self.depth -= tag in ("pre", "code", "kbd", "samp")

    def handle_data(self, data):
        if self.depth:
            self.found.append(data)


def missing(text, known):
    """Return the characters of `text` that the font lacks."""
    return sorted(set(text) - known - set("\n\r\t"))


def test_chapters(regular):
    for path in parser.paths():
        for cell in parsed(path).cells:
            code = [cell.source] if cell.kind == "code" else fenced(cell.source)
            for text in code:
                lacking = missing(text, regular)
                assert not lacking, f"{path.name}, {cell.id}: font lacks {lacking}"


def test_prose_pages(regular):
    pages = sorted(ROOT.glob("book/*.md"))
    assert pages
    for path in pages:
        for text in fenced(path.read_text(encoding="utf-8")):
            lacking = missing(text, regular)
            assert not lacking, f"{path.name}: font lacks {lacking}"


def test_built_pages(site, regular):
    """What the build adds, outputs above all, is in the font too."""
    for path in site.rglob("*.html"):
        text = "".join(Preformatted(path.read_text(encoding="utf-8")).found)
        lacking = missing(text, regular)
        assert not lacking, f"{path.relative_to(site)}: font lacks {lacking}"


def test_bold_has_what_regular_has(regular):
    assert characters("tinytorch-mono-bold.woff2") == regular


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_all_characters_are_equally_wide(weight):
    font = ttLib.TTFont(FONTS / f"tinytorch-mono-{weight}.woff2")
    widths = {font["hmtx"][glyph][0] for glyph in font.getBestCmap().values()}
    assert len(widths) == 1, f"diagrams need one width, found {sorted(widths)}"


def test_license_is_beside_the_fonts():
    assert "Bitstream Vera" in (FONTS / "LICENSE").read_text(encoding="utf-8")
