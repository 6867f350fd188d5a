"""Each chapter runs as a script, and the examples in its docstrings are true."""

import ast
import doctest
import os
import subprocess
import sys

import pytest
from book_chapters import EACH_CHAPTER, parsed

from tools import ROOT
from tools.chapters import parser
from tools.judge.undisturbed import undisturbed

pytestmark = pytest.mark.chapters
GUARDED = """
import runpy, sys

class Guard:
    def find_spec(self, name, path=None, target=None):
        if name in {later!r}:
            raise ImportError(f"{{name}} is not there before its chapter is read")

sys.meta_path.insert(0, Guard())
runpy.run_path({path!r}, run_name="__main__")
"""


@EACH_CHAPTER
def test_the_module_file_runs_as_a_script_with_warnings_as_errors(each):
    """Only the chapters before it can be imported, and it writes nothing to stderr."""
    later = [
        f"tinytorch.{parsed(other).module}"
        for other in parser.paths()
        if other >= each.path
    ]
    code = GUARDED.format(later=later, path=str(each.path))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert (done.returncode, done.stderr) == (0, "")


@EACH_CHAPTER
@undisturbed()
def test_each_example_is_true_of_the_solution(each):
    """Run the docstrings' examples in the namespace at the end of the chapter."""
    namespace = {"__name__": "chapter"}
    for cell in each.code:
        exec(compile(cell.executable, cell.id, "exec"), namespace)
    examples, runner = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False)
    for cell in each.exercises:
        docstrings = [
            ast.get_docstring(node) or ""
            for node in ast.walk(ast.parse(cell.executable))
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        ]
        found = [text for text in docstrings if ">>>" in text]
        assert found, f"{cell.id} has no EXAMPLE"
        for text in found:
            test = examples.get_doctest(
                text, dict(namespace), cell.id, str(each.path), 0
            )
            runner.run(test)
    assert runner.summarize(verbose=False).failed == 0
