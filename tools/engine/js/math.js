// Renders math in outputs as MathML, which needs neither fonts nor a style sheet.

import renderMathInElement from 'katex/contrib/auto-render';

/**
 * Replaces the formulas in a node by MathML. KaTeX shows a formula that it cannot read as
 * its source.
 *
 * @param {HTMLElement} node
 * @param {{left: string, right: string, display: boolean}[]} delimiters
 */
export function typeset(node, delimiters) {
  renderMathInElement(node, { delimiters, output: 'mathml', throwOnError: false });
}
