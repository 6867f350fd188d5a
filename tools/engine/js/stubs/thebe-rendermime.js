// Takes the place of thebe-core's registry, which brings MathJax 2 from a CDN.

import { makeRenderMime } from '../rendermime.js';

export const makeRenderMimeRegistry = () => makeRenderMime();
