/** The reader's own framework on a page: what is used, what is kept, what breaks. */

import { exerciseOf } from "../exercise/check.js";
import { culprits, suspicious, verdict } from "./blame.js";
import { Framework } from "./framework.js";
import { FrameworkPanel } from "./framework-panel.js";
import { Keeper } from "./keeper.js";

export class Own {
  /**
   * @param {object} page see page.js
   * @param {{bar: Bar, cells: Cell[]}} parts
   * @param {() => ?Live} live the page's commands, once they are there
   */
  constructor(page, { bar, cells }, live) {
    Object.assign(this, { cells, live });
    this.framework = new Framework(page.framework);
    this.panel = new FrameworkPanel(this.framework, bar.notices, {
      choose: (use, module) => this.choose(use, module),
      again: () => this.live()?.again(),
    });
    const tell = (words) => bar.notice(words);
    this.keeper = new Keeper(this.framework, page.cells, cells, tell);
    // Another tab may have kept a module, or taken the reference.
    window.addEventListener("storage", () => this.panel.show());
    window.addEventListener("pageshow", () => this.panel.show());
  }

  /** Give a fresh Python the reader's modules. */
  async prepare(session, tell) {
    await this.framework.prepare(session, tell);
    this.panel.show();
  }

  /** The engine's state has changed. */
  update(state) {
    if (state === this.state) return; // said anew for each cell that runs
    this.state = state;
    if (["off", "starting", "failed"].includes(state)) this.framework.leave();
    this.panel.locked = ["starting", "busy"].includes(state);
    this.panel.show();
  }

  /** Take the reference or the reader's module; a running Python is made anew for it. */
  choose(use, module) {
    this.framework.choose(use, module);
    this.panel.show();
    const live = this.live();
    if (live?.session && this.framework.outdated) live.again();
  }

  /** A cell has run: note what passed, and look for the cause of what failed. */
  ended(job, result, { session, runner }) {
    if (job.replayed) return;
    if (result.status === "ok") this.keeper.note(job, runner.ran);
    else if (suspicious(job, result, this.framework)) {
      this.look(session, job, runner.ran).catch(() => undefined);
    }
  }

  /** Nothing runs: there is time to keep what has passed. */
  async settle(session) {
    const { exercises, words } = await this.keeper.settle(session);
    if (!exercises.length) return;
    for (const id of exercises) {
      const cell = this.cells.find((one) => one.id === id);
      if (words) cell.exercise.add(words);
    }
    this.panel.show();
  }

  async look(session, job, ran) {
    const { cell } = job;
    const { result } = cell;
    const modules = await culprits(session, job, ran);
    const rows = this.framework.rows.filter(({ module }) => modules.includes(module));
    const over = cell.result !== result || this.live()?.session !== session;
    if (!rows.length || over) return;
    for (const { module } of rows) {
      const words = `makes ${cell.name} of this page fail, which runs with the reference`;
      this.framework.accuse(module, words);
    }
    const take = () => {
      for (const { module } of rows) this.framework.choose("reference", module);
      this.panel.show();
      this.live()?.again();
    };
    const offers = [{ words: "Use the reference", action: take }];
    const checked = exerciseOf(cell, this.cells);
    if (job.batch.kind === "check") checked?.exercise.add(verdict(rows), offers);
    cell.say(verdict(rows), offers);
    this.panel.show();
  }
}
