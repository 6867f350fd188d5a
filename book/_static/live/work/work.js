/** The panel "Your work": shows progress, exports files and imports them. */

import { make } from "../base/dom.js";
import { Intake } from "./intake.js";
import { marksOf, progressInWords, SAID } from "../page/map.js";
import { CHANGED, countPassed, isProgress, passedIn } from "../exercise/progress.js";
import { Takeaway } from "./takeaway.js";
import { reasonOf, sentence } from "../base/words.js";

/** @import { ChapterEntry } from "../base/types.js" */

/**
 * Fill the panel, or show in it why the list of chapters could not be loaded.
 *
 * @param {HTMLElement} panel the `<details>`; `data-chapter` names the page's chapter
 * @param {{root: URL, loadChapters: () => Promise<ChapterEntry[]>}} site `root`: the
 *   address of the site's root, ending in a slash
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
    delete panel.dataset.filled; // so that opening the panel again tries again
    const words = `This could not be loaded: ${sentence(reasonOf(error))}`;
    said.append(make("p", {}, words, " Close and open it to try again."));
    panel.replaceChildren(panel.querySelector("summary"), said);
  }
}

/** The published site: its root, its chapters and its files. */
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
   * Fetch the text of a file of the site.
   *
   * @param {string} path relative to the site's root
   * @returns {Promise<string>}
   * @throws {Error} if there is no network or the server does not have the file
   */
  async load(path) {
    const response = await fetch(new URL(path, this.root));
    if (!response.ok) throw new Error(`${path}: the server said ${response.status}`);
    return response.text();
  }
}

/**
 * Return an element that shows which exercises of a chapter have passed, and that
 * updates itself.
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
      // The storage is blocked, so no exercise is known to have passed.
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
