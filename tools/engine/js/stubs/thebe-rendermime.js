// Replaces thebe-core's own registry of renderers, which would load MathJax 2 from a CDN.

import { makeRenderMime } from '../rendermime.js';

export const makeRenderMimeRegistry = () => makeRenderMime();
