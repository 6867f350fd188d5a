"""`make release`: what it writes, what it refuses, and that no solution is in it."""

import json

import nbformat
import pytest
from classroom import parsed

from tools.chapters import parser
from tools.chapters.cells import HIDDEN, SOLUTION
from tools.course.course import Course, CourseError
from tools.course.release import proof, rehearsal, release, source
from tools.forms import notebooks

HEADER = """\
# %% [markdown]
r\"\"\"
# Module 01: Doubling
\"\"\"

# %% [code] {"tags": ["setup"], "nbgrader": {"grade_id": "01-imports"}}
#| default_exp core.tensor
#| export
from tinytorch.utils.check import expect

# %% [code] {"nbgrader": {EXERCISE}}
#| export
def double(x):
    \"\"\"Twice x.\"\"\"
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% [code] {"nbgrader": {CHECK}}
def test_double():
    \"\"\"A case.\"\"\"
BODY
    ### BEGIN HIDDEN TESTS
    expect("double(8)", double(8), 16)
    ### END HIDDEN TESTS


test_double()
"""
EXERCISE = '"grade": false, "solution": true, "grade_id": "01-double"'
CHECK = (
    '"grade": true, "locked": true, "solution": false, "points": 2, '
    '"grade_id": "01-double-check"'
)
BODY = '    expect("double(2)", double(2), 4)'


def text(exercise=EXERCISE, check=CHECK, body=BODY):
    """Return a module file of one exercise and one check."""
    made = HEADER.replace("{EXERCISE}", "{" + exercise + "}")
    return made.replace("{CHECK}", "{" + check + "}").replace("BODY", body)


def rehearsed(module):
    """Parse and rehearse a module file."""
    made = parser.parse(module)
    rehearsal.rehearse(made, source.source(made))


def test_a_sound_chapter_is_rehearsed_without_a_word():
    rehearsed(text())


@pytest.mark.parametrize(
    ("module", "cell", "words"),
    [
        (text() + '\n# %% [code] {"nbgrader": {' + EXERCISE + "}}\n"
         "### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n", "01-double", "on two cells"),
        (text().replace("### BEGIN SOLUTION", "### BEGIN HIDDEN TESTS").replace(
            "### END SOLUTION", "### END HIDDEN TESTS"), "01-double", "SOLUTION"),
        (text(exercise=EXERCISE.replace("false", "true")), "01-double", "together"),
        (text().replace("    ### BEGIN SOLUTION\n", "").replace(
            "    ### END SOLUTION\n", ""), "01-double", "### BEGIN SOLUTION"),
        (text(check=CHECK.replace('"points": 2, ', "")), "01-double-check", "points"),
        (text(body=BODY + "\n    import sys; sys.stderr.write('so')"),
         "01-double-check", "stderr"),
        (text(body=BODY + "\n    import warnings; warnings.warn('old')"),
         "01-double-check", "warns"),
        (text() + "1.0\n", "01-double-check", "ends on a value"),
        (text(body="    expect('one', 1, 1)").replace("double(8), 16", "1, 1"),
         "01-double-check", "bare stub"),
        (text(body=BODY.replace("4", "5")), "01-double-check", "expected 5, got 4"),
        (text().replace("16", "17"), "01-double-check", "hidden test fails"),
    ],
    ids=["id", "hidden", "together", "markers", "points", "stderr", "warning", "number",
         "free", "wrong", "wrong-hidden"],
)  # fmt: skip
def test_what_would_be_graded_wrongly_is_refused_and_its_cell_named(
    module, cell, words
):
    with pytest.raises((CourseError, parser.ChapterError)) as caught:
        rehearsed(module)
    assert f"'{cell}'" in str(caught.value) and words in str(caught.value)


def test_hidden_tests_in_a_cell_that_is_shown_are_refused():
    demo = '\n# %% [code] {"tags": ["demo"], "nbgrader": {"grade_id": "01-show"}}\n'
    hidden = "### BEGIN HIDDEN TESTS\nassert True\n### END HIDDEN TESTS\n"
    with pytest.raises(parser.ChapterError, match="'01-show': hidden tests belong"):
        rehearsed(text() + demo + hidden)


@pytest.fixture(scope="module")
def room(new_class, tmp_path_factory):
    """A class with chapter 03 and a hidden test of its own."""
    hidden = tmp_path_factory.mktemp("hidden")
    path = hidden / "03-linear-check.py"
    path.write_text('expect_tensor("secret", linear(x[:1], weight, bias), [[8, 27]])\n')
    return new_class("03", hidden=hidden)


def test_the_release_is_the_student_notebook(room):
    released = room.untouched("03")
    student = notebooks.student(room.chapters["03"])
    assert [(c.id, c.source) for c in released.cells] == [
        (c.id, c.source) for c in student.cells
    ]
    nbformat.validate(released)
    check = next(c for c in released.cells if c.id == "03-linear-check")
    assert check.metadata.editable is False and check.metadata.nbgrader.points == 2


def test_the_source_holds_the_courses_own_hidden_tests(room):
    path = room.course.source("03_layers")
    cells = {c.id: c.source for c in nbformat.read(path, as_version=4).cells}
    assert '    expect_tensor("secret"' in cells["03-linear-check"]
    assert "bias, afterwards" not in cells["03-linear-check"]  # it was the book's
    assert "### BEGIN HIDDEN TESTS" in cells["03-initial-weight-check"]
    assert "secret" not in room.course.release("03_layers").read_text()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("03-lnear-check.py", "x = 1", "named after their check"),
        ("03-linear-check.py", "x = = 1", "line 1"),
        ("03-linear-check.py", "### BEGIN HIDDEN TESTS", "leave them out"),
    ],
)
def test_hidden_tests_that_fit_nowhere_are_refused(tmp_path, name, content, words):
    (tmp_path / name).write_text(content)
    with pytest.raises(CourseError) as caught:
        source.with_hidden(parsed("03")[0], tmp_path)
    assert words in str(caught.value) and name in str(caught.value)


def test_hidden_tests_that_fail_on_the_solution_are_refused(tmp_path):
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "03-linear-check.py").write_text("assert False, 'too strict'")
    with pytest.raises(CourseError, match="'03-linear-check'.*too strict"):
        release.release(Course(tmp_path / "c"), parsed("03")[0], hidden)
    assert not (tmp_path / "c" / "release").exists()


@pytest.mark.parametrize("place", ["solution", "hidden", "output", "cell"])
def test_the_proof_finds_what_was_planted(room, place):
    """A line of a solution or of a hidden test, an output, a cell too many."""
    chapter, notebook = room.chapters["03"], room.untouched("03")
    proof.prove(chapter, notebook, nbformat.writes(notebook))
    cell = next(c for c in notebook.cells if c.id == "03-linear")
    if place == "output":
        cell.outputs = [nbformat.v4.new_output("stream", text="2")]
    elif place == "cell":
        notebook.cells.append(nbformat.v4.new_code_cell("x"))
    else:
        block = SOLUTION if place == "solution" else HIDDEN
        text = "\n".join(c.source for c in chapter.code)
        line = max(block.search(text)[2].splitlines(), key=len)
        cell.source += "\n" + line
    with pytest.raises(CourseError, match="nothing was released"):
        proof.prove(chapter, notebook, nbformat.writes(notebook))


def test_no_line_of_a_solution_or_hidden_test_is_in_any_release(room):
    """Read anew from the file, by a way that shares nothing with the proof."""
    text = room.course.release("03_layers").read_text(encoding="utf-8")
    module = room.chapters["03"].path.read_text(encoding="utf-8").splitlines()
    inside, secret, public = False, [], []
    for line in module:
        if "### BEGIN" in line or "### END" in line:
            inside = "### BEGIN" in line
        else:
            (secret if inside else public).append(line.strip())
    lines = {line for line in secret if len(line) > 3} - set(public)
    assert len(lines) > 20
    assert [line for line in lines if json.dumps(line)[1:-1] in text] == []
