"""Math as MathML, written while the book is built.

Browsers render MathML by themselves, so a page needs no math program and no
math font of ours. The conversion is docutils' own. LaTeX that it does not know
is reported with its place, and -W makes that an error.
"""

import html
import re

from docutils.nodes import SkipNode
from docutils.utils.math import MathError, pick_math_environment, toplevel_code
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging

logger = logging.getLogger(__name__)

# Commands that authors write and docutils lacks, in words it knows.
ALIASES = {r"\dots": r"\ldots", r"\dotsc": r"\ldots", r"\dotsb": r"\cdots"}
ALIAS = re.compile(r"\\(?:dots[bc]?)(?![A-Za-z])")
# After the name of a function, browsers leave no space of their own before a letter.
APPLIED = re.compile(r"<mo>&ApplyFunction;</mo>(?!(?:<mrow>)?<mo)")
# docutils knows the inner environments; a display block may hold an outer one.
OUTER = {"align": "aligned", "gather": "gathered"}


def convert(latex, block=False):
    """Return `latex` (str, without dollar signs) as one line of MathML.

    block: True for a displayed formula. Several lines, parted by a double
    backslash, are aligned at their ampersands.
    Raises ValueError with docutils' message for LaTeX that it does not know.
    """
    latex = ALIAS.sub(lambda found: ALIASES[found.group()], latex.strip())
    for outer, inner in OUTER.items():
        for name in (outer, outer + "*"):
            for part in ("begin", "end"):
                latex = latex.replace(f"\\{part}{{{name}}}", f"\\{part}{{{inner}}}")
    if block and pick_math_environment(latex) == "align*":
        latex = rf"\begin{{aligned}}{latex}\end{{aligned}}"
    elif "&" in toplevel_code(latex).replace(r"\&", ""):
        raise ValueError("An & stands outside of an environment.")
    braces = re.findall(r"(?<!\\)[{}]", latex)
    if braces.count("{") != braces.count("}"):
        raise ValueError("The braces do not pair up.")
    try:
        markup = tex2mathml(latex, as_block=block)
    except MathError as error:
        raise ValueError(str(error)) from error
    except (AttributeError, IndexError, TypeError) as error:
        # What docutils runs into where LaTeX breaks off in the middle.
        raise ValueError("The formula is not complete.") from error
    markup = "".join(line.strip() for line in markup.splitlines())
    return APPLIED.sub(r'\g<0><mspace width="0.17em"/>', markup)


def write(translator, node, block):
    """Append the MathML of `node` to what the HTML translator has written."""
    latex = node.astext()
    try:
        markup = convert(latex, block)
    except ValueError as error:
        logger.warning(
            "no MathML for this formula: %s In: %s", error, latex, location=node
        )
        markup = f"<code>{html.escape(latex)}</code>"
    if block:
        label = node.get("label")
        anchor = f' id="equation-{html.escape(label)}"' if label else ""
        # Focusable, because a wide formula scrolls inside its box.
        markup = f'<div class="math-block"{anchor} tabindex="0">{markup}</div>\n'
    translator.body.append(markup)


def visit_inline(translator, node):
    """Write an inline formula."""
    write(translator, node, block=False)
    raise SkipNode


def visit_block(translator, node):
    """Write a displayed formula."""
    write(translator, node, block=True)
    raise SkipNode


def setup(app):
    """Register the renderer; with it registered, Sphinx leaves MathJax out."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
