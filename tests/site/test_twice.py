"""The book is built to the same bytes each time, but for outputs that are measured.

In a file of its own, so that a run with several processes builds both sites at once.
"""

import filecmp
import re

from built_site import chapter_pages

from tools.site import build


def tree(folder):
    """Return the relative paths of all files below a folder."""
    return sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())


def without_measures(text, parsed):
    """Blank the outputs of measure cells, which differ from run to run."""
    for cell in parsed.code:
        if cell.role == "measure":
            text = re.sub(
                rf'(data-cell-id="{cell.id}".*?<div data-part="output">).*?'
                r"(?=data-cell-id|</section>)",
                r"\1",
                text,
                flags=re.S,
            )
    return text


def test_the_book_builds_to_the_same_tree_twice(engine, tmp_path, request):
    again = build.build(tmp_path)
    # Asked for only now: another process of the tests may have built it meanwhile.
    site = request.getfixturevalue("site")
    assert tree(again) == tree(site)
    measured = {path: parsed for parsed, path in chapter_pages(site)}
    for name in tree(site):
        if filecmp.cmp(site / name, again / name, shallow=False):
            continue
        assert site / name in measured, f"{name} differs"
        parsed = measured[site / name]
        first, second = (
            without_measures((folder / name).read_text(encoding="utf-8"), parsed)
            for folder in (site, again)
        )
        assert first == second
