/** The map of progress: how many exercises of each chapter have passed. */

import { make } from "../base/dom.js";
import { countPassed } from "../exercise/progress.js";

/** @import { ChapterEntry, PassedTimes } from "../base/types.js" */
/** @typedef {ReturnType<typeof countPassed>} Counted */

/** The words for the marks that countPassed gives to exercises. */
export const SAID = {
  passed: "passed",
  older: "passed in an earlier version",
  open: "open",
};

/**
 * Show each chapter's number of passed exercises in the sidebar and, on a page with the
 * map of progress, in the map.
 *
 * @param {ChapterEntry[]} chapters
 * @param {PassedTimes} passed
 * @param {URL} root the address of the site's root
 */
export function showMap(chapters, passed, root) {
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const found = document.querySelectorAll("nav.bd-links a");
  const links = [...found];
  for (const chapter of chapters) {
    const counted = countPassed(chapter.exercises, passed);
    const address = new URL(chapter.page, root).pathname;
    const link = links.find(({ href }) => new URL(href).pathname === address);
    if (link && counted.total) put(link, ...inShort(counted));
    const row = `.tt-map [data-chapter="${CSS.escape(chapter.chapter)}"] .tt-passed`;
    document.querySelector(row)?.replaceChildren(...inFull(counted));
  }
}

/**
 * Return a count as text: "3 of 7 passed, 1 more in an earlier version".
 *
 * @param {Counted} counted
 */
export function progressInWords({ passed, older, total }) {
  const before = older ? `, ${older} more in an earlier version` : "";
  return `${passed} of ${total} passed${before}`;
}

/**
 * Return a row with a small mark for each exercise. It is hidden from screen readers,
 * since the text beside it says the same.
 *
 * @param {Counted} counted
 */
export function marksOf({ marks }) {
  const each = marks.map((mark) =>
    make("span", { "data-mark": mark, title: SAID[mark] }),
  );
  return make("span", { class: "tt-marks-row", "aria-hidden": "true" }, ...each);
}

/** @param {Counted} counted */
function inFull(counted) {
  return counted.total ? [marksOf(counted), progressInWords(counted)] : [];
}

/** @param {Counted} counted */
function inShort({ passed, total }) {
  return [
    make("span", { "aria-hidden": "true" }, `${passed}/${total}`),
    make("span", { class: "tt-unseen" }, `, ${passed} of ${total} exercises passed`),
  ];
}

/**
 * Put nodes at the end of a link of the sidebar, in place of those put there before.
 */
function put(link, ...children) {
  let place = link.querySelector(".tt-passed");
  if (!place) {
    place = make("span", { class: "tt-passed" });
    link.append(place);
  }
  place.replaceChildren(...children);
}
