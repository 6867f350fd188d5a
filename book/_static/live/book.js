/** On every page: the map of progress, and the panel "Your work" when it is opened. */

import { showMap } from "./page/map.js";
import { CHANGED, isProgress, passedIn } from "./exercise/progress.js";

const ROOT = new URL("../../", import.meta.url);
const PANEL = "your-work";
let chapters = null;

/** The chapters of the book, as the build lists them; fetched once. */
export function loadChapters() {
  chapters ??= fetchChapters();
  chapters.catch(() => {
    chapters = null; // the next one to ask tries again
  });
  return chapters;
}

async function fetchChapters() {
  const response = await fetch(new URL("_static/chapters.json", ROOT));
  if (!response.ok) throw new Error(`chapters.json: ${response.status}`);
  return (await response.json()).chapters;
}

async function update() {
  let passed;
  try {
    passed = passedIn(window.localStorage);
  } catch {
    return; // a blocked storage holds no progress
  }
  if (!passed.size && !chapters) return; // nothing to show, nothing to load
  try {
    showMap(await loadChapters(), passed, ROOT);
  } catch {
    // The page reads whole without the map.
  }
}

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
    // A second press on the link changes no address.
    if (target.closest?.(`a[href$="#${PANEL}"]`)) setTimeout(openIfAsked);
  });
  openIfAsked();
  fill();
}

update();
window.addEventListener(CHANGED, update);
window.addEventListener("storage", ({ key }) => {
  if (isProgress(key)) update();
});
const panel = document.querySelector(`details#${PANEL}`);
if (panel) watchPanel(panel);
