"""Makes a reader's own modules as a page's kernel does, and asks it about them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

from book_chapters import NUMBERED, parsed

from tinytorch.own.module_source import put_together
from tools import ROOT


def python(code: str, **settings: str) -> str:
    """Run code in a fresh process; return its output. Settings: its environment."""
    environment = {**os.environ, "TINYTORCH_OWN": "no", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        env={**environment, **settings},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def own(number: str, yours: dict[str, str]) -> dict[str, str]:
    """Return a reader's module of a chapter, made of {cell id: text} as a page does."""
    book_chapter = parsed(NUMBERED[number])
    exported = [(cell.id, cell.solved) for cell in book_chapter.code if cell.exported]
    tools = [cell.published for cell in book_chapter.code if not cell.exported]
    title = f"chapter {number}, {book_chapter.title}"
    source, left_out = put_together(title, "0" * 16, exported, yours, tools)
    assert left_out == {}
    return {"module": book_chapter.module, "title": title, "source": source}


def asked(**question: object) -> str:
    """Return code that asks the kernel as a page does, and prints the answer."""
    text = json.dumps(json.dumps(question))
    name = "tinytorch.own.answers"
    return f'__import__("{name}", fromlist=["answer"]).answer({text})'
