// Math in outputs, set as MathML: no fonts and no style sheet needed.

import renderMathInElement from 'katex/contrib/auto-render';

/** Sets the math in a node; what KaTeX cannot read stays as it was typed. */
export function typeset(node, delimiters) {
  renderMathInElement(node, { delimiters, output: 'mathml', throwOnError: false });
}
