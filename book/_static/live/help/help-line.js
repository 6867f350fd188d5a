/** Shows the sentence about an error. */

import { make } from "../base/dom.js";

/**
 * @param {{words: string, go: ?string}} help see help.js; what stands in backticks is code
 * @returns {HTMLElement}
 */
export function helpLine({ words, go }) {
  const parts = words
    .split("`")
    .map((part, index) => (index % 2 ? make("code", {}, part) : part));
  const line = make("p", { "data-part": "help", class: "tt-help" }, ...parts);
  if (go) line.append(" ", make("a", { href: `#cell-${go}` }, "Go to it"));
  return line;
}
