"""The build and the page tell the versions of a cell apart by the same hash."""

import json
import subprocess

import pytest

from tools import ROOT
from tools.chapters.texthash import text_hash
from tools.engine import toolchain

TEXTS = ["", "a", "b", "x = 1\n" * 200, "größer ✓ 🤔", "é" * 300, "\ud800 alone"]
PROGRAM = """
import { hash } from "%s";
console.log(JSON.stringify(JSON.parse(process.argv.at(-1)).map(hash)));
"""


def test_the_page_gives_the_same_hash(tmp_path):
    store = ROOT / "book" / "_static" / "live" / "base" / "edit-store.js"
    program = tmp_path / "hash.mjs"
    program.write_text(PROGRAM % store.as_uri(), encoding="utf-8")
    command = [*toolchain.node_command(), program, json.dumps(TEXTS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [text_hash(text) for text in TEXTS]


def test_texts_are_told_apart():
    assert len({text_hash(text) for text in TEXTS}) == len(TEXTS)


@pytest.mark.parametrize("text", TEXTS)
def test_a_hash_is_16_hexadecimal_digits(text):
    assert len(text_hash(text)) == 16 and int(text_hash(text), 16) >= 0
