"""Renders a student's page of feedback: the student's cells and the grader's messages.

The page shows no text of a check and no output of a cell, since code that is being
graded could print hidden tests.
"""

import html

import nbformat
from nbformat import NotebookNode

from tools.course import seat
from tools.course.hidden_tests import hidden_lines
from tools.course.records import CheckRecord, Result

STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto;
       padding: 0 1rem; color: #1a1a1a; background: #fff }
h2 { font-size: 1.15rem }
pre { background: #f4f4f4; padding: .7rem; overflow-x: auto; font-size: 14px }
table { border-collapse: collapse } td, th { padding: .2rem .8rem .2rem 0;
       text-align: left; vertical-align: top }
.message { white-space: pre-wrap; border-left: 4px solid #b00020; padding-left: .8rem }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #161616 }
       pre { background: #262626 } .message { border-color: #ff8a80 } }
"""
STATES = {  # the state of a CheckRecord, as the page says it
    "passed": "passed",
    "failed": "did not pass",
    "hidden": "passed what you can see, and not a hidden test",
    "late": "stopped, since it took too long or too much",
    "unrun": "not run",
}


def render(
    title: str, result: Result, notebook: NotebookNode | None, source: str
) -> str:
    """Return a student's page of feedback on a chapter, as HTML.

    Args: title, the chapter's; result, which need not hold `autograded` and
        `feedback`; notebook, the graded notebook, or None where the submission could
        not be read; source, the source notebook's JSON: lines of its hidden tests are
        left out of the page.
    """
    secret = hidden_lines(nbformat.reads(source, as_version=4))
    points = f"{result['score']:g} of {result['max']:g} points."
    parts = [f"<p><strong>{points}</strong></p>"]
    if result["stopped"]:
        parts.append(_message(_sentence(result["stopped"])))
    parts += [f"<p>{_text(_sentence(note))}</p>" for note in result["notes"]]
    rows = "".join(map(_row, result["verdicts"]))
    parts.append(f"<table><tr><th>check<th>points<th>result</tr>{rows}</table>")
    verdicts = {each["id"]: each for each in result["verdicts"]}
    for cell in notebook.cells if notebook else []:
        if cell.cell_type == "code":
            parts += _cell(cell, verdicts.get(cell.id), result["errors"].get(cell.id))
    body = "\n".join(parts)
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}: feedback</title><style>{STYLE}</style></head><body>\n"
        f"<h1>{_text(title)}</h1>\n{body}\n</body></html>\n"
    )
    return _without(page, secret)


def _row(verdict: CheckRecord) -> str:
    """Return a check's row of the page's table, as HTML."""
    points = f"{verdict['score']:g} of {verdict['points']:g}"
    name = _text(verdict["id"])
    state = STATES[verdict["state"]]
    return f'<tr><td><a href="#{name}">{name}</a><td>{points}<td>{state}</tr>'


def _cell(
    cell: NotebookNode, verdict: CheckRecord | None, error: str | None
) -> list[str]:
    """Return the page's HTML for a code cell, as parts.

    For a check: its state and message. For other cells: the text of the student's code.
    A cell of the course that stopped at no error has no part.

    Args: verdict, where the cell is a check; error, the message where the cell stopped
        at an error; otherwise None.
    """
    name = _text(cell.id)
    if verdict:
        return [
            f'<h2 id="{name}">{name}: {STATES[verdict["state"]]}</h2>',
            _message(verdict["message"]) if verdict["message"] else "",
        ]
    if seat.role(cell) in ("setup", "demo", "measure", "main") and not error:
        return []
    label = name if seat.role(cell) else "a cell of your own"
    return [
        f"<h2>{label}</h2><pre>{_text(cell.source)}</pre>",
        _message(f"This cell stopped: {error}") if error else "",
    ]


def _without(page: str, secret: set[str]) -> str:
    """Return the page with each line that quotes a hidden test replaced by a notice.

    Args: page, as HTML; secret, lines of hidden tests, as `hidden_lines` returns them.
    """
    if not secret:
        return page
    escaped = {_text(line) for line in secret}
    return "\n".join(
        "(a line is left out here: it quotes a test)"
        if any(line in " ".join(text.split()) for line in escaped)
        else text
        for text in page.split("\n")
    )


def _sentence(text: str) -> str:
    """Return the text with a capital at its start and a full stop at its end."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", ")")) else f"{text}."


def _message(text: str) -> str:
    """Return the HTML paragraph for a message of the grader."""
    return f'<p class="message">{_text(text)}</p>'


def _text(text: object) -> str:
    """Return a value as text with HTML's special characters escaped."""
    return html.escape(str(text), quote=True)
