/** Entry point of every page with a text: the map of progress, the panel "Your work". */

import { showMap } from "./page/map.js";
import { openStorage } from "./base/storage.js";
import { CHANGED, isProgress, passedIn } from "./exercise/progress.js";

/** @import { ChapterEntry } from "./base/types.js" */

const ROOT = new URL("../../", import.meta.url);
const PANEL = "your-work";
/** @type {?Promise<ChapterEntry[]>} */
let chapters = null;

/**
 * Fetch the list of chapters, once.
 *
 * @returns {Promise<ChapterEntry[]>} rejects where it cannot be fetched
 */
function loadChapters() {
  chapters ??= fetchChapters();
  chapters.catch(() => {
    chapters = null; // the next call tries again
  });
  return chapters;
}

async function fetchChapters() {
  const response = await fetch(new URL("_static/chapters.json", ROOT));
  if (!response.ok) throw new Error(`chapters.json: ${response.status}`);
  return (await response.json()).chapters;
}

/** Show the map of progress as it is now. */
async function update() {
  const passed = passedIn(openStorage());
  if (!passed.size && !chapters) return; // nothing to show, nothing to load
  try {
    showMap(await loadChapters(), passed, ROOT);
  } catch {
    // The page is complete without the map.
  }
}

/**
 * Fill the panel when it is opened for the first time, and open it where a link leads to
 * it.
 *
 * @param {HTMLDetailsElement} panel
 */
function watchPanel(panel) {
  const fill = async () => {
    if (!panel.open || panel.dataset.filled) return;
    panel.dataset.filled = "yes";
    const { fillPanel } = await import("./work/work.js");
    await fillPanel(panel, { root: ROOT, loadChapters });
  };
  const openIfAsked = () => {
    if (location.hash !== `#${PANEL}`) return;
    panel.open = true;
    panel.scrollIntoView();
  };
  panel.addEventListener("toggle", fill);
  window.addEventListener("hashchange", openIfAsked);
  document.addEventListener("click", ({ target }) => {
    // A second press on the link fires no hashchange: the address is that already.
    const link = target instanceof Element && target.closest(`a[href$="#${PANEL}"]`);
    if (link) setTimeout(openIfAsked);
  });
  openIfAsked();
  fill();
}

update();
window.addEventListener(CHANGED, update);
window.addEventListener("storage", ({ key }) => {
  if (isProgress(key)) update();
});
/** @type {?HTMLDetailsElement} */
const yourWork = document.querySelector(`details#${PANEL}`);
if (yourWork) watchPanel(yourWork);
