/** The life of the page's kernel: its start, its replacement by another, its end. */

import { loadSheet, pause } from "../base/dom.js";
import { loadEditor } from "../code/editor.js";
import { loadRuntime, remedyFor } from "./engines.js";
import { Cancelled, watched } from "./watchdog.js";
import { reasonOf } from "../base/words.js";

/**
 * @import { EditStore } from "../base/edit-store.js"
 * @import { PageData } from "../base/types.js"
 * @import { Cell } from "../cell/cell.js"
 * @import { Completion, Engine, Started, Tell, Thebe } from "./interface.js"
 * @import { Job, Runner } from "./runner.js"
 * @import { Session } from "./session.js"
 */

const SLICE_MS = 12; // of editor-making at a time: less than a frame of 16
const SHEET = new URL("../../css/live-cells.css", import.meta.url).href;

/**
 * @typedef {object} Listeners callbacks of a Lifecycle. A start calls `onStarting`,
 *   `onProgress` as it goes on, `onSession` before any cell runs, and then one of
 *   `onReady`, `onCancelled` and `onFailed`. The loss of a running kernel calls
 *   `onFailed` too.
 * @property {(words: string) => void} onStarting
 * @property {(words: string, more: {amount: string, done?: number}) => void} onProgress
 * @property {(session: Session, tell: Tell) => Promise<void>} onSession
 * @property {() => void} onReady
 * @property {() => void} onCancelled
 * @property {(words: string, remedy?: string) => void} onFailed
 * @property {(text: string, position: number) => Promise<?Completion>} complete
 *   completions for the editors
 */

export class Lifecycle {
  /** The engine in use. @type {?Engine} */
  engine = null;

  /** @type {?Session} */
  session = null;

  /** Of the running Python, without its last part: "3.13". */
  version = "";

  /** Settles when the last start has ended, well or not. @type {Promise<void>} */
  starting;

  /** Aborts the start that is under way. @type {AbortController} */
  cancelling;

  /** Settles when the cells have their editors. @type {?Promise<void>} */
  editors;

  /** What is said in front of a start's progress: which cell was stopped for it. */
  before = "";

  /**
   * @param {{page: PageData, cells: Cell[], store: EditStore, runner: Runner}} parts
   * @param {Listeners} listeners
   */
  constructor({ page, cells, store, runner }, listeners) {
    this.page = page;
    this.cells = cells;
    this.store = store;
    this.runner = runner;
    this.listeners = listeners;
  }

  /**
   * Start an engine in place of the running kernel.
   *
   * @param {Engine} engine
   * @param {boolean} replay whether to run again what had run on that kernel
   * @returns {Promise<void>} settles when it runs or has failed
   */
  replace(engine, replay) {
    this.starting = this.start(engine, replay);
    return this.starting;
  }

  /** Give up the start that is under way. */
  cancel() {
    this.cancelling?.abort();
  }

  /**
   * @param {Engine} engine
   * @param {boolean} replay
   */
  async start(engine, replay) {
    const cutOff = this.leave();
    this.engine = engine;
    this.before = cutOff ? `Stopped ${cutOff.cell.name}. ` : "";
    this.listeners.onStarting(`${this.before}Starting Python…`);
    this.cancelling = new AbortController();
    try {
      const begin = (alive, signal) => this.begin(engine, alive, signal);
      const { quiet } = engine;
      const cancel = this.cancelling.signal;
      const suspect = this.page.engineUrl;
      const started = await watched(begin, { quiet, suspect, cancel });
      this.use(started, replay);
    } catch (error) {
      // No editor was made: the next start tries to load them again.
      this.editors = this.cells[0].editor ? this.editors : null;
      this.runner.clear();
      if (error instanceof Cancelled) this.listeners.onCancelled();
      else {
        const words = `Python did not start ${engine.place}: ${reasonOf(error)}`;
        this.listeners.onFailed(words, remedyFor(engine, error));
      }
    }
  }

  /**
   * Load and start everything that a live page needs.
   *
   * @param {Engine} engine
   * @param {() => void} alive to be called at each sign of progress; see `watched`
   * @param {AbortSignal} signal
   * @returns {Promise<Started & {thebe: Thebe}>}
   */
  async begin(engine, alive, signal) {
    /** @type {Tell} */
    const tell = (words, done) => {
      if (signal.aborted) return;
      alive();
      // The numbers change all the time; only the words before them are read out.
      const [stage, amount] = words.split(/(?<=:) /);
      const after = amount ? ` ${amount}` : "";
      this.listeners.onProgress(this.before + stage, { amount: after, done });
    };
    // In this order: what takes longest is asked for first.
    const starting = engine.start(tell, signal);
    this.editors ??= this.makeEditors();
    const runtime = loadRuntime(this.page.engineUrl);
    const [started, thebe] = await Promise.all([starting, runtime, this.editors]);
    signal.addEventListener("abort", () => started.session.end());
    await this.listeners.onSession(started.session, tell);
    return { ...started, thebe };
  }

  /**
   * Run cells on a kernel that has just started.
   *
   * @param {Started & {thebe: Thebe}} started
   * @param {boolean} replay
   */
  use({ session, version, thebe }, replay) {
    this.session = session;
    this.version = version.split(".").slice(0, 2).join(".");
    session.onDeath = (words, remedy) => {
      this.leave("Python ended while this ran");
      this.listeners.onFailed(words, remedy);
    };
    this.runner.replay();
    if (!replay) this.skipReplay();
    this.listeners.onReady();
    this.runner.attach(session, thebe);
  }

  /**
   * End the running kernel.
   *
   * @param {string} [words] what the cell says that was running on it
   * @returns {?Job} the job that was cut off
   */
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

  /** Drop the replays that still wait. */
  skipReplay() {
    this.runner.clear((job) => Boolean(job.replayed));
  }

  /** Give the cells their editors, a few at a time, so that the page stays responsive. */
  async makeEditors() {
    const cm = await loadEditor(this.page.engineUrl);
    await loadSheet(SHEET);
    let began = performance.now();
    for (const cell of this.cells) {
      cell.goLive(cm, this.store, this.listeners.complete);
      if (performance.now() - began < SLICE_MS) continue;
      await pause();
      began = performance.now();
    }
  }
}
