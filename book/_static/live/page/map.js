/** The quiet map of the book: how many exercises of each chapter have passed. */

import { make } from "../base/dom.js";
import { countPassed } from "../exercise/progress.js";

export const SAID = {
  passed: "passed",
  older: "passed in an earlier version",
  open: "open",
};

/**
 * Show the map in the sidebar and, where it is, on the page.
 *
 * @param {object[]} chapters see chapters.json
 * @param {Map} passed see passedIn
 * @param {URL} root of the site
 */
export function showMap(chapters, passed, root) {
  const links = [...document.querySelectorAll("nav.bd-links a")];
  for (const chapter of chapters) {
    const counted = countPassed(chapter.exercises, passed);
    const address = new URL(chapter.page, root).pathname;
    const link = links.find(({ href }) => new URL(href).pathname === address);
    if (link && counted.total) put(link, ...inShort(counted));
    const row = `.tt-map [data-chapter="${CSS.escape(chapter.chapter)}"] .tt-passed`;
    document.querySelector(row)?.replaceChildren(...inFull(counted));
  }
}

/** A count as words: "3 of 7 passed, 1 in an earlier version". */
export function inWords({ passed, older, total }) {
  const before = older ? `, ${older} more in an earlier version` : "";
  return `${passed} of ${total} passed${before}`;
}

/** A small mark for each exercise; words beside it say the same. */
export function marksOf({ marks }) {
  const each = marks.map((mark) =>
    make("span", { "data-mark": mark, title: SAID[mark] }),
  );
  return make("span", { class: "tt-marks-row", "aria-hidden": "true" }, ...each);
}

function inFull(counted) {
  return counted.total ? [marksOf(counted), inWords(counted)] : [];
}

function inShort({ passed, total }) {
  return [
    make("span", { "aria-hidden": "true" }, `${passed}/${total}`),
    make("span", { class: "tt-unseen" }, `, ${passed} of ${total} exercises passed`),
  ];
}

function put(link, ...children) {
  let place = link.querySelector(".tt-passed");
  if (!place) {
    place = make("span", { class: "tt-passed" });
    link.append(place);
  }
  place.replaceChildren(...children);
}
