/**
 * The reader's own framework on a page: makes Python use the reader's modules, stores
 * the exercises that pass, and finds the module that makes a cell fail.
 */

import { exerciseOf } from "../exercise/check.js";
import { blameWords, culprits, suspicious } from "./blame.js";
import { Framework } from "./framework.js";
import { FrameworkPanel } from "./framework-panel.js";
import { Keeper } from "./keeper.js";

/**
 * @import { PageData, RanCells, RunResult } from "../base/types.js"
 * @import { Cell } from "../cell/cell.js"
 * @import { Tell } from "../engine/interface.js"
 * @import { Job } from "../engine/runner.js"
 * @import { Session } from "../engine/session.js"
 * @import { Bar } from "../page/bar.js"
 * @import { Live } from "../page/live.js"
 */

export class Own {
  /** The state that `update` was last called with. @type {string} */
  state;

  /**
   * @param {PageData} page
   * @param {{bar: Bar, cells: Cell[]}} parts
   * @param {() => ?Live} live returns the page's Live, or null before it is made
   */
  constructor(page, { bar, cells }, live) {
    this.cells = cells;
    this.live = live;
    this.framework = new Framework(page.framework);
    this.panel = new FrameworkPanel(this.framework, bar.notices, {
      choose: (use, module) => this.choose(use, module),
      again: () => this.live()?.again(),
    });
    const tell = (words) => bar.notice(words);
    this.keeper = new Keeper(this.framework, page.cells, cells, tell);
    // Another tab may have stored a module or a choice while this page was open, or
    // while it was in the browser's back-forward cache.
    window.addEventListener("storage", () => this.panel.show());
    window.addEventListener("pageshow", () => this.panel.show());
  }

  /**
   * Make a new kernel use the reader's modules, and update the panel.
   *
   * @param {Session} session the new kernel
   * @param {Tell} tell
   */
  async prepare(session, tell) {
    await this.framework.prepare(session, tell);
    this.panel.show();
  }

  /**
   * Handle a new state of the page: lock or unlock the panel's switches.
   *
   * @param {"off" | "starting" | "ready" | "busy" | "failed"} state
   */
  update(state) {
    if (state === this.state) return; // "busy" is reported for each cell that runs
    this.state = state;
    if (["off", "starting", "failed"].includes(state)) this.framework.leave();
    this.panel.locked = ["starting", "busy"].includes(state);
    this.panel.show();
  }

  /**
   * Choose the reference or the reader's module. A running Python that does not fit the
   * choice is restarted.
   *
   * @param {"yours" | "reference"} use
   * @param {?string} module the module's name; null for all modules
   */
  choose(use, module) {
    this.framework.choose(use, module);
    this.panel.show();
    const live = this.live();
    if (live?.session && this.framework.outdated) live.again();
  }

  /**
   * After a run, note an exercise that has passed, or look for the cause of an error.
   * Does nothing after a replay.
   *
   * @param {Job} job the job that has ended
   * @param {RunResult} result
   * @param {Pick<Live, "session" | "runner">} live
   */
  ended(job, result, { session, runner }) {
    if (job.replayed) return;
    if (result.status === "ok") this.keeper.note(job, runner.ran);
    else if (suspicious(job, result, this.framework)) {
      this.look(session, job, runner.ran).catch(() => undefined);
    }
  }

  /**
   * Store the exercises that have passed as the reader's module, which the kernel
   * assembles: call this only while no cell runs.
   *
   * @param {Session} session
   */
  async settle(session) {
    const { exercises, words } = await this.keeper.settle(session);
    if (!exercises.length) return;
    for (const id of exercises) {
      const cell = this.cells.find((one) => one.id === id);
      if (words) cell.exercise.add(words);
    }
    this.panel.show();
  }

  /**
   * Find the reader's modules that made a cell fail, name them in the cell, and offer
   * to use the reference.
   *
   * @param {Session} session
   * @param {Job} job the job that failed
   * @param {RanCells} ran the cells that ran on this kernel
   * @throws {Error} if the kernel is gone or cannot answer
   */
  async look(session, job, ran) {
    const { cell } = job;
    const { result } = cell;
    const modules = await culprits(session, job, ran);
    const rows = this.framework.rows.filter(({ module }) => modules.includes(module));
    // Meanwhile the cell may have run again, or the kernel have ended.
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
    if (job.batch.kind === "check") checked?.exercise.add(blameWords(rows), offers);
    cell.say(blameWords(rows), offers);
    this.panel.show();
  }
}
