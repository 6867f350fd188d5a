/** The kernel's life: it starts, is replaced by another, and is left. */

import { loadSheet, pause } from "../base/dom.js";
import { loadEditor } from "../code/editor.js";
import { loadRuntime, remedyFor } from "./engines.js";
import { Cancelled, watched } from "./watchdog.js";
import { reasonOf } from "../base/words.js";

const SLICE_MS = 12;
const SHEET = new URL("../../css/live-cells.css", import.meta.url).href;

export class Lifecycle {
  /**
   * @param {{page: object, cells: Cell[], store: EditStore, runner: Runner}} parts
   * @param {object} hear what is told of it: `onStarting(words)` when a start begins,
   *   `onProgress(words, more)` as it goes on, `onSession(session, tell)` when there is
   *   one, before any cell runs on it; then one of `onReady()`, `onCancelled()` and
   *   `onFailed(words, remedy)`; the last also when a running kernel is lost.
   *   `complete(text, position)` gives the editors their completions.
   */
  constructor({ page, cells, store, runner }, hear) {
    Object.assign(this, { page, cells, store, runner, hear });
    this.engine = null; // the one in use
    this.session = null;
    this.version = "";
  }

  /** Start an engine in place of the kernel there is; settles when it runs or failed. */
  replace(engine, replay) {
    this.starting = this.start(engine, replay);
    return this.starting;
  }

  /** Give up the start that is on its way. */
  cancel() {
    this.cancelling?.abort();
  }

  async start(engine, replay) {
    const cutOff = this.leave();
    this.engine = engine;
    this.before = cutOff ? `Stopped ${cutOff.cell.name}. ` : "";
    this.hear.onStarting(`${this.before}Starting Python…`);
    this.cancelling = new AbortController();
    try {
      const begin = (alive, signal) => this.begin(engine, alive, signal);
      const { quiet } = engine;
      const cancel = this.cancelling.signal;
      const suspect = this.page.engineUrl;
      const started = await watched(begin, { quiet, suspect, cancel });
      this.use(started, replay);
    } catch (error) {
      this.editors = this.cells[0].editor ? this.editors : null;
      this.runner.clear();
      if (error instanceof Cancelled) this.hear.onCancelled();
      else {
        const words = `Python did not start ${engine.place}: ${reasonOf(error)}`;
        this.hear.onFailed(words, remedyFor(engine, error));
      }
    }
  }

  async begin(engine, alive, signal) {
    const tell = (words, done) => {
      if (signal.aborted) return;
      alive();
      // The numbers change all the time; only the words before them are read out.
      const [stage, amount] = words.split(/(?<=:) /);
      const after = amount ? ` ${amount}` : "";
      this.hear.onProgress(this.before + stage, { amount: after, done });
    };
    // In this order: what takes longest is asked for first.
    const starting = engine.start(tell, signal);
    this.editors ??= this.makeEditors();
    const runtime = loadRuntime(this.page.engineUrl);
    const [started, thebe] = await Promise.all([starting, runtime, this.editors]);
    signal.addEventListener("abort", () => started.session.end());
    await this.hear.onSession(started.session, tell);
    return { ...started, thebe };
  }

  use({ session, version, thebe }, replay) {
    this.session = session;
    this.version = version.split(".").slice(0, 2).join(".");
    session.onDeath = (words, remedy) => {
      this.leave("Python ended while this ran");
      this.hear.onFailed(words, remedy);
    };
    this.runner.replay();
    if (!replay) this.skipReplay();
    this.hear.onReady();
    this.runner.attach(session, thebe);
  }

  /** Leave the kernel; returns the job that was cut off, its cell saying so. */
  leave(words = "cut off") {
    const { session } = this;
    this.session = null;
    const job = this.runner.detach();
    session?.end();
    if (!job) return null;
    const said = job.stopped ? "stopped" : words;
    if (job.replayed) {
      job.replayed("not run");
    } else {
      job.cell.output.settle();
      job.cell.end("error", { words: said });
    }
    return job;
  }

  /** Drop what is still to be replayed. */
  skipReplay() {
    this.runner.clear((job) => job.replayed);
  }

  /** Make the editors a few at a time: the page stays at hand while Python comes. */
  async makeEditors() {
    const cm = await loadEditor(this.page.engineUrl);
    await loadSheet(SHEET);
    let began = performance.now();
    for (const cell of this.cells) {
      cell.goLive(cm, this.store, this.hear.complete);
      if (performance.now() - began < SLICE_MS) continue;
      await pause();
      began = performance.now();
    }
  }
}
