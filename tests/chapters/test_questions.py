"""Questions to answer before a cell is run: their form, and that they are true."""

import contextlib
import io

import pytest
from book_chapters import EACH_CHAPTER

from tools.chapters import questions
from tools.forms import notebooks
from tools.judge.score import ASKING, LEAST_QUESTIONS
from tools.judge.undisturbed import undisturbed

BLOCK = """\
Before.

:::{predict} What shape has `x[:, 1]`,
with `x` of shape (2, 3)?
:shows: shape: {}
- [ ] `(2, 1)`: a slice would keep the axis,
  a number does not.
- [x] `(2,)`: one number for each row.
:::

After.
"""


def asked(each):
    """The questions of a chapter, each with the code cell that comes next."""
    waiting, found = [], []
    for cell in each.cells:
        if cell.kind == "markdown":
            waiting += questions.questions(cell.source)
        else:
            found += [(question, cell) for question in waiting]
            waiting = []
    assert not waiting, "a question stands where no cell follows"
    return found


def test_a_block_is_read():
    (question,) = questions.questions(BLOCK)
    assert question.text == "What shape has `x[:, 1]`, with `x` of shape (2, 3)?"
    assert question.shows == "shape: {}"
    assert [choice.text for choice in question.choices] == ["`(2, 1)`", "`(2,)`"]
    assert question.right.reason == "one number for each row."
    wrong = question.choices[0].reason
    assert wrong == "a slice would keep the axis, a number does not."


def test_a_colon_inside_of_code_ends_no_choice():
    question = questions.parse("?", "- [x] `a: b` or so: why\n- [ ] c: d\n")
    assert question.right.text == "`a: b` or so"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("- [x] a: why\n", "at least two choices"),
        ("- [ ] a: why\n- [ ] b: why\n", "exactly one choice is right"),
        ("- [x] a: why\n- [x] b: why\n", "exactly one choice is right"),
        ("- [x] a\n- [ ] b: why\n", "no reason"),
        ("- [x] `a: b`\n- [ ] b: why\n", "no reason"),
    ],
)
def test_a_question_that_is_not_whole_is_refused(body, told):
    with pytest.raises(questions.QuestionError, match=told):
        questions.parse("What comes?", body)


def test_what_an_output_shows():
    body = "- [x] `[1., 2.]`, as it was: why\n- [ ] `2.5`: why\n- [ ] an error: why\n"
    question = questions.parse("?", ":shows: x … {}\n" + body)
    right, number, words = question.choices
    assert question.shown(right, "y\nx is    [ 1. , 2. ]\n"), "spaces do not matter"
    assert not question.shown(right, "x\n[1., 2.]"), "they stand on one line"
    assert not question.shown(number, "x 12.5, 2.51, -2.5")
    assert question.shown(number, "x 2.5")
    assert not question.shown(words, "x 2.5")


def test_questions_are_no_prose_and_fold_in_notebooks():
    assert questions.without(BLOCK) == "Before.\n\n\nAfter.\n"
    text = questions.for_notebooks(BLOCK)
    assert "{predict}" not in text and ":shows:" not in text and "[x]" not in text
    question, answer = text.split("<details>")
    assert "**Predict, then run.** What shape has" in question
    assert "- `(2,)`\n" in question and "each row" not in question
    assert "- `(2,)`. **Right:** one number for each row.\n" in answer


@EACH_CHAPTER
def test_a_chapter_asks_at_least_three_times(each):
    questions = [question for question, _ in asked(each)]
    assert len(questions) >= (LEAST_QUESTIONS if each.number in ASKING else 0)
    places = {question.choices.index(question.right) for question in questions}
    assert len(places) != 1, "the right choice always stands at the same place"


@pytest.mark.chapters
@EACH_CHAPTER
@undisturbed()
def test_what_is_called_right_is_shown_by_the_next_cell(each):
    """And no wrong choice is: mark another one as right, and this fails."""
    questions, namespace = asked(each), {"__name__": "chapter"}
    for cell in each.code:
        here = [question for question, following in questions if following is cell]
        if cell.role == "main":
            break
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(cell.executable, cell.id, "exec"), namespace)
        for question in here:
            assert cell.role == "demo", f"{question.text}: {cell.id} is no demo"
            for choice in question.choices:
                shown = question.shown(choice, output.getvalue())
                assert shown == choice.right, f"{cell.id}: {choice.text}"


@EACH_CHAPTER
def test_notebooks_hold_the_questions_as_plain_markdown(each):
    wanted = len(asked(each))
    for kind in (notebooks.student, notebooks.solution):
        cells = kind(each).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        assert text.count("**Predict, then run.**") == wanted
        assert "{predict}" not in text
