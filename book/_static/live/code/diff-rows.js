/** Makes the elements that show a line diff of two texts. */

import { diff } from "./diff.js";
import { make } from "../base/dom.js";

/**
 * Return an element for each line of the diff of two texts.
 *
 * @param {string} before
 * @param {string} after
 * @param {{"-": string, "+": string}} whose words that screen readers, which skip the
 *   signs, read before a line that is only in `before` ("-") or only in `after` ("+")
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
