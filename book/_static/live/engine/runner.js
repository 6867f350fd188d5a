/** A queue of cells, run one after another on the kernel that is attached. */

/**
 * @import { CellRun, RanCells, RunResult } from "../base/types.js"
 * @import { Cell } from "../cell/cell.js"
 * @import { Thebe } from "./interface.js"
 * @import { Session } from "./session.js"
 */

/**
 * @typedef {object} Job one run of one cell
 * @property {Cell} cell
 * @property {string} code
 * @property {string} solution why `code` is not the cell's own text, as its mark says:
 *   "published solution used"; empty for the cell's own
 * @property {Batch} batch
 * @property {boolean} stopped whether the reader pressed Stop
 * @property {Promise<void>} [done] resolves when the kernel no longer runs it
 * @property {string} [before] the code the cell had run before this, on this kernel
 * @property {(became: string) => void} [replayed] set for a replay: shows in the cell
 *   what came of it; see Cell.beginReplay
 */

/**
 * @typedef {object} Batch the jobs that one press of a button asked for
 * @property {"one" | "many" | "check" | "replay"} kind
 * @property {number} total
 * @property {number} begun
 * @property {?{cell: Cell, words: string}} failed the job that ended it
 * @property {(end: ?{cell: Cell, result: RunResult}) => void} [ended] called with the
 *   last job that ran and its result, or null where the batch was cut off
 */

export class Runner {
  /** @type {Job[]} */
  queue = [];

  /** @type {?Job} */
  current = null;

  /** @type {?Session} */
  session = null;

  /** @type {?Thebe} */
  thebe = null;

  /** How many runs this page has counted: the number in brackets beside a cell. */
  count = 0;

  /** What ran without error on the attached kernel. @type {RanCells} */
  ran = new Map();

  /**
   * @param {object} listeners
   * @param {(job: Job) => void} listeners.onBegin before a job runs
   * @param {(job: Job, result: RunResult) => void} listeners.onEnd after it ran
   * @param {(batch: Batch) => void} listeners.onIdle when nothing is left to run
   */
  constructor({ onBegin, onEnd, onIdle }) {
    this.onBegin = onBegin;
    this.onEnd = onEnd;
    this.onIdle = onIdle;
  }

  /**
   * Run on this kernel from now on, beginning with what is in the queue.
   *
   * @param {Session} session
   * @param {Thebe} thebe renders the output
   */
  attach(session, thebe) {
    this.session = session;
    this.thebe = thebe;
    this.drain();
  }

  /**
   * Forget the kernel: answers that still come from it are ignored.
   *
   * @returns {?Job} the job that was cut off
   */
  detach() {
    const job = this.current;
    this.session = null;
    this.current = null;
    this.clear();
    job?.batch.ended?.(null);
    return job;
  }

  /** Put what had run without error on the last kernel in front of the queue. */
  replay() {
    /** @type {Batch} */
    const batch = { kind: "replay", total: this.ran.size, begun: 0, failed: null };
    const jobs = [...this.ran].map(([cell, { code, solution }]) => {
      const replayed = cell.beginReplay();
      return { cell, code, solution, batch, stopped: false, replayed };
    });
    this.ran.clear();
    this.queue.unshift(...jobs);
  }

  /**
   * Put cells in the queue.
   *
   * @param {"one" | "many" | "check"} kind
   * @param {CellRun[]} runs
   * @param {Batch["ended"]} [ended]
   */
  add(kind, runs, ended) {
    const batch = { kind, total: runs.length, begun: 0, failed: null, ended };
    for (const { cell, code, solution } of runs) {
      if (this.queue.some((job) => job.cell === cell && job.batch.kind === kind)) {
        continue; // pressed twice
      }
      this.queue.push({ cell, code, solution, batch, stopped: false });
      if (this.current?.cell !== cell) cell.begin("queued", { solution });
    }
    this.drain();
  }

  /**
   * Take jobs out of the queue, and cut off their batches.
   *
   * @param {(job: Job) => boolean} [test] says which; all of them by default
   */
  clear(test = () => true) {
    const out = this.queue.filter(test);
    this.queue = this.queue.filter((job) => !out.includes(job));
    for (const { cell, replayed } of out) {
      if (replayed) replayed("not run");
      else if (cell !== this.current?.cell) cell.end("idle", { words: "not run" });
    }
    const cut = new Set(out.map(({ batch }) => batch));
    // A batch that ended with an error is told of that by `endBatch`.
    for (const batch of cut) if (!batch.failed) batch.ended?.(null);
  }

  /** Run the next job, and those after it, unless one is running already. */
  async drain() {
    if (this.current || !this.session) return;
    const job = this.queue.shift();
    if (!job) return;
    this.current = job;
    job.batch.begun += 1;
    /** @type {() => void} */
    let finish;
    job.done = new Promise((resolve) => {
      finish = resolve;
    });
    const { session } = this;
    const result = await this.run(job, session);
    finish();
    if (session !== this.session) return; // the kernel of this run is gone
    this.current = null;
    this.record(job, result);
    this.endBatch(job, result);
    this.onEnd(job, result);
    if (this.queue.length) this.drain();
    else this.onIdle(job.batch);
  }

  /**
   * Run a job on a kernel, and show in its cell how it goes.
   *
   * @param {Job} job
   * @param {Session} session
   * @returns {Promise<RunResult>}
   */
  async run(job, session) {
    const { cell, code, solution, batch, replayed } = job;
    if (!replayed) cell.begin("running", { solution });
    this.onBegin(job);
    const began = performance.now();
    const result = await session.execute(code, {
      cellId: cell.id,
      onFuture: (future) => {
        // What a replay prints is what the cell shows already.
        if (replayed) return;
        cell.output.follow(future, { thebe: this.thebe, announce: batch.total === 1 });
      },
    });
    if (session !== this.session || result.status === "ended") return result;
    const words = job.stopped ? "stopped" : (result.name ?? "");
    if (replayed) {
      replayed(words || "ok");
      return result;
    }
    cell.output.settle();
    this.count += 1;
    const ms = performance.now() - began;
    const error = result.status === "error" ? { ...result, code } : undefined;
    cell.end(result.status, { count: this.count, ms, words, error });
    return result;
  }

  /**
   * Tell who asked for a batch when its last job has run, or one has failed.
   *
   * @param {Job} job
   * @param {RunResult} result
   */
  endBatch({ cell, batch, stopped }, result) {
    const more = this.queue.some((job) => job.batch === batch);
    if (more) return;
    batch.ended?.(stopped ? null : { cell, result });
  }

  /**
   * Remember what ran without error; drop the rest of a batch that failed.
   *
   * @param {Job} job
   * @param {RunResult} result
   */
  record(job, result) {
    const { cell, code, solution, batch } = job;
    if (result.status === "ok") {
      job.before = this.ran.get(cell)?.code;
      this.ran.set(cell, { code, solution });
      return;
    }
    batch.failed = { cell, words: job.stopped ? "stopped" : result.name };
    this.clear((other) => other.batch === batch);
  }
}
