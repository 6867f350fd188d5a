/** Entry point of a page whose cells can go live. It loads nothing of an engine. */

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

/** @param {PageData} page */
async function prepare(page) {
  /** @type {?Live} null until it is known which engines there are */
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
 * Make the bar above the chapter. Its buttons wait until there are commands.
 *
 * @param {PageData} page
 * @param {() => ?Live} commands
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
 * Make the page's cells, in order.
 *
 * @param {PageData} page
 * @param {() => ?Live} commands
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
 * Save edits when the page may be about to go, and end the kernel when it goes.
 *
 * @param {Live} live
 */
function saveWhenLeft(live) {
  const save = () => live.cells.forEach((cell) => cell.save());
  // A phone may end a page that is out of sight without telling it.
  document.addEventListener("visibilitychange", save);
  window.addEventListener("pagehide", ({ persisted }) => {
    save();
    // A page that the browser keeps for the Back button keeps its Python, too.
    if (!persisted) live.end();
  });
}

let keeping = false; // whether keepEngine has been called before

/** After the first start, cache the engine and the pages for offline use. */
function keepEngine() {
  if (keeping || offlineState() !== "on") return;
  keeping = true;
  // A part that cannot be cached is fetched again when needed: nothing is to be said.
  for (const kind of /** @type {const} */ (["engine", "pages"])) {
    keepFiles(kind).catch(() => {});
  }
}

const thisPage = readPage();
if (thisPage) prepare(thisPage);
