"""Make the book's monospace font: DejaVu Sans Mono, cut to the characters in use.

    .venv/bin/python -m tools.font              fetch the published font through npm
    FROM=DIR .venv/bin/python -m tools.font     take it from a folder that holds it

Writes two woff2 files (regular and bold) and the font's license into
book/_static/fonts/. They are committed, so nobody needs this program to build
the book; it runs again when CHARACTERS grows. It needs fonttools and brotli, as
the tests do.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "book" / "_static" / "fonts"
PACKAGE = "@fontsource/dejavu-mono"
VERSION = "5.3.0"

SOURCES = {  # published file, its sha256, the file written
    "dejavu-mono-latin-400-normal.woff2": (
        "6242d5eac0a8e83fc2668f1e219b1eaa276a97ba9945747cc9a2918eab209580",
        "tinytorch-mono-regular.woff2",
    ),
    "dejavu-mono-latin-700-normal.woff2": (
        "d118121ca2f1629c66c9709ac99649248f696ddf6d432bb4cca53a0f5bf0f49c",
        "tinytorch-mono-bold.woff2",
    ),
}

# First and last code point of each range. The font lacks some characters of the
# wider ones; what a page uses is held to the written file by tests/test_fonts.py.
CHARACTERS = [
    (0x20, 0x7E),  # ASCII
    (0xA0, 0xFF),  # Latin-1
    (0x370, 0x3FF),  # Greek
    (0x2010, 0x205E),  # dashes, quotes, dots
    (0x2070, 0x209F),  # superscripts and subscripts
    (0x2102, 0x2124),  # blackboard letters, a few letterlike signs
    (0x2190, 0x22FF),  # arrows, mathematical operators
    (0x2308, 0x230B),  # floor and ceiling
    (0x2500, 0x25FF),  # box drawing, blocks, geometric shapes
    (0x2713, 0x2718),  # ticks and crosses
    (0x27E8, 0x27E9),  # angle brackets
    (0x27F5, 0x27F8),  # long arrows
]


def find(folder):
    """Return {published name: path} for the two files below `folder`.

    Raises SystemExit when one is missing or is not the pinned file.
    """
    found = {}
    for name, (pinned, _) in SOURCES.items():
        path = next(iter(sorted(Path(folder).rglob(name))), None)
        if path is None:
            raise SystemExit(
                f"font: no {name} below {folder}; "
                f"give the unpacked {PACKAGE} {VERSION} as FROM=DIR"
            )
        given = hashlib.sha256(path.read_bytes()).hexdigest()
        if given != pinned:
            raise SystemExit(
                f"font: {path} has sha256 {given}, expected {pinned}; "
                f"is it {PACKAGE} {VERSION}?"
            )
        found[name] = path
    return found


def fetch(folder):
    """Unpack the published package into `folder`, through npm."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit(
            f"font: npm is not installed; unpack {PACKAGE} {VERSION} by hand "
            "and give its folder as FROM=DIR"
        )
    wanted = f"{PACKAGE}@{VERSION}"
    subprocess.run([npm, "pack", "--silent", wanted], cwd=folder, check=True)
    for archive in Path(folder).glob("*.tgz"):
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")


def subset(source, target):
    """Write the characters in CHARACTERS of font `source` to `target`, as woff2.

    Hinting is left out: it costs a third of the bytes and modern screens do not
    use it. Ligatures are left out so that `->` stays two characters.
    """
    from fontTools import subset as cutter

    options = cutter.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["FFTM"]
    options.recalc_timestamp = False
    font = cutter.load_font(str(source), options)
    cut = cutter.Subsetter(options)
    cut.populate(
        unicodes=[c for first, last in CHARACTERS for c in range(first, last + 1)]
    )
    cut.subset(font)
    cutter.save_font(font, str(target), options)


def main():
    """Write the two fonts and their license."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = os.environ.get("FROM")
        if not folder:
            fetch(scratch)
            folder = scratch
        sources = find(folder)
        TARGET.mkdir(parents=True, exist_ok=True)
        for name, path in sources.items():
            target = TARGET / SOURCES[name][1]
            subset(path, target)
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes")
        license_file = next(iter(sources.values())).parent.parent / "LICENSE"
        shutil.copyfile(license_file, TARGET / "LICENSE")


if __name__ == "__main__":
    sys.exit(main())
