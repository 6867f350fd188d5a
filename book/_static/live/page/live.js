/**
 * Carries out the reader's commands (run, stop, reset) and shows the engine's state.
 */

import { afterRun } from "./after-run.js";
import { button, make } from "../base/dom.js";
import { Lifecycle } from "../engine/lifecycle.js";
import { Runner } from "../engine/runner.js";
import { markStale } from "../code/stale.js";
import { rememberEngine } from "../base/edit-store.js";
import { failure, invitation, ready, working } from "./status.js";
import { count } from "../base/words.js";

/** @import { Bar } from "./bar.js" */
/** @import { CellRun, PageData } from "../base/types.js" */
/** @import { EditStore } from "../base/edit-store.js" */
/** @import { Cell } from "../cell/cell.js" */
/** @import { Engine } from "../engine/interface.js" */
/** @import { Batch, Job } from "../engine/runner.js" */
/** @import { Own } from "../own/own.js" */

const INTERRUPT_MS = 2000; // if an interrupt takes longer, the kernel is replaced

/** @typedef {"off" | "starting" | "ready" | "busy" | "failed"} LiveState */

export class Live {
  /**
   * @param {PageData} page
   * @param {{bar: Bar, cells: Cell[], store: EditStore, own: Own, engines: Engine[],
   *   chosen: ?Engine}} parts
   */
  constructor(page, { bar, cells, store, own, engines, chosen }) {
    this.page = page;
    this.bar = bar;
    this.cells = cells;
    this.store = store;
    this.own = own;
    this.engines = engines;
    /** The engine that the next start uses; null if none can be used. */
    this.chosen = chosen;
    /** @type {LiveState} */
    this.state = "off";
    this.runner = new Runner({
      onBegin: (job) => this.showBusy(job),
      onEnd: (job, result) => afterRun(job, result, this),
      onIdle: (batch) => this.showReady(batch),
    });
    const parts = { page, cells, store, runner: this.runner };
    this.lifecycle = new Lifecycle(parts, {
      complete: (text, position) => this.complete(text, position),
      onStarting: (words) => this.say("starting", words),
      onProgress: (words, more) => this.bar.say("starting", words, more),
      onSession: (session, tell) => this.own.prepare(session, tell),
      onReady: () => this.showReady(null),
      onCancelled: () => this.sayOff(),
      onFailed: (words, remedy) => this.fail(words, remedy),
    });
    this.sayOff();
  }

  /** The engine that was started last; null before the first start. */
  get engine() {
    return this.lifecycle.engine;
  }

  /** The session of the running kernel, or null. */
  get session() {
    return this.lifecycle.session;
  }

  /**
   * A promise that resolves when the last start has succeeded, failed or been cancelled.
   */
  get starting() {
    return this.lifecycle.starting;
  }

  /** Start the chosen engine, and replay the cells that had run on the last kernel. */
  async start() {
    if (!this.chosen || this.state === "starting") return;
    await this.lifecycle.replace(this.chosen, true);
  }

  /**
   * Replace the running kernel by a new one on the same engine, and replay its cells.
   */
  async again() {
    if (this.session) await this.lifecycle.replace(this.engine, true);
  }

  /**
   * Choose the engine for the next start, by name. A running kernel goes on until the
   * reader presses Switch.
   */
  choose(name) {
    this.chosen = this.engines.find((engine) => engine.name === name);
    rememberEngine(name);
    if (this.state === "off") this.sayOff();
    else this.offer();
  }

  /** Run one cell's present text, after going live if necessary. */
  run(cell) {
    this.runWhenLive("one", [{ cell, code: cell.text, solution: "" }]);
  }

  /** Run the cells above a cell, in order, up to the first that fails. */
  runAbove(cell) {
    this.runMany(this.cells.slice(0, this.cells.indexOf(cell)));
  }

  /** Run every cell, in order, up to the first that fails. */
  runAll() {
    this.runMany(this.cells);
  }

  /** @param {Cell[]} cells to run in order, up to the first that fails */
  runMany(cells) {
    const jobs = cells.map((cell) => this.jobOf(cell));
    this.runWhenLive("many", jobs);
  }

  /**
   * Return the run of a cell as part of a run of several cells: for an exercise that
   * has not been edited, it runs the published solution.
   *
   * @param {Cell} cell
   * @returns {CellRun}
   */
  jobOf(cell) {
    if (!cell.takesSolution) return { cell, code: cell.text, solution: "" };
    const solution = this.page.solutions
      ? "published solution used"
      : "published solution used, from the reference package";
    return { cell, code: cell.untouched, solution };
  }

  /**
   * Queue runs, after going live if necessary.
   *
   * @param {"one" | "many"} kind
   * @param {CellRun[]} jobs
   */
  async runWhenLive(kind, jobs) {
    if (!this.session && this.state !== "starting") {
      const starting = this.start();
      jobs = await this.withEdits(kind, jobs, starting);
    }
    if (["off", "failed"].includes(this.state)) return;
    this.runner.add(kind, jobs);
  }

  /**
   * Wait for the cells to get their editors, which load edits of an earlier visit, and
   * return the runs to queue: for kind "one" with the cell's text as it is then.
   * Returns early if the start ends before.
   */
  async withEdits(kind, jobs, starting) {
    await Promise.race([this.lifecycle.editors, starting]).catch(() => undefined);
    if (kind !== "one") return jobs;
    return jobs.map(({ cell, solution }) => ({ cell, code: cell.text, solution }));
  }

  /**
   * Cancel the start that is under way, or stop the running cell and empty the queue. A
   * cell is interrupted if the engine can do that; if not, if the interrupt takes
   * longer than INTERRUPT_MS, or at a second press of Stop, the kernel is replaced.
   */
  async stop() {
    if (this.state === "starting") {
      this.lifecycle.cancel();
      return;
    }
    const job = this.runner.current;
    if (!job) return;
    const insist = job.stopped;
    job.stopped = true;
    this.runner.clear();
    if (this.engine.interrupts && !insist) {
      this.say("busy", `Stopping ${job.cell.name}…`);
      const { session } = this;
      session.interrupt();
      const late = new Promise((resolve) => setTimeout(resolve, INTERRUPT_MS));
      await Promise.race([job.done, late]);
      if (this.runner.current !== job || this.session !== session) return;
    }
    await this.lifecycle.replace(this.engine, !job.replayed);
  }

  /** Ask the reader, then bring back the published text of every edited cell. */
  resetAll() {
    const edited = this.cells.filter((cell) => cell.edited);
    const question = `Discard your edits in ${count(edited.length, "cell")}?`;
    if (!edited.length || !window.confirm(question)) return;
    for (const cell of edited) cell.reset();
    this.offer();
  }

  /** End the kernel while the page unloads. */
  end() {
    this.session?.leave();
  }

  /**
   * Return Session.complete's completions, or null if no kernel runs or a cell runs.
   */
  complete(text, position) {
    if (!this.session || this.runner.current) return Promise.resolve(null);
    return this.session.complete(text, position);
  }

  /** Show and enable the buttons of the bar that can be used in the present state. */
  offer() {
    const live = ["ready", "busy"].includes(this.state);
    const another = live && this.chosen !== this.engine;
    const again = this.runner.ran.size
      ? `Start again, rerun ${count(this.runner.ran.size, "cell")}`
      : "Start again";
    const start = { off: "Go live", failed: again }[this.state] ?? "";
    this.bar.offer({
      start: another ? `Switch to ${this.chosen.label.toLowerCase()}` : start,
      live,
      running: ["starting", "busy"].includes(this.state),
      edited: this.cells.some((cell) => cell.edited),
    });
    this.bar.start.disabled = !this.chosen;
    this.bar.select.disabled = this.state === "starting";
  }

  /** Enter the state "off", in which the bar invites the reader to go live. */
  sayOff() {
    const kept = this.store.kept(this.cells.map((cell) => cell.id)).length;
    this.say("off", invitation(this.engines, this.chosen, kept));
  }

  /** Update the bar, after edits were imported from a file. */
  refresh() {
    if (this.state === "off") this.sayOff();
    else this.offer();
  }

  /**
   * Enter a state and show it. `words` and `more` are those of Bar.say.
   *
   * @param {LiveState} state
   * @param {string} words
   * @param {object} [more]
   */
  say(state, words, more) {
    this.state = state;
    this.bar.say(state, words, more);
    this.own.update(state);
    this.offer();
  }

  /** Enter the state "failed"; the words and the remedy are those of `failure`. */
  fail(words, remedy) {
    this.say("failed", failure(words, remedy, this.engine, this.engines));
  }

  /** @param {Job} job the job that begins */
  showBusy(job) {
    const { words, amount, done } = working(job);
    const skip = button("Skip", { onclick: () => this.lifecycle.skipReplay() });
    this.say("busy", words, { amount, done, offers: job.replayed ? [skip] : [] });
  }

  /**
   * After an edit, mark the cells that ran with the cell's earlier definitions as
   * stale.
   */
  edited(cell) {
    const before = this.runner.ran.get(cell)?.code;
    const { code } = this.jobOf(cell);
    if (before === undefined || before === code) return;
    markStale({ cell, before, code }, this.cells, this.runner.ran);
  }

  /**
   * Enter the state "ready". After runs, add the exercises that passed to the reader's
   * own module, which needs an idle kernel.
   *
   * @param {?Batch} batch the batch that has ended; null after a start
   */
  showReady(batch) {
    if (batch) this.own.settle(this.session);
    const offers = [];
    if (batch?.failed && batch.kind !== "one") {
      const { element, name } = batch.failed.cell;
      offers.push(make("a", { href: `#${element.id}` }, `Go to ${name}`));
    }
    const { words, amount } = ready(this.engine, this.lifecycle.version, batch);
    this.say("ready", words, { amount, offers });
  }
}
