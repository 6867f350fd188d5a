"""Students' code as plain files: all of theirs, nothing that was handed out."""

import ast

import nbformat
import pytest
from classroom import put

from tools.course import plain
from tools.course.course import CourseError
from tools.verbs import submissions


@pytest.fixture(scope="module")
def room(new_class):
    """A class with chapter 02, and work of several kinds."""
    room = new_class("02")
    own = put(
        room.untouched("02"), "02-relu-scalar", "def relu_scalar(x):\n    return 7"
    )
    own.cells.append(nbformat.v4.new_code_cell("%timeit 1\nmine = 'own cell'"))
    room.hand_in("ada", "02", own)
    room.hand_in("solved", "02", room.solved("02"))
    room.hand_in("untouched", "02", room.untouched("02"))
    room.path("broken", "02").write_text("no notebook", encoding="utf-8")
    return room


def test_a_file_holds_what_a_student_wrote_and_no_more(room):
    folder, written, left_out = plain.write(room.course, room.chapters["02"])
    assert written == 2
    assert sorted(path.name for path in folder.iterdir()) == ["ada.py", "solved.py"]
    text = (folder / "ada.py").read_text(encoding="utf-8")
    assert text.startswith("# %% 02-relu-scalar\ndef relu_scalar(x):\n    return 7\n")
    assert text.endswith("\n# %timeit 1\nmine = 'own cell'\n")
    assert text.count("# %% ") == 2
    assert left_out["untouched"] == "nothing in it was changed"
    assert left_out["broken"].startswith("it is no notebook")


def test_every_file_is_python_and_the_given_holds_no_solution(room):
    folder, *_ = plain.write(room.course, room.chapters["02"])
    for path in (*folder.iterdir(), *folder.parent.glob("*.py")):
        ast.parse(path.read_text(encoding="utf-8"))
    given = (folder.parent / "given.py").read_text(encoding="utf-8")
    published = (folder.parent / "published.py").read_text(encoding="utf-8")
    for cell in room.chapters["02"].exercises:
        assert all(line in published for line in cell.solution_lines)
    relu = room.chapters["02"].cell("02-relu").solution_lines
    assert not any(line.strip() in given for line in relu)


def test_a_file_of_somebody_who_took_the_work_back_goes(room):
    folder, *_ = plain.write(room.course, room.chapters["02"])
    room.hand_in("ada", "02", room.untouched("02"))
    plain.write(room.course, room.chapters["02"])
    assert not (folder / "ada.py").exists()


def test_a_chapter_that_was_not_released_is_named(room, monkeypatch):
    monkeypatch.setenv("COURSE", str(room.course.root))
    monkeypatch.setenv("CH", "03")
    assert submissions.main().startswith("submissions: 03_layers has not been released")
    with pytest.raises(CourseError, match="STUDENT=nobody"):
        plain.write(room.course, room.chapters["02"], only="nobody")
