/**
 * Entry point of pages with cells: makes the bar and the cells. No file of an engine is
 * loaded until the reader goes live.
 */

import { Bar } from "./page/bar.js";
import { Cell } from "./cell/cell.js";
import { checkOf, runCheck } from "./exercise/check.js";
import { findComputer, listEngines, preselect } from "./engine/engines.js";
import { here } from "./base/here.js";
import { Live } from "./page/live.js";
import { Own } from "./own/own.js";
import { keepFiles, offlineState } from "./offline/offline.js";
import { readPage, siteUrl } from "./base/page-data.js";
import { EditStore, rememberedEngine } from "./base/edit-store.js";

/** @import { CellActions, PageData } from "./base/types.js" */

const UPDATED =
  "The book has changed since this page was opened, and what it would fetch now is of " +
  "the new one. Reload the page; your edits are kept.";

/**
 * Set the page up, so that its cells can go live.
 *
 * @param {PageData} page
 */
async function prepare(page) {
  /** @type {?Live} null until the engines that can be used are known */
  let live = null;
  const bar = makeBar(page, () => live);
  const cells = makeCells(page, () => live);
  const store = new EditStore(page.chapter, (words) => bar.notice(words));
  const own = new Own(page, { bar, cells }, () => live);
  requestAnimationFrame(() => cells.forEach((cell) => cell.output.fit()));
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  store.watch((id, edit) => byId.get(id)?.edits.follow(edit));
  const engines = listEngines(page, await findComputer(page, siteUrl(page)));
  const chosen = preselect(engines, rememberedEngine(), page);
  bar.offerEngines(engines, chosen);
  live = new Live(page, { bar, cells, store, own, engines, chosen });
  saveWhenLeft(live);
  document.addEventListener("tt-updated", () => bar.notice(UPDATED), { once: true });
  Object.assign(here, { cells, store, refresh: () => live.refresh() });
}

/**
 * Return the bar above the chapter.
 *
 * @param {PageData} page
 * @param {() => ?Live} commands returns the page's Live; as long as it returns null,
 *   the bar's buttons do nothing
 */
function makeBar(page, commands) {
  /** @type {HTMLElement} */
  const article = document.querySelector("article") ?? document.body;
  const bar = new Bar(article, {
    start: () => commands()?.start(),
    runAll: () => commands()?.runAll(),
    stop: () => commands()?.stop(),
    resetAll: () => commands()?.resetAll(),
    choose: (name) => commands()?.choose(name),
    onState: (state) => {
      const live = commands();
      bar.count(live?.runner.ran.size ?? 0, page.cells.length);
      if (state === "ready" && live.engine.name === "browser") keepEngine();
    },
  });
  bar.offer({ start: "Go live", live: false, running: false, edited: false });
  bar.start.disabled = true;
  return bar;
}

/**
 * Return the page's cells, in order.
 *
 * @param {PageData} page
 * @param {() => ?Live} commands returns the page's Live; as long as it returns null,
 *   the buttons that run cells do nothing
 */
function makeCells(page, commands) {
  const total = page.cells.length;
  /** @type {Cell[]} */
  const cells = page.cells.map((data, index) => {
    /** @type {HTMLElement} */
    const element = document.querySelector(`[data-cell-id="${CSS.escape(data.id)}"]`);
    const check = (cell) => commands() && runCheck(commands(), cell);
    /** @type {CellActions} */
    const actions = {
      run: (cell) => commands()?.run(cell),
      runAbove: (cell) => commands()?.runAbove(cell),
      next: (cell) => cells[cells.indexOf(cell) + 1]?.focus(),
      reset: (cell) => cell.reset(),
      cells: () => cells,
      check: checkOf(data, page.cells) ? check : null,
      changed: (cell) => {
        commands()?.offer();
        commands()?.edited(cell);
      },
    };
    return new Cell(element, data, { number: index + 1, total }, actions);
  });
  return cells;
}

/**
 * Save edits whenever the page may be about to close, and end the kernel when it
 * closes.
 *
 * @param {Live} live
 */
function saveWhenLeft(live) {
  const save = () => live.cells.forEach((cell) => cell.save());
  // A phone may close a page in the background without another event.
  document.addEventListener("visibilitychange", save);
  window.addEventListener("pagehide", ({ persisted }) => {
    save();
    // A page in the browser's back-forward cache keeps its kernel.
    if (!persisted) live.end();
  });
}

let keeping = false; // whether keepEngine has been called before

/**
 * After this page's first start of Python, cache engine and pages for offline reading.
 */
function keepEngine() {
  if (keeping || offlineState() !== "on") return;
  keeping = true;
  // An error is ignored: files that are not cached are fetched when they are needed.
  for (const kind of /** @type {const} */ (["engine", "pages"])) {
    keepFiles(kind).catch(() => {});
  }
}

const thisPage = readPage();
if (thisPage) prepare(thisPage);
