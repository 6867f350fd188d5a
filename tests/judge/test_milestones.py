"""The milestones: their order, their size, and what they claim, with one seed each."""

import os
import re
import subprocess
import sys

import pytest
from book_chapters import EACH_MILESTONE, slug
from prose import headings, loose_end

from tools import ROOT
from tools.chapters import parser
from tools.judge import milestones
from tools.verbs import milestones as verb

HEADINGS = [
    r"# Milestone (\d{4}): .+",
    r"## The Story",
    r"## The Code",
    r"## The Result",
    r"## Then and Now",
    r"## Things to Try",
    r"## Sources",
]


def prose(each):
    return "\n".join(cell.source for cell in each.cells if cell.kind == "markdown")


def test_every_claim_has_its_milestone_and_the_other_way_round():
    assert {claim.folder for claim in milestones.CLAIMS} == {
        slug(path) for path in parser.milestones()
    }


@EACH_MILESTONE
def test_the_parts_stand_in_order_and_nothing_else_does(each):
    found = headings(each)
    parts = [h for h in found if not h.startswith("### ")]
    assert len(parts) == len(HEADINGS)
    for heading, wanted in zip(parts, HEADINGS, strict=True):
        assert re.fullmatch(wanted, heading)
    assert re.fullmatch(HEADINGS[0], found[0])[1] == each.slug[:4]
    assert "**The result:**" in each.cells[0].source
    assert (each.number, each.module) == ("", "")


@EACH_MILESTONE
def test_ids_begin_with_the_year(each):
    prefix = f"m{each.slug[2:4]}-"
    assert all(cell.id.startswith(prefix) for cell in each.cells)


@EACH_MILESTONE
def test_it_is_short_and_fits_the_page(each):
    shown = [cell.published for cell in each.code] + [prose(each)]
    lines = [line for text in shown for line in text.splitlines() if line.strip()]
    assert len(lines) <= 300
    for cell in each.code:
        assert len(cell.source.splitlines()) <= 30, cell.id
        wide = [line for line in cell.source.splitlines() if len(line) > 88]
        assert not wide, f"{cell.id}: {wide}"
    assert not [line for line in prose(each).splitlines() if len(line) > 118]


@EACH_MILESTONE
def test_diagrams_are_even(each):
    for picture in re.findall(r"^```text\n(.*?)^```", prose(each), re.M | re.S):
        assert loose_end(picture.splitlines()) is None


@EACH_MILESTONE
def test_each_source_is_numbered_dated_and_cited(each):
    text, _, sources = prose(each).partition("## Sources")
    items = re.split(r"^\d+\. ", sources, flags=re.M)[1:]
    cited = {
        int(n) for group in re.findall(r"\[([\d, ]+)\]", text) for n in group.split(",")
    }
    assert cited == set(range(1, len(items) + 1))


@EACH_MILESTONE
def test_it_shows_a_picture_and_measures_what_it_costs(each):
    assert any("plot." in cell.source for cell in each.code if cell.role == "demo")
    assert any(cell.role == "measure" for cell in each.code)


@pytest.mark.chapters
@EACH_MILESTONE
def test_it_runs_as_a_script_with_warnings_as_errors(each):
    done = subprocess.run(
        [sys.executable, "-W", "error", str(each.path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.chapters
@pytest.mark.parametrize("claim", milestones.CLAIMS, ids=lambda claim: claim.label)
def test_the_claim_holds_with_one_seed(claim):
    shares = claim.run([0])
    assert claim.keeps(shares), f"{claim.label}: {shares[0]:.4f}, wanted {claim.bound}"


def test_a_missed_claim_is_told(monkeypatch, capsys):
    missed = milestones.Claim("1957_perceptron", "crisis", "XOR by a line", 1.0)
    monkeypatch.setattr(verb, "CLAIMS", [missed])
    assert verb.main() == 1
    assert "MISSED" in capsys.readouterr().out
    assert missed.keeps([0.5, 1.0, 1.0])
    upper = milestones.Claim("1957_perceptron", "crisis", "", 0.75, upper=True)
    assert upper.keeps([0.75, 0.5])
    assert not upper.keeps([0.5, 0.5, 1.0])
