/** Starts the page's kernel, replaces it by another, and ends it. */

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

// Editors are made for this many milliseconds, then the browser gets a turn: less than
// the 16 ms between two frames of a screen.
const SLICE_MS = 12;
const SHEET = new URL("../../css/live-cells.css", import.meta.url).href;

/**
 * @typedef {object} Listeners callbacks of a Lifecycle. A start calls `onStarting`,
 *   then `onProgress` any number of times, `onSession` before any cell runs, and at its
 *   end one of `onReady`, `onCancelled` and `onFailed`. The loss of a running kernel
 *   calls `onFailed` too.
 * @property {(words: string) => void} onStarting
 * @property {(words: string, more: {amount: string, done?: number}) => void} onProgress
 * @property {(session: Session, tell: Tell) => Promise<void>} onSession
 * @property {() => void} onReady
 * @property {() => void} onCancelled
 * @property {(words: string, remedy?: string) => void} onFailed
 * @property {(text: string, position: number) => Promise<?Completion>} complete called
 *   by the editors for completions; see Session.complete
 */

export class Lifecycle {
  /** The engine that was started last; null before the first start. @type {?Engine} */
  engine = null;

  /** The session of the running kernel; null while none runs. @type {?Session} */
  session = null;

  /** The version of the running Python, major and minor number: "3.13". */
  version = "";

  /** Resolves when the last start has succeeded or failed. @type {Promise<void>} */
  starting;

  /** Aborts the start that is under way. @type {AbortController} */
  cancelling;

  /** Resolves when all cells have their editors. @type {?Promise<void>} */
  editors;

  /** A sentence to show before a start's progress: which cell the start has stopped. */
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
   * End the running kernel, if any, and start a kernel on an engine.
   *
   * @param {Engine} engine
   * @param {boolean} replay whether to run again the cells that had run on the old
   *   kernel
   * @returns {Promise<void>} resolves when the start has succeeded or failed
   */
  replace(engine, replay) {
    this.starting = this.start(engine, replay);
    return this.starting;
  }

  /** Abort the start that is under way, if any. */
  cancel() {
    this.cancelling?.abort();
  }

  /**
   * Do the work of `replace`. Errors of the start go to the listeners.
   *
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
      // If no editor was made, the next start tries to make them again.
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
   * Start the kernel, load Thebe and make the editors, all at the same time.
   *
   * @param {Engine} engine
   * @param {() => void} alive called at each sign of progress; see `watched`
   * @param {AbortSignal} signal gives the start up
   * @returns {Promise<Started & {thebe: Thebe}>} rejects if any part fails
   */
  async begin(engine, alive, signal) {
    /** @type {Tell} */
    const tell = (words, done) => {
      if (signal.aborted) return;
      alive();
      // Screen readers read the words out when they change, so the numbers behind the
      // colon, which change all the time, are passed apart.
      const [stage, amount] = words.split(/(?<=:) /);
      const after = amount ? ` ${amount}` : "";
      this.listeners.onProgress(this.before + stage, { amount: after, done });
    };
    // The kernel takes longest, so its start comes first.
    const starting = engine.start(tell, signal);
    this.editors ??= this.makeEditors();
    const runtime = loadRuntime(this.page.engineUrl);
    const [started, thebe] = await Promise.all([starting, runtime, this.editors]);
    signal.addEventListener("abort", () => started.session.end());
    await this.listeners.onSession(started.session, tell);
    return { ...started, thebe };
  }

  /**
   * Make a kernel that has just started the page's kernel: replay cells on it if asked
   * to, then run the cells that are queued.
   *
   * @param {Started & {thebe: Thebe}} started
   * @param {boolean} replay whether to run again the cells that ran on the last kernel
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
   * End the running kernel, if any, and empty the queue.
   *
   * @param {string} [words] the mark for the cell that was running
   * @returns {?Job} the job that was running; null if none was
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

  /** Remove the replays that have not begun from the queue. */
  skipReplay() {
    this.runner.clear((job) => Boolean(job.replayed));
  }

  /**
   * Give every cell its editor, a few at a time, so that the page stays responsive.
   * Rejects if CodeMirror cannot be loaded.
   */
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
