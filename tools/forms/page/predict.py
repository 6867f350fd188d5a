"""Sphinx extension with the directive {predict}: what will the next cell print?

The HTML is a list of choices, with the reasons folded below;
book/_static/live/predict.js turns the list into radio buttons. The syntax of a question
is described in tools/chapters/questions.py.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from tools.chapters import questions
from tools.forms.page import assets

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator


class question(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """A question on a page: its text, its choices, the folded reasons."""


class element(nodes.General, nodes.Element):  # noqa: N801
    """An HTML element: `tag` is its name, `data` a dict of its data-… attributes.

    Needed because docutils has no nodes for `<details>` and for data attributes.
    """


class Predict(SphinxDirective):
    """The directive {predict}: a question, its choices, and the reason for each."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the question's node; raise an error if the question breaks a rule."""
        try:
            asked = questions.parse(self.arguments[0], "\n".join(self.content) + "\n")
        except questions.QuestionError as problem:
            raise self.error(str(problem)) from None
        title = self.tag("strong", nodes.Text("Predict, then run."))
        words = self.tag(
            "p", title, nodes.Text(" "), *self.inline(asked.text), part="asked"
        )
        texts = [self.tag("span", *self.inline(one.text)) for one in asked.choices]
        choices = [self.tag("li", text) for text in texts]
        reasons = [self.reason(one) for one in asked.choices]
        summary = self.tag("summary", nodes.Text("Answer"))
        folded = self.tag("details", summary, self.tag("ul", *reasons))
        return [question("", words, self.tag("ul", *choices, part="choices"), folded)]

    def reason(self, choice: questions.Choice) -> element:
        """Return the list item that says whether a choice is right, and why."""
        word = self.tag("strong", nodes.Text("Right:" if choice.right else "No:"))
        why = self.tag(
            "span", word, nodes.Text(" "), *self.inline(choice.reason), part="why"
        )
        answer = "right" if choice.right else "wrong"
        return self.tag(
            "li", *self.inline(choice.text), nodes.Text(". "), why, answer=answer
        )

    def inline(self, text: str) -> list[nodes.Node]:
        """Return the docutils nodes for a line of markdown."""
        found, problems = self.state.inline_text(text, self.lineno)
        return [*found, *problems]

    @staticmethod
    def tag(name: str, *children: nodes.Node, **data: str) -> element:
        """Return an element with these children and data-… attributes."""
        return element("", *children, tag=name, data=data)


def visit_question(self: HTML5Translator, node: question) -> None:
    """Write a question's opening tag."""
    self.body.append('<div class="tt-predict" data-predict>\n')


def depart_question(self: HTML5Translator, node: question) -> None:
    """Write a question's closing tag."""
    self.body.append("</div>\n")


def visit_element(self: HTML5Translator, node: element) -> None:
    """Write an element's opening tag."""
    data = "".join(f' data-{k}="{escape(v)}"' for k, v in node["data"].items())
    self.body.append(f"<{node['tag']}{data}>")


def depart_element(self: HTML5Translator, node: element) -> None:
    """Write an element's closing tag."""
    # Only after block elements: after an inline one, a line break shows as a space.
    end = "\n" if node["tag"] in ("p", "li", "ul") else ""
    self.body.append(f"</{node['tag']}>{end}")


def add_script(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add predict.js and its style sheet to a page with questions."""
    if doctree is None or next(doctree.findall(question), None) is None:
        return
    assets.add(app, __name__)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, its nodes and the event handler with Sphinx."""
    app.add_directive("predict", Predict)
    app.add_node(question, html=(visit_question, depart_question))
    app.add_node(element, html=(visit_element, depart_element))
    app.connect("html-page-context", add_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
