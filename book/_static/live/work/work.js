/** The panel "Your work": how far one is, what can be taken along, what comes back. */

import { make } from "../base/dom.js";
import { Intake } from "./intake.js";
import { marksOf, progressInWords, SAID } from "../page/map.js";
import { CHANGED, countPassed, isProgress, passedIn } from "../exercise/progress.js";
import { Takeaway } from "./takeaway.js";
import { reasonOf, sentence } from "../base/words.js";

/**
 * Fill the panel.
 *
 * @param {HTMLElement} panel
 * @param {{root: URL, loadChapters: () => Promise<object[]>}} site
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
    if (current) parts.unshift(howFar(current));
    panel.replaceChildren(panel.querySelector("summary"), ...parts);
    intake.takeDrops(panel);
  } catch (error) {
    delete panel.dataset.filled; // the next opening tries again
    const words = `This could not be loaded: ${sentence(reasonOf(error))}`;
    said.append(make("p", {}, words, " Close and open it to try again."));
    panel.replaceChildren(panel.querySelector("summary"), said);
  }
}

/** What the build published of the book. */
class Site {
  constructor(root, chapters) {
    Object.assign(this, { root, chapters });
  }

  /** The text of one of its files. */
  async load(path) {
    const response = await fetch(new URL(path, this.root));
    if (!response.ok) throw new Error(`${path}: the server said ${response.status}`);
    return response.text();
  }
}

function howFar(chapter) {
  const line = make("p", { class: "tt-passed" });
  const list = make("ul", { class: "tt-work-exercises" });
  const update = () => {
    let passed = new Map();
    try {
      passed = passedIn(window.localStorage);
    } catch {
      // A blocked storage holds none.
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
