"""The package that is made of the chapters."""

from tools import ROOT
from tools.chapters import parser
from tools.forms import package


def test_there_are_chapters():
    assert parser.paths()


def test_the_package_is_up_to_date():
    assert [path.name for path, _ in package.stale()] == []


def test_the_check_notices_a_changed_package(monkeypatch, tmp_path):
    path, text = package.render(parser.read(parser.paths()[0]))
    changed = tmp_path / path.name
    changed.write_text(text + "\n", encoding="utf-8")
    monkeypatch.setattr(package, "render", lambda _: (changed, text))
    assert changed in [path for path, _ in package.stale()]


def test_the_check_notices_a_changed_table_of_names(monkeypatch, tmp_path):
    changed = tmp_path / "names.py"
    changed.write_text("NAMES = {}\n", encoding="utf-8")
    monkeypatch.setattr(package, "TABLE", changed)
    ((path, text),) = package.stale()
    assert path == changed
    assert text.split("\n")[0].startswith('"""Generated from')
    table = {}
    exec(text, table)
    chapters = [parser.read(path) for path in parser.paths()]
    assert [*table["NAMES"].items()] == [
        (each.module.removeprefix("core."), each.names) for each in chapters
    ]


def test_the_package_holds_no_machinery():
    for path in (ROOT / "tinytorch").rglob("*.py"):
        if path.name == "assemble.py":  # it must name what it removes
            continue
        text = path.read_text(encoding="utf-8")
        for word in ("TODO", "APPROACH", "HINT", "### ", "#|", "hasattr"):
            assert word not in text, f"{path} holds {word}"
