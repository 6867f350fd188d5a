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
 * Return the list of chapters, which is fetched at the first call.
 *
 * @returns {Promise<ChapterEntry[]>} rejects if the list cannot be fetched; the next
 *   call then tries again
 */
function loadChapters() {
  chapters ??= fetchChapters();
  chapters.catch(() => {
    chapters = null; // so that the next call tries again
  });
  return chapters;
}

async function fetchChapters() {
  const response = await fetch(new URL("_static/chapters.json", ROOT));
  if (!response.ok) throw new Error(`chapters.json: ${response.status}`);
  return (await response.json()).chapters;
}

/** Show the present progress in the sidebar and the map. */
async function update() {
  const passed = passedIn(openStorage());
  if (!passed.size && !chapters) return; // no progress, so the list need not be fetched
  try {
    showMap(await loadChapters(), passed, ROOT);
  } catch {
    // The page can be read without the map.
  }
}

/**
 * Fill the panel "Your work" when it is first opened, and open it when the reader
 * follows a link to it.
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
    // If the address ends in the link's hash already, a click fires no hashchange.
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
