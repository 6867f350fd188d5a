"""The built site's scripts are without their comments, and otherwise whole."""

import subprocess

import pytest

from tools import ROOT
from tools.engine import toolchain
from tools.site.scripts import without_comments

# `node --check` takes one file; starting Node for each took most of the test's time.
PARSE = """
import { readFileSync } from "node:fs";
import { SourceTextModule } from "node:vm";

for (const path of process.argv.slice(1)) {
  try {
    new SourceTextModule(readFileSync(path, "utf8"), { identifier: path });
  } catch (error) {
    console.error(`${path}: ${error.message}`);
    process.exitCode = 1;
  }
}
"""
SCRIPTS = sorted((ROOT / "book" / "_static" / "live").rglob("*.js"))


def test_comments_on_lines_of_their_own_go_and_others_stay():
    text = (
        "/** Adds.\n *\n * @param {number} a\n */\nexport function add(a, b) {\n"
        "  // why\n  return a + b; // here\n}\n"
    )
    assert without_comments(text) == (
        "export function add(a, b) {\n  return a + b; // here\n}\n"
    )


def test_a_template_string_keeps_its_lines():
    text = (
        "const page = `\n// no comment\n/* none */\n`;\n// one\nconst url = 'a//b';\n"
    )
    assert without_comments(text) == text.replace("// one\n", "")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_no_comment_block_is_left_and_no_code_line_goes(path):
    before = path.read_text(encoding="utf-8").splitlines()
    after = without_comments("\n".join(before) + "\n").splitlines()
    starts = ("//", "/*", "*")
    code = [line for line in before if not line.strip().startswith(starts)]
    assert [line for line in after if not line.strip().startswith(starts)] == code
    blocks = [line for line in after if line.strip().startswith("/*")]
    assert [line for line in blocks if line.strip().endswith("*/")] == []


def parse(*paths):
    """Parse modules in one Node; raises EngineError where one is no program."""
    node = [*toolchain.node_command(), "--experimental-vm-modules", "--no-warnings"]
    program = ["--input-type=module", "--eval", PARSE]
    toolchain.run([*node, *program, *paths], paths[0].parent)


def test_what_is_left_is_a_program(tmp_path):
    paths = []
    for path in SCRIPTS:
        target = tmp_path / f"{path.stem}.mjs"
        target.write_text(without_comments(path.read_text(encoding="utf-8")))
        paths.append(target)
    parse(*paths)
    with pytest.raises((toolchain.EngineError, subprocess.SubprocessError)):
        broken = tmp_path / "broken.mjs"
        broken.write_text("export function (")
        parse(broken)
