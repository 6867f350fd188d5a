/** Shows a line diff of two texts as elements of the page. */

import { diff } from "./diff.js";
import { make } from "../base/dom.js";

/**
 * Make a row for each line of a diff.
 *
 * @param {string} before
 * @param {string} after
 * @param {{"-": string, "+": string}} whose words before a line that is only in the one
 *   or the other text, for screen readers, which do not read its sign
 * @returns {HTMLElement[]}
 */
export function diffRows(before, after, whose) {
  return diff(before, after).map(({ sign, line }) =>
    make(
      "span",
      { class: "tt-line", "data-sign": sign },
      make("span", { class: "tt-unseen" }, whose[sign] ?? ""),
      `${sign} ${line}\n`,
    ),
  );
}
