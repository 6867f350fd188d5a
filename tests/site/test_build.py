"""The built site: whole without a script, free of machinery, asking nobody outside."""

import filecmp
import json
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tools import ROOT
from tools.chapters import parser
from tools.site import build

MACHINERY = (
    "BEGIN SOLUTION",
    "END SOLUTION",
    "HIDDEN TESTS",
    "#| export",
    "default_exp",
)


class Page(HTMLParser):
    """What a page links to, loads, and names."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.ids, self.scripts = [], [], set(), {}
        self._script = None
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids.update(filter(None, [attrs.get("id"), attrs.get("name")]))
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        if tag in ("script", "img", "source", "iframe") and attrs.get("src"):
            self.loads.append(attrs["src"])
        if tag == "link" and attrs.get("rel") in ("stylesheet", "icon", "preload"):
            self.loads.append(attrs["href"])
        self._script = attrs.get("id") if tag == "script" else None

    def handle_endtag(self, tag):
        if tag == "script":
            self._script = None

    def handle_data(self, data):
        if self._script:
            self.scripts[self._script] = self.scripts.get(self._script, "") + data


def pages(site):
    # 404.html is served at any depth, so its links are not relative to its place.
    found = {p: Page(p) for p in site.rglob("*.html") if "_static" not in p.parts}
    return {path: page for path, page in found.items() if path.name != "404.html"}


def chapter_pages(site):
    for path in parser.pages():
        parsed = parser.read(path)
        yield parsed, site / path.relative_to(ROOT).with_suffix(".html")


def texts(site):
    """Yield every file of the site that a reader's program could show as text."""
    kinds = {".html", ".js", ".json", ".ipynb", ".txt", ".inv", ".py", ".md", ".css"}
    for path in site.rglob("*"):
        if path.suffix in kinds and "engine" not in path.relative_to(site).parts:
            yield path, path.read_text(encoding="utf-8", errors="replace")


def test_every_cell_is_on_its_page_with_its_parts(site):
    for parsed, path in chapter_pages(site):
        html = path.read_text(encoding="utf-8")
        ids = re.findall(r'data-cell-id="([^"]+)" data-cell-role="([^"]+)"', html)
        assert ids == [(c.id, c.role) for c in parsed.code if c.role != "main"]
        assert html.count('data-part="source"') == len(ids)
        assert html.count('data-part="output"') == len(ids)
        assert html.count('data-part="solution"') == len(parsed.exercises)


def test_cells_were_executed(site):
    for parsed, path in chapter_pages(site):
        html = path.read_text(encoding="utf-8")
        shown = re.findall(r'<div data-part="output">\s*<div class="cell_output', html)
        demos = [c for c in parsed.code if c.role in ("demo", "measure")]
        assert len(shown) >= len(demos) > 0


def test_each_exercise_shows_its_stub_and_folds_its_solution(site):
    for parsed, path in chapter_pages(site):
        html = path.read_text(encoding="utf-8")
        for cell in parsed.exercises:
            part = html[html.index(f'data-cell-id="{cell.id}"') :]
            source, _, rest = part.partition('<details data-part="solution">')
            assert "NotImplementedError" in source
            assert "NotImplementedError" not in rest.partition("</details>")[0]


def test_no_machinery_on_any_page_or_in_any_file(site):
    for path, text in texts(site):
        for word in MACHINERY:
            assert word not in text, f"{path} holds {word!r}"
    for path in [*site.rglob("*.html"), site / "searchindex.js"]:
        text = path.read_text(encoding="utf-8")
        assert "run_all_tests" not in text, f"{path} shows the main cell"


def test_hidden_tests_are_nowhere_in_the_site(site, course_site):
    lines = {
        line
        for parsed, _ in chapter_pages(site)
        for cell in parsed.code
        if cell.role == "check"
        for line in cell.executable.splitlines()
        if line not in cell.published and len(line.strip()) > 12
    }
    told = "".join(cell.published for p, _ in chapter_pages(site) for cell in p.code)
    lines = {line for line in lines if line.strip() not in told}
    assert lines
    for folder in (site, course_site):
        for path, text in texts(folder):
            found = [line for line in lines if line.strip() in text]
            assert not found, f"{path} holds {found}"


def test_the_cell_data_of_a_page(site):
    for parsed, path in chapter_pages(site):
        data = json.loads(Page(path).scripts["chapter-data"])
        assert data["chapter"] == parsed.slug
        by_id = {cell["id"]: cell for cell in data["cells"]}
        for cell in parsed.exercises:
            assert by_id[cell.id]["source"] == cell.published
            assert by_id[cell.id]["untouched"] == cell.solved


def test_a_course_build_holds_no_solution(course_site):
    utils = (ROOT / "tinytorch" / "utils").rglob("*.py")
    written = "".join(path.read_text(encoding="utf-8") for path in utils)
    for parsed, path in chapter_pages(course_site):
        html = path.read_text(encoding="utf-8")
        assert 'data-part="solution"' not in html
        assert "sd-dropdown" not in html.partition('id="chapter-data"')[0]
        stated = "\n".join(
            cell.published
            if cell.kind == "code"
            else parser.without_answers(cell.source)
            for cell in parsed.cells
        )
        lines = {
            line.partition("#")[0].strip()
            for cell in parsed.exercises
            for line in cell.solution_lines
        }
        secret = {line for line in lines if len(line) > 14 and line not in stated}
        # A short line may stand in a file of the package that is written by hand, too.
        secret = {line for line in secret if line not in written}
        assert secret or not parsed.exercises
        for file, text in texts(course_site):
            found = [line for line in secret if line in text]
            assert not found, f"{file} holds {found}"


def test_the_wheel_of_a_course_holds_bytecode_without_docstrings(course_site):
    wheels = list(course_site.glob("_static/engine/pyodide/tinytorch-*.whl"))
    assert len(wheels) == 1
    with zipfile.ZipFile(wheels[0]) as wheel:
        code = [name for name in wheel.namelist() if ".dist-info/" not in name]
        assert "tinytorch/core/tensor.pyc" in code
        others = [name for name in code if not name.endswith(".pyc")]
        assert others == [f"tinytorch/data/{n}" for n in ("README.md", "digits.npz")]
        text = b"".join(wheel.read(name) for name in code)
    for parsed, _ in chapter_pages(course_site):
        for cell in parsed.exercises:
            name = f"tinytorch_reference/cell_{cell.id.replace('-', '_')}.pyc"
            assert name in code
            summary = cell.published.partition('"""')[2].partition("\n")[0]
            assert summary.strip('"').encode() not in text


def test_no_source_is_published(site):
    assert not (site / "_sources").exists()
    assert not list(site.rglob("*_dev.py"))


def test_every_link_inside_the_site_leads_somewhere(site):
    found = pages(site)
    dead = []
    for path, page in found.items():
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (
                (path.parent / unquote(parts.path)).resolve() if parts.path else path
            )
            if target.is_dir():
                target /= "index.html"
            if not target.exists():
                dead.append((path.name, link))
            elif parts.fragment and target in found:
                known = found[target].ids
                if unquote(parts.fragment) not in known:
                    dead.append((path.name, link))
    assert dead == []


def test_no_page_loads_anything_from_another_host(site):
    for path, page in pages(site).items():
        foreign = [url for url in page.loads if urlsplit(url).netloc]
        assert foreign == [], path
    for path in site.rglob("*.css"):
        text = path.read_text(encoding="utf-8", errors="replace")
        assert re.findall(r"url\(['\"]?(?:https?:)?//", text) == [], path


def test_student_notebooks_are_there_to_download(site):
    for parsed, path in chapter_pages(site):
        links = Page(path).links
        wanted = [link for link in links if link.endswith(f"{parsed.slug}.ipynb")]
        assert wanted
        assert (path.parent / wanted[0]).resolve().exists()


def tree(folder):
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


def test_the_book_builds_to_the_same_tree_twice(site, tmp_path):
    again = build.build(tmp_path)
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


@pytest.fixture
def copy_of_the_tree(tmp_path):
    """A copy of what the book is built from, with one chapter, for breaking."""
    for name in ("_config.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("book", "modules", "tinytorch", "tools"):
        shutil.copytree(
            ROOT / name,
            tmp_path / name,
            ignore=shutil.ignore_patterns("__pycache__", "node_modules"),
        )
    root = "format: jb-book\nroot: modules/01_tensor/tensor_dev\n"
    (tmp_path / "_toc.yml").write_text(root, encoding="utf-8")
    return tmp_path


@pytest.mark.site
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "# %% [code]",
            "# %% [markdown]\n# [dead](#nowhere-at-all)\n\n# %% [code]",
            "nowhere-at-all",
        ),
        ("test_", "raise RuntimeError('a failing cell')\ntest_", "a failing cell"),
        ("- [x] ", "- [ ] ", "exactly one choice is right"),
    ],
    ids=["a dead reference", "a failing cell", "a question without an answer"],
)
def test_a_fault_in_a_chapter_fails_the_build(copy_of_the_tree, old, new, said):
    path = next(Path(copy_of_the_tree).glob("modules/01_*/*_dev.py"))
    text = path.read_text(encoding="utf-8")
    at = text.rindex(f"\n{old}") + 1
    path.write_text(text[:at] + text[at:].replace(old, new, 1), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tools", "book", "VENV=no"],
        cwd=copy_of_the_tree,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert said in done.stderr
    assert "was not built" in done.stderr
