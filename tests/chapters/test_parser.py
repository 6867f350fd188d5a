"""The parser: what it reads, and what it refuses."""

import json

import pytest

from tinytorch.own.module_source import check_id, exercise_id
from tools.chapters.cells import stub_line
from tools.chapters.parser import ChapterError, parse, without_answers

TITLE = '# %% [markdown]\nr"""\n# Module 01: Tensor\n"""\n'
EXERCISE = '''\
#| export
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
'''
CHECK = """\
def test_double():
    assert double(2) == 4
    ### BEGIN HIDDEN TESTS
    assert double(0) == 0
    ### END HIDDEN TESTS


test_double()
"""


def code(source, **metadata):
    """Return a code cell as it stands in a module file."""
    return f"\n# %% [code] {json.dumps(metadata)}\n{source}"


def exercise(source=EXERCISE, grade_id="01-double", **more):
    header = {"grade": False, "solution": True, "grade_id": grade_id, **more}
    return code(source, nbgrader=header)


def check(source=CHECK, grade_id="01-double-check", **more):
    header = {"grade": True, "locked": True, "points": 2, "grade_id": grade_id, **more}
    return code(source, nbgrader=header)


def chapter_of(*cells):
    setup = code(
        "#| default_exp core.tensor\nimport math\n",
        tags=["setup"],
        nbgrader={"grade_id": "01-imports"},
    )
    return parse(TITLE + setup + "".join(cells))


def test_roles_ids_and_points():
    chapter = chapter_of(exercise(), check())
    assert [(cell.id, cell.role, cell.points) for cell in chapter.code] == [
        ("01-imports", "setup", 0),
        ("01-double", "exercise", 0),
        ("01-double-check", "check", 2),
    ]
    assert (chapter.number, chapter.title) == ("01", "Tensor")
    assert chapter.module == "core.tensor"
    assert chapter.cell("01-double").exported
    assert not chapter.cell("01-imports").exported


def test_the_stub_keeps_what_stands_outside_the_solution():
    stub = chapter_of(exercise()).cell("01-double").published
    assert stub == (
        'def double(x):\n    """Twice x."""\n'
        '    raise NotImplementedError("01-double: replace this line with your code")'
    )


def test_solved_and_executable_texts_have_no_markers():
    chapter = chapter_of(exercise(), check())
    solved = chapter.cell("01-double").solved
    assert solved.endswith('"""Twice x."""\n    return 2 * x')
    assert "###" not in chapter.cell("01-double-check").executable


def test_hidden_tests_run_but_are_not_published():
    cell = chapter_of(check()).cell("01-double-check")
    assert "double(0)" in cell.executable
    assert "double(0)" not in cell.published
    assert "double(2)" in cell.published


def test_directive_lines_are_in_no_text_that_is_handed_on():
    cell = chapter_of(exercise()).cell("01-double")
    for text in (cell.marked, cell.executable, cell.published, cell.solved):
        assert text.startswith("def double") and "#|" not in text
    assert "### BEGIN SOLUTION" in cell.marked


def test_the_names_a_chapter_exports_are_read():
    header = {"tags": ["setup"], "nbgrader": {"grade_id": "01-imports"}}
    lines = "#| default_exp core.tensor\n#| names Tensor add\n#| names mul\nimport math"
    chapter = parse(TITLE + code(lines, **header))
    assert chapter.names == ("Tensor", "add", "mul")
    assert chapter.cell("01-imports").published == "import math"
    assert parse(TITLE).names == chapter_of().names == ()


def test_names_without_a_module_are_refused():
    header = {"tags": ["setup"], "nbgrader": {"grade_id": "01-imports"}}
    with pytest.raises(ChapterError, match="default_exp"):
        parse(TITLE + code("#| names Tensor\n", **header))


def test_an_exercise_and_its_check_know_one_another():
    chapter = chapter_of(exercise(), check())
    (cell,) = chapter.exercises
    assert chapter.check_of(cell) is chapter.cell("01-double-check")
    assert check_id("01-double") == "01-double-check"
    assert exercise_id("01-double-check") == exercise_id("01-double") == "01-double"
    with pytest.raises(KeyError, match="no cell '01-double-check'"):
        chapter_of(exercise()).check_of(cell)


def test_the_stub_line_names_its_exercise():
    with pytest.raises(NotImplementedError, match="^01-double: replace this line"):
        exec(stub_line("01-double"))


def test_answers_are_dropped_whole():
    text = "Why?\n\n:::{dropdown} Answer\nBecause.\n:::\n\nNext.\n"
    assert without_answers(text) == "Why?\n\n\nNext.\n"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([exercise(), exercise()], "stands on two cells"),
        ([exercise("def f():\n    pass\n")], "BEGIN SOLUTION"),
        ([exercise(grade=True)], "graded by hand"),
        ([exercise(EXERCISE.replace("    ### END SOLUTION\n", ""))], "SOLUTION"),
        ([check(points=0)], '"points"'),
        ([check(CHECK.replace("    ### END HIDDEN TESTS\n", ""))], "no partner"),
        ([exercise(grade_id="02-double")], "start with the chapter's number"),
        ([exercise(grade_id="double it")], "no id"),
        ([code("x = 1\n")], "has one"),
        ([code(CHECK, tags=["demo"], nbgrader={"grade_id": "01-a"})], "hidden tests"),
        ([code(EXERCISE, tags=["demo"], nbgrader={"grade_id": "01-a"})], "outside"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_name(cells, message):
    with pytest.raises(ChapterError, match=message):
        chapter_of(*cells)


def test_exports_without_a_module_are_refused():
    with pytest.raises(ChapterError, match="default_exp"):
        parse(TITLE + exercise())


def test_a_file_without_a_title_is_refused():
    with pytest.raises(ChapterError, match="title"):
        parse(code("x = 1\n", tags=["demo"], nbgrader={"grade_id": "01-a"}))


PLAIN = EXERCISE.removeprefix("#| export\n")


def test_hints_come_from_the_docstring_hint_first_then_each_step():
    source = PLAIN.replace(
        '"""Twice x."""',
        """'''Twice x.

    TODO: double it.

    APPROACH:
    1. Take x.
    2. Multiply
       by two.

    EXAMPLE:
    >>> double(2)
    4

    HINT: * is the sign.
    '''""",
    )
    (cell,) = parse(TITLE + exercise(source) + check()).exercises
    assert cell.hints == ["* is the sign.", "Take x.", "Multiply by two."]


def test_no_docstring_no_hints():
    (cell,) = parse(
        TITLE + exercise(PLAIN.replace('    """Twice x."""\n', "")) + check()
    ).exercises
    assert cell.hints == []
