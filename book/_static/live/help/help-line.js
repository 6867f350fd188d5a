/** Makes the element that shows help about an error. */

import { make } from "../base/dom.js";

/** @import { Help } from "../base/types.js" */

/**
 * Return a paragraph with the help's sentence and, if it names a cell, a link to the
 * cell.
 *
 * @param {Help} help
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
