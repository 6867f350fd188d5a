"""Each chapter runs as a script, and the examples in its docstrings are true."""

import ast
import doctest
import os
import subprocess
import sys

import pytest

from tools import ROOT
from tools.chapters import parser
from tools.judge.undisturbed import undisturbed

CHAPTERS = parser.paths()
EACH = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.parent.name)


GUARDED = """
import runpy, sys

class Guard:
    def find_spec(self, name, path=None, target=None):
        if name in {later!r}:
            raise ImportError(f"{{name}} is not there before its chapter is read")

sys.meta_path.insert(0, Guard())
runpy.run_path({path!r}, run_name="__main__")
"""


@EACH
def test_the_module_file_runs_as_a_script_with_warnings_as_errors(path):
    """Only the chapters before it can be imported, and it writes nothing to stderr."""
    later = [
        f"tinytorch.{parser.read(other).module}" for other in CHAPTERS if other >= path
    ]
    code = GUARDED.format(later=later, path=str(path))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert (done.returncode, done.stderr) == (0, "")


@EACH
@undisturbed()
def test_each_example_is_true_of_the_solution(path):
    """Run the docstrings' examples in the namespace at the end of the chapter."""
    book_chapter = parser.read(path)
    namespace = {"__name__": "chapter"}
    for cell in book_chapter.code:
        exec(compile(cell.executable, cell.id, "exec"), namespace)
    examples, runner = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False)
    for cell in book_chapter.exercises:
        docstrings = [
            ast.get_docstring(node) or ""
            for node in ast.walk(ast.parse(cell.executable))
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        ]
        found = [text for text in docstrings if ">>>" in text]
        assert found, f"{cell.id} has no EXAMPLE"
        for text in found:
            test = examples.get_doctest(text, dict(namespace), cell.id, str(path), 0)
            runner.run(test)
    assert runner.summarize(verbose=False).failed == 0
