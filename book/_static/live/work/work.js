/** The panel "Your work": progress, files to take away, files to bring back in. */

import { make } from "../base/dom.js";
import { Intake } from "./intake.js";
import { marksOf, progressInWords, SAID } from "../page/map.js";
import { CHANGED, countPassed, isProgress, passedIn } from "../exercise/progress.js";
import { Takeaway } from "./takeaway.js";
import { reasonOf, sentence } from "../base/words.js";

/** @import { ChapterEntry } from "../base/types.js" */

/**
 * Fill the panel.
 *
 * @param {HTMLElement} panel the `<details>`; `data-chapter` names the page's chapter
 * @param {{root: URL, loadChapters: () => Promise<ChapterEntry[]>}} site `root`: its
 *   address, which ends in a slash
 */
export async function fillPanel(panel, { root, loadChapters }) {
  const said = make("div", { class: "tt-work-said", role: "status" });
  try {
    const chapters = await loadChapters();
    const site = new Site(root, chapters);
    const slug = panel.dataset.chapter;
    const current = chapters.find(({ chapter }) => chapter === slug) ?? null;
    const say = (words) => {
      said.replaceChildren(...words.map((one) => make("p", {}, one)));
    };
    const away = new Takeaway(site, current, say);
    const intake = new Intake(site, say);
    const parts = [away.element, intake.element, said, intake.choices.element];
    if (current) parts.unshift(progressOf(current));
    panel.replaceChildren(panel.querySelector("summary"), ...parts);
    intake.takeDrops(panel);
  } catch (error) {
    delete panel.dataset.filled; // the next opening tries again
    const words = `This could not be loaded: ${sentence(reasonOf(error))}`;
    said.append(make("p", {}, words, " Close and open it to try again."));
    panel.replaceChildren(panel.querySelector("summary"), said);
  }
}

/** The published book, as far as the panel needs it. */
export class Site {
  /**
   * @param {URL} root
   * @param {ChapterEntry[]} chapters
   */
  constructor(root, chapters) {
    this.root = root;
    this.chapters = chapters;
  }

  /**
   * Fetch a file.
   *
   * @param {string} path below the site's root
   * @returns {Promise<string>} its text
   * @throws {Error} where it is not there
   */
  async load(path) {
    const response = await fetch(new URL(path, this.root));
    if (!response.ok) throw new Error(`${path}: the server said ${response.status}`);
    return response.text();
  }
}

/**
 * Make the lines that say which exercises of a chapter have passed.
 *
 * @param {ChapterEntry} chapter
 */
function progressOf(chapter) {
  const line = make("p", { class: "tt-passed" });
  const list = make("ul", { class: "tt-work-exercises" });
  const update = () => {
    let passed = new Map();
    try {
      passed = passedIn(window.localStorage);
    } catch {
      // A blocked storage has no progress.
    }
    const counted = countPassed(chapter.exercises, passed);
    line.replaceChildren(marksOf(counted), `Exercises: ${progressInWords(counted)}.`);
    list.replaceChildren(
      ...chapter.exercises.map(([id], index) => {
        const mark = counted.marks[index];
        const link = make("a", { href: `#cell-${id}` }, id);
        return make("li", {}, link, `: ${SAID[mark]}`);
      }),
    );
  };
  update();
  window.addEventListener(CHANGED, update);
  window.addEventListener("storage", ({ key }) => {
    if (isProgress(key)) update();
  });
  const summary = make("summary", {}, "Which ones");
  return make("div", {}, line, make("details", {}, summary, list));
}
