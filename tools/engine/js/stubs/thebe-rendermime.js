// Replaces thebe-core's registry of renderers, which loads MathJax 2 from a CDN.

import { makeRenderMime } from '../rendermime.js';

export const makeRenderMimeRegistry = () => makeRenderMime();
