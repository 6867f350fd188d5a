/** Prepares a page whose cells can go live. Nothing of an engine is loaded here. */

import { Bar } from "./page/bar.js";
import { Cell } from "./cell/cell.js";
import { runCheck } from "./exercise/check.js";
import { findComputer, listEngines, preselect } from "./engine/engines.js";
import { here } from "./base/here.js";
import { Live } from "./page/live.js";
import { Own } from "./own/own.js";
import { keepFiles, offlineState } from "./offline/offline.js";
import { readPage, siteUrl } from "./base/page-data.js";
import { EditStore, rememberedEngine } from "./base/store.js";

const UPDATED =
  "The book has changed since this page was opened, and what it would fetch now is of " +
  "the new one. Reload the page; your edits are kept.";

async function prepare(page) {
  let live = null;
  const total = page.cells.length;
  const article = document.querySelector("article") ?? document.body;
  const bar = new Bar(article, {
    start: () => live?.start(),
    runAll: () => live?.runAll(),
    stop: () => live?.stop(),
    resetAll: () => live?.resetAll(),
    choose: (name) => live?.choose(name),
    onState: (state) => {
      bar.count(live?.runner.ran.size ?? 0, total);
      if (state === "ready" && live.engine.name === "browser") keepEngine();
    },
  });
  bar.offer({ start: "Go live", live: false, running: false, edited: false });
  bar.start.disabled = true;
  const store = new EditStore(page.chapter, (words) => bar.notice(words));
  const ids = new Set(page.cells.map(({ id }) => id));
  const cells = page.cells.map((data, index) => {
    const element = document.querySelector(`[data-cell-id="${CSS.escape(data.id)}"]`);
    return new Cell(element, data, { number: index + 1, total }, {
      run: (cell) => live?.run(cell),
      runAbove: (cell) => live?.runAbove(cell),
      next: (cell) => cells[cells.indexOf(cell) + 1]?.focus(),
      reset: (cell) => cell.reset(),
      cells: () => cells,
      check: ids.has(`${data.id}-check`) ? (cell) => live && runCheck(live, cell) : null,
      changed: (cell) => {
        live?.offer();
        live?.edited(cell);
      },
    });
  });
  const own = new Own(page, { bar, cells }, () => live);
  requestAnimationFrame(() => cells.forEach((cell) => cell.output.fit()));
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  store.watch((id, record) => byId.get(id)?.follow(record));
  const engines = listEngines(page, await findComputer(page, siteUrl(page)));
  const chosen = preselect(engines, rememberedEngine(), page);
  bar.offerEngines(engines, chosen);
  live = new Live(page, { bar, cells, store, own, engines, chosen });
  const save = () => cells.forEach((cell) => cell.save());
  document.addEventListener("visibilitychange", save);
  document.addEventListener("tt-updated", () => bar.notice(UPDATED), { once: true });
  window.addEventListener("pagehide", ({ persisted }) => {
    save();
    if (!persisted) live.end();
  });
  Object.assign(here, { cells, store, refresh: () => live.refresh() });
}

/** Who has gone live can do so again without a network. */
let keeping = false;
function keepEngine() {
  if (keeping || offlineState() !== "on") return;
  keeping = true;
  // What cannot be kept is fetched again: nothing is lost, and nothing is said.
  for (const kind of /** @type {const} */ (["engine", "pages"])) {
    keepFiles(kind).catch(() => {});
  }
}

const page = readPage();
if (page) prepare(page);
