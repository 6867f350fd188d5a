"""The table of scripts and style sheets names all there are, and who adds each."""

import importlib

import pytest
import yaml

from tools import ROOT
from tools.forms.page import assets

STATIC = ROOT / "book" / "_static"


class Pages:
    """Stands for Sphinx: notes the files that are added to a page."""

    def __init__(self):
        self.added = []

    def add_js_file(self, name, type):  # noqa: A002 (Sphinx's name)
        assert type == "module"
        self.added.append(name)

    def add_css_file(self, name):
        self.added.append(name)


def added_by(place):
    return [asset.file for asset in assets.TABLE if asset.added_by == place]


def test_every_entry_point_and_every_sheet_is_in_the_table():
    listed = {asset.file for asset in assets.TABLE}
    scripts = {f"live/{path.name}" for path in STATIC.joinpath("live").glob("*.js")}
    sheets = {f"css/{path.name}" for path in STATIC.joinpath("css").glob("*.css")}
    assert listed == scripts | sheets
    assert len(scripts) == 4


def test_the_sheets_of_the_configuration_are_those_of_the_table():
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert config["sphinx"]["config"]["html_css_files"] == added_by("_config.yml")


@pytest.mark.parametrize("asset", assets.TABLE, ids=lambda asset: asset.file)
def test_the_named_file_adds_the_asset(asset):
    if asset.added_by.startswith("tools."):
        module = importlib.import_module(asset.added_by)
        pages = Pages()
        assets.add(pages, module.__name__)
        assert asset.file in pages.added
        assert "assets.add(app, __name__)" in (
            ROOT / f"{asset.added_by.replace('.', '/')}.py"
        ).read_text(encoding="utf-8")
    else:
        assert asset.file in (ROOT / asset.added_by).read_text(encoding="utf-8")
