"""Parses the prediction questions of a chapter: what will the next cell print?

The reader answers before running the next cell. A question is a block of markdown:

    :::{predict} What shape has `x + b`, with `x` (4, 1) and `b` (3,)?
    :shows: sum: {}
    - [x] `(4, 3)`: each axis takes the larger size, and 1 gives way.
    - [ ] `(4, 1)`: the 1 is stretched to meet the 3.
    :::

`[x]` marks the right choice. Each choice is followed by a colon (its first one outside
of code) and a reason. A test compares the choices with the output of the next cell:
the first code in the right choice (or all its words, if it holds no code) must appear
in the output, and that of a wrong choice must not. `:shows:` is optional and says where
on a line of the output to look: `{}` stands for the choice, `…` for any text.
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
    """A question breaks a rule; the message begins with the question's first words."""


@dataclass(frozen=True)
class Choice:
    """One choice of a question; `text` and `reason` are one line of markdown each."""

    right: bool
    text: str
    reason: str

    @property
    def told(self) -> str:
        """The text to look for in the output: the choice's first code, else all."""
        code = CODE.search(self.text)
        return code[1] if code else self.text


@dataclass(frozen=True)
class Question:
    """A question with its choices, and the pattern that a line of output must match.

    In the pattern `shows`, `{}` stands for the choice and `…` for any text on the line.
    """

    text: str
    shows: str
    choices: tuple[Choice, ...]

    @property
    def right(self) -> Choice:
        """The right choice."""
        return next(choice for choice in self.choices if choice.right)

    def shown(self, choice: Choice, output: str) -> bool:
        """Whether a line of a cell's output matches `shows` with this choice put in.

        Spaces that numpy adds for alignment are ignored (see `_even`).
        """
        told = re.escape(_even(choice.told))
        # The choice must not be part of a longer number, name or call: 12.5 does not
        # show 2.5, and f(3,) does not show (3,).
        told = rf"(?<![\w.\-]){told}(?![\w.\[(])"
        parts = [
            ".*".join(map(re.escape, re.split(r"\s*…\s*", part)))
            for part in _even(self.shows).split("{}")
        ]
        lines = "\n".join(map(_even, output.splitlines()))
        return re.search(told.join(parts), lines) is not None


def questions(markdown: str) -> list[Question]:
    """Return the questions in a markdown text, in order.

    Raises: QuestionError for a question that breaks a rule.
    """
    return [parse(match[2], match[3]) for match in BLOCK.finditer(markdown)]


def parse(first: str, body: str) -> Question:
    """Parse a question block; return its Question.

    Args: first, the text behind `{predict}` on the block's first line; body, the lines
        up to the closing colons: more of the question, `:shows:`, and the choices.
    Raises: QuestionError unless there is a question with at least two choices, exactly
        one of them right, and a reason for each choice.
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
    """Return the markdown text without its question blocks."""
    return BLOCK.sub("", markdown)


def for_notebooks(markdown: str) -> str:
    """Return the markdown text with each question block rewritten for Jupyter.

    Jupyter does not know the directive {predict}; there, the answer is folded into an
    HTML `<details>` element.

    Raises: QuestionError for a question that breaks a rule.
    """
    return BLOCK.sub(lambda match: _folded(parse(match[2], match[3])), markdown)


def _folded(question: Question) -> str:
    """Return a question as markdown for Jupyter, its answer folded in `<details>`."""
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
    """Return the Choice of a list item.

    Args: mark, the character between the item's brackets; item, the text behind them;
        question, its text, for the error message.
    Raises: QuestionError for a choice without a reason.
    """
    item = _line(item)
    parts = REASON.fullmatch(item)
    if not parts or not parts[1].strip() or not parts[2]:
        raise QuestionError(
            f"{question[:60]!r}: the choice {item!r} gives no reason; "
            "write it behind a colon"
        )
    return Choice(mark != " ", parts[1].strip(), parts[2])


def _line(text: str) -> str:
    """Return the text on one line, with single spaces between its words."""
    return " ".join(text.split())


def _even(text: str) -> str:
    """Return a line with single spaces, and none next to brackets or before a comma.

    numpy pads numbers to equal width; this makes `[ 1. , 2.5]` equal to `[1., 2.5]`.
    """
    return re.sub(r"(?<=[\[(]) | (?=[\]),])", "", " ".join(text.split()))
