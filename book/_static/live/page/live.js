/** The page's commands, and what is said of the engine that carries them out. */

import { button, make } from "../base/dom.js";
import { Lifecycle } from "../engine/lifecycle.js";
import { Runner } from "../engine/runner.js";
import { markStale } from "../code/stale.js";
import { notePassed } from "../exercise/progress.js";
import { rememberEngine } from "../base/store.js";
import { failure, invitation, ready, working } from "./status.js";
import { count } from "../base/words.js";

const INTERRUPT_MS = 2000;

export class Live {
  /**
   * @param {object} page see page.js
   * @param {{bar: Bar, cells: Cell[], store: EditStore, own: Own, engines: Engine[],
   *   chosen: ?Engine}} parts
   */
  constructor(page, { bar, cells, store, own, engines, chosen }) {
    Object.assign(this, { page, bar, cells, store, own, engines, chosen });
    this.state = "off";
    this.runner = new Runner({
      onBegin: (job) => this.showBusy(job),
      onEnd: (job, result) => {
        this.showEnd(job, result);
        notePassed(job, result, this);
      },
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

  /** The engine in use, or null. */
  get engine() {
    return this.lifecycle.engine;
  }

  /** The kernel's session while there is one, or null. */
  get session() {
    return this.lifecycle.session;
  }

  /** Settles when the last start has ended, well or not. */
  get starting() {
    return this.lifecycle.starting;
  }

  /** Start the chosen engine, and replay what had run on the one before. */
  async start() {
    if (!this.chosen || this.state === "starting") return;
    await this.lifecycle.replace(this.chosen, true);
  }

  /** Start the engine in use anew, and replay what had run on it. */
  async again() {
    if (this.session) await this.lifecycle.replace(this.engine, true);
  }

  /** Take another engine; a running one goes on until the reader says otherwise. */
  choose(name) {
    this.chosen = this.engines.find((engine) => engine.name === name);
    rememberEngine(name);
    if (this.state === "off") this.sayOff();
    else this.offer();
  }

  /** Run one cell as it stands, going live first if need be. */
  run(cell) {
    this.runWhenLive("one", [{ cell, code: cell.text, solution: "" }]);
  }

  /** Run the cells above one. */
  runAbove(cell) {
    this.runMany(this.cells.slice(0, this.cells.indexOf(cell)));
  }

  /** Run every cell, in order, up to the first that fails. */
  runAll() {
    this.runMany(this.cells);
  }

  runMany(cells) {
    const jobs = cells.map((cell) => this.jobOf(cell));
    this.runWhenLive("many", jobs);
  }

  /** What a run of the whole chapter does for a cell. */
  jobOf(cell) {
    if (!cell.takesSolution) return { cell, code: cell.text, solution: "" };
    const solution = this.page.solutions
      ? "published solution used"
      : "published solution used, from the reference package";
    return { cell, code: cell.untouched, solution };
  }

  async runWhenLive(kind, jobs) {
    if (!this.session && this.state !== "starting") {
      const starting = this.start();
      jobs = await this.withEdits(kind, jobs, starting);
    }
    if (["off", "failed"].includes(this.state)) return;
    this.runner.add(kind, jobs);
  }

  /** A cell run before the page was live may hold an edit of an earlier visit. */
  async withEdits(kind, jobs, starting) {
    await Promise.race([this.lifecycle.editors, starting]).catch(() => undefined);
    if (kind !== "one") return jobs;
    return jobs.map(({ cell, solution }) => ({ cell, code: cell.text, solution }));
  }

  /** Stop what runs: by an interrupt where that can be, else with a new kernel. */
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

  /** Bring back every published cell, if the reader means it. */
  resetAll() {
    const edited = this.cells.filter((cell) => cell.edited);
    const question = `Discard your edits in ${count(edited.length, "cell")}?`;
    if (!edited.length || !window.confirm(question)) return;
    for (const cell of edited) cell.reset();
    this.offer();
  }

  /** End the kernel when the page goes. */
  end() {
    this.session?.leave();
  }

  /** Completions for an editor; see Session.complete. */
  complete(text, position) {
    if (!this.session || this.runner.current) return Promise.resolve(null);
    return this.session.complete(text, position);
  }

  /** Show the buttons that fit the state. */
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

  sayOff() {
    const kept = this.store.kept(this.cells.map((cell) => cell.id)).length;
    this.say("off", invitation(this.engines, this.chosen, kept));
  }

  /** Edits were brought in from elsewhere: what is said of them follows. */
  refresh() {
    if (this.state === "off") this.sayOff();
    else this.offer();
  }

  say(state, words, more) {
    this.state = state;
    this.bar.say(state, words, more);
    this.own.update(state);
    this.offer();
  }

  fail(words, remedy) {
    this.say("failed", failure(words, remedy, this.engine, this.engines));
  }

  showBusy(job) {
    const { words, amount, done } = working(job);
    const skip = button("Skip", { onclick: () => this.lifecycle.skipReplay() });
    this.say("busy", words, { amount, done, offers: job.replayed ? [skip] : [] });
  }

  showEnd(job, result) {
    const { cell, batch, code, before, replayed } = job;
    this.own.ended(job, result, this);
    if (result.status === "ok" && before !== undefined && !replayed) {
      markStale({ cell, before, code }, this.cells, this.runner.ran);
    }
    if (result.status !== "error" || batch.kind !== "one") return;
    const above = this.cells.slice(0, this.cells.indexOf(cell));
    if (result.name !== "NameError" || !above.some((one) => !this.hasRun(one))) return;
    cell.say("Cells above have not run yet, and this one may need them.", [
      { words: "Run all above", action: () => this.runAbove(cell) },
    ]);
  }

  /** A cell's text has changed: what ran on the text before may not fit any more. */
  edited(cell) {
    const before = this.runner.ran.get(cell)?.code;
    const { code } = this.jobOf(cell);
    if (before === undefined || before === code) return;
    markStale({ cell, before, code }, this.cells, this.runner.ran);
  }

  hasRun(cell) {
    return this.runner.ran.has(cell);
  }

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
