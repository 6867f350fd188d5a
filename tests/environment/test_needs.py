"""Every verb has its extras, its module and its target of make."""

import re

from tools import ROOT
from tools.environment import needs


def test_every_verb_has_its_extras_and_its_target() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for verb, extras in needs.EXTRAS.items():
        module = ROOT / "tools" / "verbs" / verb.replace("-", "_")
        assert module.with_suffix(".py").exists()
        assert all(re.search(rf"(?m)^{extra} = \[", project) for extra in extras)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"(?m)^(serve .*):$", makefile)
    assert [each.split() for each in targets] == [list(needs.EXTRAS)]


def test_serving_brings_only_what_the_book_needs() -> None:
    assert needs.EXTRAS["serve"] == ("book",)
    assert "test" in needs.EXTRAS["test"]
