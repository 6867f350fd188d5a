"""The scaffolding report: chapters meet the targets, and a worse one scores less."""

import re

import pytest
from book_chapters import slug

from tools.chapters import parser, questions
from tools.judge import report
from tools.judge.analyses import analyses
from tools.judge.reading_load import concepts, load_of
from tools.judge.score import analyze

pytestmark = pytest.mark.chapters  # each mutant runs a chapter up to its check
FIRST = parser.paths()[0]
PARTS = {
    "TODO": r"^    TODO:.*\n",
    "APPROACH": r"^    APPROACH:\n(?:    +\S.*\n)+",
    "EXAMPLE": r"^    EXAMPLE:\n(?:    +\S.*\n)+",
    "HINT": r"^    HINT:.*\n",
}


def without(text, *parts, count=0):
    """Return a module's text without these parts of its exercises' docstrings."""
    for part in parts:
        text, found = re.subn(PARTS[part], "", text, count=count, flags=re.M)
        assert found
    return text


def analysis_of(text):
    return analyze(parser.parse(text, FIRST))


@pytest.fixture(scope="module")
def text():
    return FIRST.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found():
    """The analysis of every chapter, by its slug."""
    return {each.slug: each for each in analyses()}


@pytest.mark.parametrize("name", [slug(path) for path in parser.paths()])
def test_every_chapter_meets_the_targets(name, found):
    assert found[name].missed == []


def test_a_chapter_stripped_of_guidance_scores_at_most_2(text):
    bare = analysis_of(without(text, *PARTS))
    assert bare.score <= 2
    assert any("score" in words for words in bare.missed)


@pytest.mark.parametrize("part", PARTS)
def test_dropping_one_part_of_one_exercise_lowers_the_score(part, text):
    less = analysis_of(without(text, part, count=1))
    assert less.score < analysis_of(text).score


def test_dropping_a_check_lowers_the_score(text):
    header = re.search(r"^# %% .*01-tensor-add-check.*$", text, re.M)
    end = text.index("# %%", header.end())
    less = analysis_of(text[: header.start()] + text[end:])
    assert less.score < analysis_of(text).score


def test_a_chapter_that_asks_nothing_is_told(text):
    assert analysis_of(text).questions >= 3
    silent = analysis_of(questions.without(text))
    assert any("0 questions to predict" in words for words in silent.missed)
    assert silent.score == analysis_of(text).score


def test_prose_and_long_docstrings_never_lower_the_score(text):
    more = text.replace(
        "    TODO:", "    " + "More to read.\n    " * 40 + "\n    TODO:"
    )
    more = more.replace("## Arithmetic", "Prose.\n\n" * 60 + "## Arithmetic")
    assert analysis_of(more).score == analysis_of(text).score


def test_a_cliff_is_flagged(text):
    steep = "\n".join(
        f"    {'  ' * depth}for x{depth} in range(3):" for depth in range(4)
    )
    steep += "".join(f"\n            y{i} = x{i % 4} + {i}" for i in range(12))
    steep = steep.replace("            ", " " * 12)
    first = text.index("    ### BEGIN SOLUTION\n") + len("    ### BEGIN SOLUTION\n")
    found = analysis_of(text[:first] + steep + "\n" + text[first:])
    assert found.cliffs == ["01-tensor-init"]
    assert any("cliff" in words for words in found.missed)
    assert found.score < analysis_of(text).score
    assert "cliff" in report.as_text(found)


def test_the_load_of_code():
    load = load_of("if a and b:\n    for x in y:\n        z = [i for i in x]\nreturn z")
    assert (load.lines, load.complexity, load.nesting) == (4, 5, 3)
    assert load.high
    assert not load_of('"""A docstring.\n\nOf some length."""\nx = 1').high
    chained = load_of("if a:\n    x = 1\nelif b:\n    x = 2\nelif c:\n    x = 3")
    assert chained.nesting == 1


def test_concepts_are_names_defined_and_library_calls():
    code = "def f(x):\n    def g():\n        pass\n    return np.exp(x).sum() + h(x)"
    assert concepts(code, {"np"}) == {"f", "np.exp"}
    assert concepts("class A:\n    def b(self):\n        pass", set()) == {"A"}


def test_the_report_shows_each_exercise(found):
    assert [*found] == [slug(path) for path in parser.paths()]
    for each in found.values():
        text, page = report.as_text(each), report.as_html(each)
        for cell in each.exercises:
            assert cell.id in text
            assert cell.id in page
        assert page.count("<rect") == len(each.exercises)
