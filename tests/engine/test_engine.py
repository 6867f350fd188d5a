"""The browser engine in Chromium: a kernel's features, its end, and failed starts."""

import pytest
from engine_page import SETUP, START_LIMIT, run

from tools.bench import first_output
from tools.engine import manifest
from tools.engine.toolchain import OUTPUT

pytestmark = pytest.mark.chromium
STOP_LIMIT = 3_000  # ms after which a stopped loop must be gone
NO_NUMPY = "the engine was built without numpy (make engine WHEELS=DIR)"


@pytest.fixture(scope="module")
def address(engine):
    """The address of the built engine, as any static host would serve it."""
    if not engine["browser"]:
        pytest.skip("the browser engine is not built (make engine)")

    with first_output.served(OUTPUT) as address:
        yield address


@pytest.fixture(scope="module")
def blank(chromium, address):
    """Open a blank page beside the engine."""
    opened = []

    def open_page():
        page = chromium.new_page()
        page.set_default_timeout(START_LIMIT)
        page.route("**/blank", lambda route: route.fulfill(body="<!doctype html>"))
        page.goto(f"{address}blank")
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.close()


@pytest.fixture(scope="module")
def live(blank, engine):
    """A page whose kernel runs, with all packages the engine holds."""
    page = blank()
    page.evaluate(SETUP, None)
    return page


def test_progress_is_told_in_bytes(live, engine):
    told = live.evaluate("progress")
    sizes = [
        file["bytes"]
        for name, file in engine["files"].items()
        if name.startswith("pyodide/") and not name.endswith("lock.json")
    ]
    assert {state["total"] for state in told} == {sum(sizes)}
    assert [state["loaded"] for state in told] == sorted(s["loaded"] for s in told)
    assert told[-1]["loaded"] == told[-1]["total"]
    order = ["download", "python", "numpy", "kernel"]
    stages = [order.index(state["stage"]) for state in told]
    assert stages == sorted(stages)
    assert told[-1]["stage"] == "kernel"


def test_values_and_prints(live):
    shown = run(live, "print('first')\n[1, 2.5, 'x']")
    assert shown["outputs"][0]["text"] == "first\n"
    assert shown["outputs"][1]["data"] == {"text/plain": "[1, 2.5, 'x']"}
    assert shown["result"]["error"] is None


def test_python_is_the_version_that_the_manifest_names(live, engine):
    shown = run(live, "import sys\nprint(*sys.version_info[:3], sep='.')")
    assert shown["text"].strip() == engine["python"]
    info = live.evaluate("session.kernel.info")
    assert info["language_info"]["version"] == engine["python"]


def test_prints_arrive_while_a_cell_runs(live):
    code = "import time\nfor i in range(3):\n    print(i)\n    time.sleep(0.4)"
    seen = live.evaluate(
        """async (code) => {
          const { cell, place } = makeCell(code);
          const done = cell.execute();
          const seen = [];
          const timer = setInterval(() => seen.push(place.innerText.trim()), 50);
          await done;
          clearInterval(timer);
          return seen;
        }""",
        code,
    )
    assert "0" in seen
    assert "0\n1" in seen


def test_rich_outputs(live):
    png = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
        "awAAAABJRU5ErkJggg=="
    )
    shown = run(
        live,
        "import base64\nfrom IPython.display import HTML, SVG, Image, display\n"
        "display(HTML('<b id=bold>bold</b>'))\n"
        "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>'))\n"
        f"display(Image(base64.b64decode('{png}'), width=7))",
    )
    assert '<b id="bold">bold</b>' in shown["html"]
    assert "data:image/svg+xml" in shown["html"]
    assert f'src="data:image/png;base64,{png}"' in shown["html"]
    assert 'width="7"' in shown["html"]


def test_markdown_and_latex_are_rendered(live):
    run(
        live,
        "from IPython.display import Latex, Markdown\n"
        "display(Markdown('# Title\\n\\n*slanted* $a_b$ <img src=x onerror=f()>'))\n"
        "display(Latex(r'$$\\frac{1}{x}$$'))",
    )
    live.wait_for_function("document.querySelectorAll('math').length >= 2")
    html = live.evaluate("document.body.innerHTML")
    assert "<em>slanted</em>" in html
    assert "<msub>" in html
    assert "<mfrac>" in html
    assert "onerror" not in html


def test_display_is_updated_in_place(live):
    shown = run(live, "h = display('old', display_id=True)\nh.update('new')")
    assert shown["text"].strip() == "'new'"


def test_an_error_is_readable(live):
    shown = run(live, "def f(x):\n    return 1 / x\nf(0)", "03-linear-forward")
    error = shown["outputs"][0]
    assert error["ename"] == "ZeroDivisionError"
    assert 'File "<cell 03-linear-forward>", line 2, in f' in shown["text"]
    assert "return 1 / x" in shown["text"]
    assert shown["text"].strip().endswith("ZeroDivisionError: division by zero")
    assert "live_kernel" not in shown["text"]


def test_deep_recursion_is_an_error_like_any_other(live):
    shown = run(live, "def f(n):\n    return f(n + 1)\nf(0)")
    assert shown["outputs"][0]["ename"] == "RecursionError"
    assert run(live, "1")["outputs"][0]["data"] == {"text/plain": "1"}


def test_completion_and_inspection(live):
    run(live, "class Net:\n    rate = 3\nnet = Net()")
    reply = live.evaluate(
        "session.kernel.requestComplete({code: 'net.ra', cursor_pos: 6})"
        ".then((reply) => reply.content)"
    )
    assert reply["matches"] == ["rate"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (4, 6)
    reply = live.evaluate(
        "session.kernel.requestInspect({code: 'len', cursor_pos: 3, detail_level: 0})"
        ".then((reply) => reply.content)"
    )
    assert "number of items" in reply["data"]["text/plain"]


def test_top_level_await(live):
    shown = run(live, "import asyncio\nawait asyncio.sleep(0.01)\n'done'")
    assert shown["outputs"][0]["data"] == {"text/plain": "'done'"}


def test_memory_can_be_traced(live):
    code = (
        "import tracemalloc\ntracemalloc.start()\nx = bytearray(10**6)\n"
        "print(tracemalloc.get_traced_memory()[0] >= 10**6)\ntracemalloc.stop()"
    )
    assert run(live, code)["text"].strip() == "True"


def test_numpy(live, engine):
    if not engine["numpy"]:
        pytest.skip(NO_NUMPY)
    shown = run(
        live,
        "import numpy as np\nrng = np.random.default_rng(0)\n"
        "print(np.linalg.inv(2 * np.eye(2))[0, 0], np.fft.fft([1, 0])[1].real)\n"
        "np.float32([1, 2]) @ np.ones((2, 2), dtype=np.float32)",
    )
    assert shown["outputs"][0]["text"] == "0.5 1.0\n"
    data = shown["outputs"][1]["data"]
    assert data == {"text/plain": "array([3., 3.], dtype=float32)"}
    reply = live.evaluate(
        "session.kernel.requestComplete({code: 'np.linalg.nor', cursor_pos: 13})"
        ".then((reply) => reply.content.matches)"
    )
    assert reply == ["norm"]


def test_an_endless_loop_ends_with_its_session(live):
    took = live.evaluate(
        """async () => {
          const { cell } = makeCell('while True: pass');
          cell.execute();
          await new Promise((resolve) => setTimeout(resolve, 500));
          const start = performance.now();
          await session.shutdown();
          const took = performance.now() - start;
          await startSession();
          return took;
        }"""
    )
    assert took < STOP_LIMIT
    assert run(live, "6 * 7")["outputs"][0]["data"] == {"text/plain": "42"}


def test_a_kernel_without_numpy_runs_plain_python(blank):
    page = blank()
    page.evaluate(SETUP, [])
    shown = run(page, "import importlib.util\nprint(importlib.util.find_spec('numpy'))")
    assert shown["text"].strip() == "None"


def test_a_kernel_that_dies_says_so(blank):
    page = blank()
    page.evaluate(SETUP, [])
    code = "import ctypes\nctypes.string_at(2**32 - 8, 4)"  # outside of all memory
    page.evaluate("(code) => void makeCell(code).cell.execute()", code)
    page.wait_for_function("deaths.length > 0 && statuses.includes('dead')")
    assert "Python stopped" in page.evaluate("deaths[0]")
    page.evaluate("startSession()")
    assert run(page, "1 + 1")["outputs"][0]["data"] == {"text/plain": "2"}


def wheel(engine):
    names = [name for name in engine["files"] if name.endswith(".whl")]
    return names[0] if names else None


@pytest.mark.parametrize(
    "name",
    [
        "worker.js",
        "engine.json",
        manifest.LOCK,
        "pyodide/pyodide.mjs",
        "pyodide/pyodide.asm.js",
        "pyodide/pyodide.asm.wasm",
        "pyodide/python_stdlib.zip",
        "the wheel",
    ],
)
def test_a_missing_file_is_named(blank, engine, name):
    name = wheel(engine) if name == "the wheel" else name
    if name is None:
        pytest.skip(NO_NUMPY)
    assert name in failed_start(blank, name, status=404)


@pytest.mark.parametrize(
    "name", ["the wheel", "pyodide/pyodide.asm.wasm", manifest.LOCK]
)
def test_a_damaged_file_is_named(blank, engine, name):
    name = wheel(engine) if name == "the wheel" else name
    if name is None:
        pytest.skip(NO_NUMPY)
    assert name in failed_start(blank, name, body="not this", status=200)


def failed_start(blank, name, **answer):
    """Return the sentence of a start for which one file is answered otherwise."""
    page = blank()
    page.route(f"**/{name}", lambda route: route.fulfill(**answer))
    said = page.evaluate(
        """([setup, limit]) => Promise.race([
          eval(setup)(undefined).then(() => null, String),
          new Promise((resolve) => setTimeout(resolve, limit, 'nothing was said')),
        ])""",
        [SETUP, START_LIMIT],
    )
    assert said is not None, "the start did not fail"
    return said
