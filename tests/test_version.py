"""The package's version is said in its code, and the citation has the same."""

import tomllib

import yaml

import tinytorch
from tools import ROOT


def test_the_package_and_the_citation_have_one_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" not in project["project"]
    assert "version" in project["project"]["dynamic"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == tinytorch.__version__
