/** Prepares a page whose cells can go live. Nothing of an engine is loaded here. */

import { Bar } from "./bar.js";
import { Cell } from "./cell.js";
import { runCheck } from "./check.js";
import { findComputer, listEngines, preselect } from "./engines.js";
import { Live } from "./live.js";
import { readPage, siteUrl } from "./page.js";
import { EditStore, rememberedEngine } from "./store.js";

async function prepare(page) {
  let live = null;
  const article = document.querySelector("article") ?? document.body;
  const bar = new Bar(article, {
    start: () => live?.start(),
    runAll: () => live?.runAll(),
    stop: () => live?.stop(),
    resetAll: () => live?.resetAll(),
    choose: (name) => live?.choose(name),
  });
  bar.offer({ start: "Go live", live: false, running: false, edited: false });
  bar.start.disabled = true;
  const store = new EditStore(page.chapter, (words) => bar.notice(words));
  const total = page.cells.length;
  const ids = new Set(page.cells.map(({ id }) => id));
  const cells = page.cells.map((data, index) => {
    const element = document.querySelector(`[data-cell-id="${CSS.escape(data.id)}"]`);
    return new Cell(element, data, { number: index + 1, total }, {
      run: (cell) => live?.run(cell),
      runAbove: (cell) => live?.runAbove(cell),
      reset: (cell) => cell.reset(),
      check: ids.has(`${data.id}-check`) ? (cell) => live && runCheck(live, cell) : null,
      changed: (cell) => {
        live?.offer();
        live?.edited(cell);
      },
    });
  });
  requestAnimationFrame(() => cells.forEach((cell) => cell.output.fit()));
  const engines = listEngines(page, await findComputer(page, siteUrl(page)));
  const chosen = preselect(engines, rememberedEngine(), page);
  bar.offerEngines(engines, chosen);
  live = new Live(page, { bar, cells, store, engines, chosen });
  const save = () => cells.forEach((cell) => cell.save());
  document.addEventListener("visibilitychange", save);
  window.addEventListener("pagehide", ({ persisted }) => {
    save();
    if (!persisted) live.end();
  });
}

const page = readPage();
if (page) prepare(page);
