"""Every check notices wrong solutions: the visible part most, the whole all of them."""

import pytest
from book_chapters import EACH_CHAPTER, exercise_ids

from tools.chapters import parser
from tools.judge.mutants import KINDS, caught, mutants

pytestmark = pytest.mark.chapters
EXERCISES = [(path, name) for path in parser.paths() for name in exercise_ids(path)]
EACH = pytest.mark.parametrize(
    ("each", "name"), EXERCISES, ids=[name for _, name in EXERCISES], indirect=["each"]
)


@pytest.fixture
def cell(each, name):
    """The exercise of this name in the chapter."""
    return each.cell(name)


# Kinds that an exercise has no room for, with the reason.
NONE_OF_A_KIND = {
    "01-tensor-init": {
        "input": "__init__ returns nothing",
        "shape": "__init__ returns nothing",
    },
    "03-linear-init": {
        "input": "__init__ returns nothing",
        "shape": "__init__ returns nothing",
    },
    "05-send-back": {"input": "it returns nothing", "shape": "it returns nothing"},
    **{
        f"06-{name}": dict.fromkeys(("input", "shape"), "it changes what it is given")
        for name in ("descend", "step", "sgd", "adam", "adamw")
    },
    "07-write": dict.fromkeys(("input", "shape"), "it writes a file"),
    "03-parameters": {"sign": "it collects, and neither computes nor compares"},
    "08-collate": {"sign": "it regroups, and neither computes nor compares"},
    "08-loader-iter": {
        "input": "a generator returns nothing",
        "shape": "a generator returns nothing",
        "sign": "it passes on, and neither computes nor compares",
    },
}


@EACH_CHAPTER
def test_no_exercise_is_left_out(each):
    tried = [name for path, name in EXERCISES if path == each.path]
    assert tried == [cell.id for cell in each.exercises]


@EACH
def test_the_published_solution_passes(each, cell):
    assert not caught(each, cell, cell.solved, whole=True)


@EACH
def test_each_kind_of_wrong_solution_is_made_or_its_absence_explained(each, cell):
    missing = set(KINDS) - set(mutants(cell))
    assert missing == set(NONE_OF_A_KIND.get(cell.id, {}))


@EACH
def test_wrong_solutions_are_caught(each, cell):
    wrong = mutants(cell)
    seen = {kind: caught(each, cell, text, False) for kind, text in wrong.items()}
    assert sum(seen.values()) >= 0.8 * len(seen), f"the visible check misses: {seen}"
    for kind, text in wrong.items():
        assert caught(each, cell, text, whole=True), f"{kind} passes:\n{text}"
