"""The kernel of the browser, run by this Python in a process of its own."""

import json
import subprocess
import sys

import pytest

from tools.engine.toolchain import HERE

KERNEL = HERE / "kernel"
DRIVER = """
import asyncio, json, sys
sys.path.insert(0, sys.argv[1])
from live_kernel import Kernel
out, messages = sys.stdout, []
kernel = Kernel(lambda kind, content: messages.append([kind, content]))
kernel.install()
async def main():
    replies = []
    for cell in json.loads(sys.argv[2]):
        name, code = cell if isinstance(cell, list) else (None, cell)
        replies.append(await kernel.run(code, name))
    return replies
replies = asyncio.run(main())
calls = [getattr(kernel, name)(*args) for name, *args in json.loads(sys.argv[3])]
json.dump([replies, messages, calls], out)
"""


def run(*cells, calls=()):
    """Run cells, then call methods of the kernel; return replies, messages, results."""
    command = [sys.executable, "-I", "-c", DRIVER, str(KERNEL)]
    done = subprocess.run(
        [*command, json.dumps(cells), json.dumps(calls)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def texts(messages, name="stdout"):
    return "".join(
        c["text"] for k, c in messages if k == "stream" and c["name"] == name
    )


def shown(messages, kind="display_data"):
    return [c["data"] for k, c in messages if k == kind]


def plain(messages):
    return [data["text/plain"] for data in shown(messages, "execute_result")]


def test_last_value_is_the_result():
    replies, messages, _ = run(
        "x = 6\nx * 7", "_ + 1", "x = 1", "x;", "None", "x; # no"
    )
    assert plain(messages) == ["42", "43"]
    assert [reply["status"] for reply in replies] == ["ok"] * 6
    assert messages[0][1]["execution_count"] == 1


def test_names_last_and_main_is_main():
    _, messages, _ = run(
        "def f(): return __name__", "f()", "import __main__\n__main__.f"
    )
    assert plain(messages) == ["'__main__'", "<function __main__.f()>"]


def test_prints_and_warnings_go_to_their_streams():
    _, messages, _ = run("print('a')\nprint('b')\nimport warnings\nwarnings.warn('!')")
    assert texts(messages) == "a\nb\n"
    assert texts(messages, "stderr").startswith("<cell 1>:4: UserWarning: !\n")
    assert len([k for k, _ in messages if k == "stream"]) == 3  # each line at once


def test_a_warning_comes_again_when_its_cell_is_run_again():
    cell = ["01-x", "import warnings\nwarnings.warn('again')"]
    _, messages, _ = run(cell, cell)
    assert texts(messages, "stderr").count("again\n") == 2


def test_endless_printing_is_cut_off():
    _, messages, _ = run(
        "for _ in range(100_000):\n    print('0123456789')", "print(5)"
    )
    text = texts(messages)
    assert 300_000 < len(text) < 310_000
    assert "[cut off: this cell printed more than 300,000 characters]" in text
    assert text.endswith("5\n")
    assert len(messages) < 1000


def test_traceback_shows_the_cell_and_none_of_the_kernel():
    source = "def f(x):\n    return 1 / x\nf(0)"
    replies, _, _ = run(["03-linear-forward", source])
    reply = replies[0]
    assert (reply["ename"], reply["evalue"]) == (
        "ZeroDivisionError",
        "division by zero",
    )
    text = "\n".join(reply["traceback"])
    assert 'File "<cell 03-linear-forward>", line 2, in f' in text
    assert "return 1 / x" in text
    assert "live_kernel" not in text
    assert text.endswith("\x1b[31mZeroDivisionError\x1b[0m: division by zero")


def test_chained_errors_and_notes_are_shown():
    source = (
        "try:\n    {}['a']\nexcept KeyError as error:\n"
        "    problem = ValueError('two\\nlines')\n    problem.add_note('a note')\n"
        "    raise problem from error"
    )
    text = "\n".join(run(source)[0][0]["traceback"])
    assert "KeyError: 'a'" in text
    assert "The above exception was the direct cause" in text
    assert text.endswith("\x1b[31mValueError\x1b[0m: two\nlines\na note")
    assert "live_kernel" not in text


@pytest.mark.parametrize(
    ("source", "name", "words"),
    [
        ("x = (1,", "SyntaxError", "was never closed"),
        ("  x = 1", "IndentationError", "unexpected indent"),
        ("input('?')", "RuntimeError", "does not work on this page"),
        ("import sys\nsys.stdin.readline()", "RuntimeError", "does not work on this"),
        ("exit()", "SystemExit", ""),
        ("def f(): f()\nf()", "RecursionError", "maximum recursion depth exceeded"),
        ("class E(Exception):\n    def __str__(self): 1/0\nraise E", "E", "could not"),
        ("import nowhere", "ModuleNotFoundError", "No module named 'nowhere'"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", ""),
    ],
)
def test_errors_are_replies(source, name, words):
    replies, messages, _ = run(source, "print('goes on')")
    assert replies[0]["status"] == "error"
    assert replies[0]["ename"] == name
    assert words in replies[0]["evalue"]
    assert "live_kernel" not in "".join(replies[0]["traceback"])
    assert texts(messages) == "goes on\n"


def test_top_level_await_and_async_comprehensions():
    source = (
        "import asyncio\nasync def g(x):\n    await asyncio.sleep(0)\n    return x\n"
        "[await g(i) for i in range(3)]"
    )
    assert plain(run(source)[1]) == ["[0, 1, 2]"]


def test_future_statements_last():
    _, messages, _ = run(
        "from __future__ import annotations",
        "def f(x: nowhere): ...",
        "f.__annotations__",
    )
    assert plain(messages) == ["{'x': 'nowhere'}"]


def test_a_cell_after_another_of_the_same_name_shows_its_own_lines():
    replies, _, _ = run(["a", "1/0"], ["a", "x = 1\nx/0"])
    assert "x/0" in "\n".join(replies[1]["traceback"])


RICH = """
class Rich:
    def _repr_html_(self): return "<b>bold</b>"
    def _repr_svg_(self): return "<svg/>"
    def _repr_png_(self): return b"\\x89PNG"
    def _repr_markdown_(self): return "*it*", {"a": 1}
    def _repr_latex_(self): return "$x$"
Rich()
"""


def test_rich_values():
    content = run(RICH)[1][0][1]
    data = content["data"]
    assert data.pop("text/plain").startswith("<__main__.Rich at 0x")
    assert data == {
        "text/html": "<b>bold</b>",
        "image/svg+xml": "<svg/>",
        "image/png": "iVBORw==",
        "text/markdown": "*it*",
        "text/latex": "$x$",
    }
    assert content["metadata"] == {"text/markdown": {"a": 1}}


def test_a_broken_repr_is_told_and_the_rest_is_shown():
    source = (
        "class A:\n    def _repr_html_(self): 1/0\n"
        "    def __repr__(self): return 'A'\nA()"
    )
    _, messages, _ = run(source)
    assert plain(messages) == ["A"]
    assert "ZeroDivisionError" in texts(messages, "stderr")


def test_display_and_its_objects():
    source = (
        "from IPython.display import HTML, SVG, Markdown, Latex, Math, Image, JSON\n"
        "display(HTML('<i>'), SVG('<svg/>'), Markdown('#'), Latex('$x$'), Math('y'))\n"
        "display(Image(b'\\x89PNG', width=3), JSON({'a': [1]}))\n"
        "display({'text/plain': 'raw'}, raw=True)"
    )
    _, messages, _ = run(source)
    data = [{k: v for k, v in d.items() if k != "text/plain"} for d in shown(messages)]
    assert data[:5] == [
        {"text/html": "<i>"},
        {"image/svg+xml": "<svg/>"},
        {"text/markdown": "#"},
        {"text/latex": "$x$"},
        {"text/latex": "$\\displaystyle y$"},
    ]
    assert data[5:] == [{"image/png": "iVBORw=="}, {"application/json": {"a": [1]}}, {}]
    assert messages[5][1]["metadata"] == {"image/png": {"width": 3}}
    assert shown(messages)[-1] == {"text/plain": "raw"}


def test_display_handles_and_clear_output():
    source = (
        "from IPython.display import clear_output, update_display\n"
        "print('first', end='')\nh = display(1, display_id=True)\nh.update(2)\n"
        "update_display(3, display_id=h.display_id)\nclear_output(wait=True)"
    )
    _, messages, _ = run(source)
    kinds = [kind for kind, _ in messages]
    update = "update_display_data"
    assert kinds == ["stream", "display_data", update, update, "clear_output"]
    assert {m["transient"]["display_id"] for _, m in messages[1:4]} == {"display-1"}
    assert messages[4][1] == {"wait": True}


def test_completion():
    cells = "class Net:\n    rate = 1\n    _own = 2\nnet = Net(); netto = 3"
    calls = [
        ["complete", "ne", 2],
        ["complete", "net.", 4],
        ["complete", "net._o", 6],
        ["complete", "x = net.ra + 1", 10],
        ["complete", "nowhere.", 8],
        ["complete", "impor", 5],
        ["complete", "import js", 9],
        ["complete", "f(net).ra", 9],
        ["complete", "'é'; net.ra", 11],
    ]
    found = run(cells, calls=calls)[2]
    assert found[0]["matches"][:2] == ["net", "netto"]
    assert found[1]["matches"] == ["rate"]
    assert found[2]["matches"] == ["_own"]
    assert (found[3]["matches"], found[3]["cursor_start"]) == (["rate"], 8)
    assert found[4]["matches"] == []
    assert found[5]["matches"] == ["import"]
    assert "json" in found[6]["matches"]
    assert found[7]["matches"] == []
    assert found[8]["matches"] == ["rate"]
    assert all(reply["status"] == "ok" for reply in found)


def test_inspection_and_completeness():
    cells = 'def scale(x, by=2):\n    """Return x times by."""\n    return x * by'
    calls = [
        ["inspect", "scale(3)", 3],
        ["inspect", "scale(", 6],
        ["inspect", "nowhere", 3],
        ["inspect", "scale", 5, 1],
        ["is_complete", "x = 1"],
        ["is_complete", "for i in x:"],
        ["is_complete", "x = = 1"],
    ]
    found = run(cells, calls=calls)[2]
    for reply in found[:2]:
        text = reply["data"]["text/plain"]
        assert text == "scale(x, by=2)\n\nReturn x times by."
    assert not found[2]["found"]
    assert "return x * by" in found[3]["data"]["text/plain"]
    assert [reply["status"] for reply in found[4:]] == [
        "complete",
        "incomplete",
        "invalid",
    ]
    assert found[5]["indent"] == "    "
