"""What the pages of the built site tell the runtime of the readers' own modules."""

import json

from book_chapters import NUMBERED

from tinytorch.own.module_source import fingerprint
from tools import ROOT


def test_a_page_is_told_of_the_modules_before_it_with_the_package_s_marks(site):
    for number, path in NUMBERED.items():
        page = site / path.relative_to(ROOT).with_suffix(".html")
        if not page.exists():
            continue  # a chapter that is not in the table of contents yet
        text = page.read_text(encoding="utf-8")
        data = json.loads(text.split('id="chapter-data">')[1].split("</script>")[0])
        own, before = data["framework"]["own"], data["framework"]["before"]
        assert own["number"] == number
        assert [one["number"] for one in before] == [n for n in NUMBERED if n < number]
        assert own["page"] == "#"
        for one in [own, *before]:
            module = ROOT.joinpath("tinytorch", *one["module"].split("."))
            published = module.with_suffix(".py").read_text(encoding="utf-8")
            assert one["hash"] == fingerprint(published)
            assert one["exercises"]
        for one in before:
            assert not one["page"] or page.parent.joinpath(one["page"]).exists()
        exported = [cell["id"] for cell in data["cells"] if cell["export"]]
        assert set(own["exercises"]) <= set(exported)
