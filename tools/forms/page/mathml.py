"""Sphinx extension that writes formulas as MathML while the book is built.

Browsers render MathML themselves, so that a page needs neither MathJax nor a math font.
docutils converts LaTeX to MathML. For LaTeX that docutils does not know, a warning
names the place, and the build's option -W makes the warning an error.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from docutils.nodes import SkipNode, math, math_block
from docutils.utils.math import MathError, pick_math_environment, toplevel_code
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

# {command that authors write and docutils does not know: the same one it knows}.
ALIASES = {r"\dots": r"\ldots", r"\dotsc": r"\ldots", r"\dotsb": r"\cdots"}
ALIAS = re.compile(r"\\(?:dots[bc]?)(?![A-Za-z])")
# docutils puts U+2061 after a function's name, where browsers leave no space. `log x`
# therefore gets a space of ours; `log (x)` needs none.
APPLIED = re.compile(r"<mo>&ApplyFunction;</mo>(?!(?:<mrow>)?<mo)")
# {environment that authors also use: the one that docutils knows}.
OUTER = {"align": "aligned", "gather": "gathered"}


def convert(latex: str, block: bool = False) -> str:
    """Return LaTeX (without dollar signs) as one line of MathML.

    Args: block, True for a displayed formula, whose lines (separated by a double
        backslash) are aligned at their ampersands.
    Raises: ValueError for LaTeX that docutils does not know or that is incomplete.
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
        # docutils' parser raises these errors for LaTeX that ends too early.
        raise ValueError("The formula is not complete.") from error
    markup = "".join(line.strip() for line in markup.splitlines())
    return APPLIED.sub(r'\g<0><mspace width="0.17em"/>', markup)


def write(translator: HTML5Translator, node: math | math_block, block: bool) -> None:
    """Append a formula's MathML to the page's HTML.

    If it cannot be converted, log a warning and append its LaTeX as `<code>`.
    """
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
        # Focusable, so that a wide formula can be scrolled with the keyboard.
        markup = f'<div class="math-block"{anchor} tabindex="0">{markup}</div>\n'
    translator.body.append(markup)


def visit_inline(translator: HTML5Translator, node: math) -> None:
    """Write an inline formula."""
    write(translator, node, block=False)
    raise SkipNode


def visit_block(translator: HTML5Translator, node: math_block) -> None:
    """Write a displayed formula."""
    write(translator, node, block=True)
    raise SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the renderer; with it registered, Sphinx leaves MathJax out."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
