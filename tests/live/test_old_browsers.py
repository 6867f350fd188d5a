"""Nothing that the book's own scripts call is younger than the browsers it is for.

Those are Chrome 108, Firefox 115 and Safari 16.4: OLDEST in tools/engine/bundle.mjs. It
is a search for words, so it finds what is listed here and no more; the newest Firefox
and WebKit run the book in tests/live/test_other_browsers.py.
"""

import re

import pytest

from tools import ROOT

FOLDERS = ("tools/engine/js", "tools/site/offline", "book/_static")
# What is looked for, and which browsers lack it.
YOUNG = {
    "a stream iterated": (r"for await \(.*(body|stream\(\)|readable)\)", "Safari"),
    "Promise.withResolvers": (r"Promise\.(withResolvers|try)\b", "all three"),
    "Response.json": (r"Response\.json\(", "Safari 16"),
    "methods of Set": (
        r"\.(union|intersection|difference|symmetricDifference|isSubsetOf"
        r"|isSupersetOf|isDisjointFrom)\(",
        "all three",
    ),
    "methods of iterators": (
        r"(?<!Object)\.(?:keys|values|entries|matchAll)\([^()]*\)\s*"
        r"\.(?:map|filter|some|every|find|reduce|forEach|toArray|take|drop|flatMap)\(",
        "all three",
    ),
    "Iterator.from": (r"\bIterator\.", "all three"),
    "Array.fromAsync": (r"Array\.fromAsync\b", "Chrome 108"),
    "arrays copied while changed": (
        r"\.(toSorted|toReversed|toSpliced)\(",
        "Chrome 108",
    ),
    "groupBy": (r"\b(Object|Map)\.groupBy\b", "all three"),
    "URL.parse": (r"\bURL\.(parse|canParse)\b", "Safari 16"),
    "AbortSignal.any": (r"AbortSignal\.any\b", "Firefox 115"),
    "base64 of bytes": (r"\.(fromBase64|toBase64|fromHex|toHex)\(", "all three"),
    "checkVisibility": (r"\.checkVisibility\(", "Safari 16"),
    "popovers": (r"\.(showPopover|togglePopover)\(", "Chrome 108"),
    "the scheduler": (r"\bscheduler\.", "Safari"),
}
SCRIPTS = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.js"))]


def test_the_oldest_browsers_are_the_ones_that_the_page_names():
    build = (ROOT / "tools/engine/bundle.mjs").read_text("utf-8")
    oldest = re.search(r"OLDEST = \[(.*)\]", build)[1]
    page = (ROOT / "book/_static/live/engine/engines.js").read_text("utf-8")
    for name, version in re.findall(r"'([a-z]+)([\d.]+)'", oldest):
        assert f"{name.title()} {version}" in page


@pytest.mark.parametrize("what", YOUNG)
def test_no_script_calls_what_an_old_browser_lacks(what):
    pattern, lacking = YOUNG[what]
    assert SCRIPTS
    for path in SCRIPTS:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            code = line.split("//")[0] if "http" not in line else line
            found = re.search(pattern, code)
            assert not found, f"{path}:{number}: {found[0]}; {lacking} lacks it"
