"""A file is written whole or not at all."""

import errno
from pathlib import Path

import pytest

from tinytorch.utils.files import write_whole


def test_texts_and_bytes_are_written_as_they_are(tmp_path):
    path = tmp_path / "a.csv"
    write_whole(path, "größer\n1,2\r\n")
    assert path.read_bytes() == "größer\n1,2\r\n".encode()
    write_whole(str(path), b"\x00\xff")
    assert path.read_bytes() == b"\x00\xff"
    assert list(tmp_path.iterdir()) == [path]


def fails_midway(path, data):
    """Stand in for Path.write_bytes on a disk that fills up."""
    with path.open("wb") as file:
        file.write(data[: len(data) // 2])
    raise OSError(errno.ENOSPC, "No space left on device")


def interrupted(path, data):
    """Stand in for Path.write_bytes during which Ctrl-C is pressed."""
    with path.open("wb") as file:
        file.write(data[:1])
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("write", "error"), [(fails_midway, OSError), (interrupted, KeyboardInterrupt)]
)
def test_an_error_midway_leaves_the_old_file_and_nothing_else(
    tmp_path, monkeypatch, write, error
):
    path = tmp_path / "kept.json"
    write_whole(path, "old")
    monkeypatch.setattr(Path, "write_bytes", write)
    with pytest.raises(error):
        write_whole(path, "something new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_take_the_place_of_the_target_is_removed(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OSError):
        write_whole(folder, "a file is no folder")
    assert list(tmp_path.iterdir()) == [folder]


def test_a_text_that_is_no_utf_8_leaves_the_old_file(tmp_path):
    path = tmp_path / "kept.txt"
    write_whole(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\udcff")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_partial_file_that_a_killed_process_left_is_no_hindrance(tmp_path):
    (tmp_path / "a.txt.partial").write_text("half")
    write_whole(tmp_path / "a.txt", "whole")
    assert (tmp_path / "a.txt").read_text() == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
