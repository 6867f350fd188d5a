// Makes JupyterLab's registry of renderers for the outputs of cells.

import {
  RenderMimeRegistry,
  errorRendererFactory,
  htmlRendererFactory,
  imageRendererFactory,
  latexRendererFactory,
  markdownRendererFactory,
  svgRendererFactory,
  textRendererFactory,
} from '@jupyterlab/rendermime';

// What encloses a formula in an output; KaTeX's auto-render option `delimiters`.
const DELIMITERS = [
  { left: '$$', right: '$$', display: true },
  { left: '\\[', right: '\\]', display: true },
  { left: '\\(', right: '\\)', display: false },
  { left: '$', right: '$', display: false },
  { left: '\\begin{equation}', right: '\\end{equation}', display: true },
  { left: '\\begin{align}', right: '\\end{align}', display: true },
];

// The modules for Markdown and math are loaded when the first output needs them.
const markdownParser = {
  async render(source) {
    const { toHTML } = await import('./markdown.js');
    return toHTML(source);
  },
};

const latexTypesetter = {
  async typeset(node) {
    if (!/[$\\]/.test(node.textContent)) return;
    const { typeset } = await import('./math.js');
    typeset(node, DELIMITERS);
  },
};

/** Returns a new registry for text, errors, HTML, SVG, images, Markdown and LaTeX. */
export function makeRenderMime() {
  return new RenderMimeRegistry({
    initialFactories: [
      htmlRendererFactory,
      markdownRendererFactory,
      latexRendererFactory,
      svgRendererFactory,
      imageRendererFactory,
      errorRendererFactory,
      textRendererFactory,
    ],
    latexTypesetter,
    markdownParser,
  });
}
