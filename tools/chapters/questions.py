"""Reads a chapter's prediction questions: what will the next cell print?

The reader answers before running that cell. In the text, a question is a block:

    :::{predict} What shape has `x + b`, with `x` (4, 1) and `b` (3,)?
    :shows: sum: {}
    - [x] `(4, 3)`: each axis takes the larger size, and 1 gives way.
    - [ ] `(4, 1)`: the 1 is stretched to meet the 3.
    :::

`[x]` marks the right choice. A choice ends at its first colon outside of code, and
its reason follows. What the next cell prints must show that the right choice is true:
the code in it (or all its words, where it holds no code) must stand in that output,
and the code of a wrong choice must not. `:shows:`, which may be left out, narrows
the place: `{}` stands for the choice and `…` for anything on the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BLOCK = re.compile(
    r"^(:{3,})\{predict\}[ \t]*([^\n]*)\n(.*?)^\1[ \t]*(?:\n|\Z)", re.M | re.S
)
CHOICE = re.compile(r"^- \[([ xX])\] ", re.M)
SHOWS = re.compile(r"^:shows:[ \t]*([^\n]*)\n", re.M)
# A choice and its reason: split at the first colon with a space after it that is not
# inside of `code`, where a slice or an annotation may hold one.
REASON = re.compile(r"((?:`[^`]*`|[^`])*?):\s+(.*)", re.S)
CODE = re.compile(r"`([^`]+)`")


class QuestionError(ValueError):
    """A question breaks the rules above; the message begins with its first words."""


@dataclass(frozen=True)
class Choice:
    """One choice of a question; `text` and `reason` are markdown on one line."""

    right: bool
    text: str
    reason: str

    @property
    def told(self) -> str:
        """The text to look for in the output: the choice's code, else its words."""
        code = CODE.search(self.text)
        return code[1] if code else self.text


@dataclass(frozen=True)
class Question:
    """A question with its choices; `shows` is the pattern that the output must match.

    The pattern holds `{}` in the place of the choice, and `…` for anything on a line.
    """

    text: str
    shows: str
    choices: tuple[Choice, ...]

    @property
    def right(self) -> Choice:
        """The right choice."""
        return next(choice for choice in self.choices if choice.right)

    def shown(self, choice: Choice, output: str) -> bool:
        """Whether `shows`, with this choice in it, matches a line of a cell's output.

        Spaces do not count where numpy's printing may add them (see `_even`).
        """
        told = re.escape(_even(choice.told))
        # 2.5 is not shown by 12.5, nor (3,) by f(3,): no longer number, name or call.
        told = rf"(?<![\w.\-]){told}(?![\w.\[(])"
        parts = [
            ".*".join(map(re.escape, re.split(r"\s*…\s*", part)))
            for part in _even(self.shows).split("{}")
        ]
        lines = "\n".join(map(_even, output.splitlines()))
        return re.search(told.join(parts), lines) is not None


def questions(markdown: str) -> list[Question]:
    """Return the questions in a markdown text, in order.

    Raises: QuestionError for one that breaks the rules.
    """
    return [parse(match[2], match[3]) for match in BLOCK.finditer(markdown)]


def parse(first: str, body: str) -> Question:
    """Return the question of a block.

    Args: first, the text behind `{predict}` on the block's first line; body, the lines
        up to the closing colons: more of the question, `:shows:`, and the choices.
    Raises: QuestionError unless there are at least two choices, exactly one of them
        right, and a reason for each.
    """
    shows = SHOWS.search(body)
    head, *rest = CHOICE.split(SHOWS.sub("", body))
    text = _line(f"{first} {head}")
    choices = tuple(
        _choice(mark, item, text)
        for mark, item in zip(rest[::2], rest[1::2], strict=True)
    )
    problem = (
        "there is no question"
        if not text
        else "a question needs at least two choices, each a line `- [ ] choice: reason`"
        if len(choices) < 2
        else "exactly one choice is right and marked `- [x]`"
        if sum(choice.right for choice in choices) != 1
        else ""
    )
    if problem:
        raise QuestionError(f"{text[:60]!r}: {problem}")
    return Question(text, _line(shows[1]) if shows else "{}", choices)


def without(markdown: str) -> str:
    """Return the markdown without its questions."""
    return BLOCK.sub("", markdown)


def for_notebooks(markdown: str) -> str:
    """Return the markdown with each question as HTML that Jupyter can fold.

    Jupyter knows no directives; `<details>` folds the answer there.
    """
    return BLOCK.sub(lambda match: _folded(parse(match[2], match[3])), markdown)


def _folded(question: Question) -> str:
    choices = "\n".join(f"- {choice.text}" for choice in question.choices)
    reasons = "\n".join(
        f"- {choice.text}. **{'Right' if choice.right else 'No'}:** {choice.reason}"
        for choice in question.choices
    )
    return (
        f"**Predict, then run.** {question.text}\n\n{choices}\n\n"
        f"<details><summary>Answer</summary>\n\n{reasons}\n\n</details>\n"
    )


def _choice(mark: str, item: str, question: str) -> Choice:
    """Return the choice of a list item; `mark` is the character in its brackets."""
    item = _line(item)
    parts = REASON.fullmatch(item)
    if not parts or not parts[1].strip() or not parts[2]:
        raise QuestionError(
            f"{question[:60]!r}: the choice {item!r} gives no reason; "
            "write it behind a colon"
        )
    return Choice(mark != " ", parts[1].strip(), parts[2])


def _line(text: str) -> str:
    """Join lines, and runs of spaces, into one line with single spaces."""
    return " ".join(text.split())


def _even(text: str) -> str:
    """Return a line with single spaces, none inside of brackets or before a comma.

    numpy pads numbers to equal width: `[ 1. , 2.5]` is then equal to `[1., 2.5]`.
    """
    return re.sub(r"(?<=[\[(]) | (?=[\]),])", "", " ".join(text.split()))
