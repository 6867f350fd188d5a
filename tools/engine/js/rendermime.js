// Makes the registry of renderers for outputs, with Markdown and LaTeX.

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

const DELIMITERS = [
  { left: '$$', right: '$$', display: true },
  { left: '\\[', right: '\\]', display: true },
  { left: '\\(', right: '\\)', display: false },
  { left: '$', right: '$', display: false },
  { left: '\\begin{equation}', right: '\\end{equation}', display: true },
  { left: '\\begin{align}', right: '\\end{align}', display: true },
];

// Modules for Markdown and math are loaded with the first output that needs them.
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

/** Returns a new registry: text, errors, HTML, SVG, images, Markdown, LaTeX. */
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
