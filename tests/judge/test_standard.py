"""Every chapter keeps to the standard of the author's guide: order, size, scaffold."""

import re
import unicodedata

import pytest
from book_chapters import EACH_CHAPTER
from prose import headings, loose_end

from tools.chapters import questions
from tools.judge.undisturbed import undisturbed

LONG = {"01", "05", "09", "13"}  # chapters that may reach 700 lines, not 500
HEADINGS = [
    r"# Module \d\d: .+",
    r"## Part 1: Mathematical Foundations",
    r"### Computational Complexity",
    r"### Testing .+",
    r"## Part 2: Systems Analysis",
    r"### Memory Profiling",
    r"## Part 3: Production Context",
    r"## 🤔 ML Systems Thinking",
    r"## 🎯 Module Summary",
]


@EACH_CHAPTER
def test_the_headings_stand_in_order(each):
    found, at = headings(each), -1
    for wanted in HEADINGS:
        rest = [i for i, h in enumerate(found) if i > at and re.fullmatch(wanted, h)]
        assert rest, f"no heading {wanted!r} after {found[at]!r}"
        at = rest[0]
    assert at == len(found) - 1, "the summary is always last"
    assert "**Learning Objectives:**" in each.cells[0].source


@EACH_CHAPTER
def test_the_chapter_is_not_too_long(each):
    """Lines with something on them, as a reader meets them.

    Solutions are aside, and so are questions to predict, which are exercises of a kind.
    """
    shown = [
        questions.without(cell.source) if cell.kind == "markdown" else cell.published
        for cell in each.cells
        if cell.role != "main"
    ]
    lines = sum(bool(line.strip()) for text in shown for line in text.splitlines())
    assert lines <= (700 if each.number in LONG else 500)
    assert len(each.exercises) <= 8


@EACH_CHAPTER
def test_no_cell_is_too_long(each):
    longer = 0
    for cell in each.code:
        lines = cell.source.splitlines()
        assert len(lines) <= 30, f"{cell.id}: {len(lines)} lines"
        wide = [line for line in lines if len(line) > 88]
        assert not wide, f"{cell.id}: {wide}"
        solution = len(cell.solution_lines)
        assert solution <= 25, f"{cell.id}: a solution of {solution} lines"
        longer += solution > 15
    assert longer <= 1, "only one solution of a chapter may have more than 15 lines"


@EACH_CHAPTER
def test_each_exercise_has_its_whole_scaffold(each):
    for cell in each.exercises:
        for part in ("TODO: ", "APPROACH:\n", "1. ", "EXAMPLE:\n", ">>> ", "HINT: "):
            assert part in cell.published, f"{cell.id} lacks {part!r}"


@pytest.mark.chapters
@EACH_CHAPTER
def test_each_exercise_is_followed_by_a_check_that_needs_it(each):
    code = each.code
    for at, cell in enumerate(code):
        if cell.role != "exercise":
            continue
        check = next(c for c in code[at + 1 : at + 3] if c.role == "check")
        assert check.id == f"{cell.id}-check"
        assert check is each.check_of(cell)
        namespace = {"__name__": "chapter"}
        with undisturbed():
            for earlier in code[:at]:
                exec(compile(earlier.executable, earlier.id, "exec"), namespace)
            with pytest.raises(NotImplementedError, match=cell.id):
                exec(compile(cell.published, cell.id, "exec"), namespace)
                exec(compile(check.published, check.id, "exec"), namespace)


@EACH_CHAPTER
def test_no_check_ends_on_a_bare_value(each):
    for cell in each.code:
        if cell.role == "check":
            assert re.fullmatch(r"test_\w+\(\)", cell.executable.splitlines()[-1])


@EACH_CHAPTER
def test_answers_to_the_questions_are_folded(each):
    questions = next(c for c in each.cells if "ML Systems Thinking" in c.source)
    asked = re.findall(r"^\*\*\d\.\*\*", questions.source, re.M)
    assert len(asked) == questions.source.count(":::{dropdown} Answer") >= 3


@EACH_CHAPTER
def test_the_columns_of_a_diagram_are_even(each):
    """A box is as wide at its foot as at its head, and every character is one wide."""
    for cell in each.cells:
        for picture in re.findall(r"^```text\n(.*?)^```", cell.source, re.M | re.S):
            for line in picture.splitlines():
                widths = {unicodedata.east_asian_width(c) for c in line}
                assert not widths & {"W", "F"}, line
            problem = loose_end(picture.splitlines())
            assert problem is None, f"{cell.id}: {problem}"


def test_a_crooked_box_is_found():
    assert loose_end(["┌──┐", "│  │", "└──┘"]) is None
    assert loose_end(["┌──┐", "│   │", "└──┘"]) is not None
    assert loose_end(["┌──┐", "│  │", "└───┘"]) is not None
