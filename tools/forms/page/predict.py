"""The directive {predict}: a question to answer before the cell below it is run.

Without scripts it is a list of choices with the reasons folded beneath; live/predict.js
makes a group of radio buttons of it. tools/predict.py knows how it is written.
"""

from html import escape

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from tools.chapters import questions


class question(nodes.General, nodes.Element):  # noqa: N801 (docutils' naming)
    """A question of a page; holds the elements that it is made of."""


class element(nodes.General, nodes.Element):  # noqa: N801
    """An element of HTML: its tag, and a dict of attributes."""


class Predict(SphinxDirective):
    """Insert a question with its choices, and the reasons for each."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self):
        """Return the question."""
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

    def reason(self, choice):
        """Return the item that says whether a choice is right, and why."""
        word = self.tag("strong", nodes.Text("Right:" if choice.right else "No:"))
        why = self.tag(
            "span", word, nodes.Text(" "), *self.inline(choice.reason), part="why"
        )
        answer = "right" if choice.right else "wrong"
        return self.tag(
            "li", *self.inline(choice.text), nodes.Text(". "), why, answer=answer
        )

    def inline(self, text):
        """Return the nodes of a line of markdown."""
        found, problems = self.state.inline_text(text, self.lineno)
        return [*found, *problems]

    @staticmethod
    def tag(name, *children, **data):
        """Return an element with these children and data-… attributes."""
        return element("", *children, tag=name, data=data)


def visit_question(self, node):
    """Open a question."""
    self.body.append('<div class="tt-predict" data-predict>\n')


def depart_question(self, node):
    """Close a question."""
    self.body.append("</div>\n")


def visit_element(self, node):
    """Open an element."""
    data = "".join(f' data-{k}="{escape(v)}"' for k, v in node["data"].items())
    self.body.append(f"<{node['tag']}{data}>")


def depart_element(self, node):
    """Close an element."""
    self.body.append(
        f"</{node['tag']}>\n"
        if node["tag"] in ("p", "li", "ul")
        else f"</{node['tag']}>"
    )


def add_script(app, pagename, templatename, context, doctree):
    """Give a page with questions what makes them answer."""
    if doctree is None or next(doctree.findall(question), None) is None:
        return
    app.add_css_file("css/predict.css")
    app.add_js_file("live/predict.js", type="module")


def setup(app):
    """Register the directive, its nodes and its script."""
    app.add_directive("predict", Predict)
    app.add_node(question, html=(visit_question, depart_question))
    app.add_node(element, html=(visit_element, depart_element))
    app.connect("html-page-context", add_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
