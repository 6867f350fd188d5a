/** Runs cells from a queue, one after another, on the kernel that is attached. */

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
 * @property {string} solution the cell's mark when `code` is published code in place of
 *   its own text: "published solution used"; empty for its own text
 * @property {Batch} batch the batch that the job belongs to
 * @property {boolean} stopped whether the reader pressed Stop while the job ran
 * @property {Promise<void>} [done] resolves when the kernel has finished the job; set
 *   when the job begins
 * @property {string} [before] the code of the cell's previous run on this kernel; set
 *   when the job has run without error, undefined for the cell's first run
 * @property {(became: string) => void} [replayed] only for a replay: shows the outcome
 *   in the cell; see Cell.beginReplay
 */

/**
 * @typedef {object} Batch the jobs that one press of a button, or one replay, queued
 * @property {"one" | "many" | "check" | "replay"} kind
 * @property {number} total how many jobs the batch was made with
 * @property {number} begun how many of them have begun
 * @property {?{cell: Cell, words: string}} failed the job that failed and so ended the
 *   batch, with the error's name or "stopped"; null if none has
 * @property {(end: ?{cell: Cell, result: RunResult}) => void} [ended] called at the end
 *   of the batch with the last job that ran and its result, or with null if the batch
 *   was stopped or its jobs were removed from the queue
 */

export class Runner {
  /** The jobs that have not begun, in order. @type {Job[]} */
  queue = [];

  /** The job that is running, or null. @type {?Job} */
  current = null;

  /** The attached kernel's session, or null. @type {?Session} */
  session = null;

  /** Thebe's exports, which render output; null until a kernel is attached.
   * @type {?Thebe} */
  thebe = null;

  /** How many runs this page has shown: the number in brackets beside a cell. */
  count = 0;

  /**
   * The cells that ran without error on the attached kernel, or, after it is detached
   * and until they are replayed, on the last one.
   *
   * @type {RanCells}
   */
  ran = new Map();

  /**
   * @param {object} listeners
   * @param {(job: Job) => void} listeners.onBegin called before a job runs
   * @param {(job: Job, result: RunResult) => void} listeners.onEnd called after a job
   *   ran
   * @param {(batch: Batch) => void} listeners.onIdle called with the last job's batch
   *   when the queue is empty after a run
   */
  constructor({ onBegin, onEnd, onIdle }) {
    this.onBegin = onBegin;
    this.onEnd = onEnd;
    this.onIdle = onIdle;
  }

  /**
   * Run jobs on this kernel from now on, beginning with those in the queue.
   *
   * @param {Session} session
   * @param {Thebe} thebe renders the cells' output
   */
  attach(session, thebe) {
    this.session = session;
    this.thebe = thebe;
    this.drain();
  }

  /**
   * Detach the kernel and empty the queue. Answers that the kernel still sends are
   * ignored.
   *
   * @returns {?Job} the job that was running; null if none was
   */
  detach() {
    const job = this.current;
    this.session = null;
    this.current = null;
    this.clear();
    job?.batch.ended?.(null);
    return job;
  }

  /**
   * Queue a replay, before all other jobs, of the cells that ran without error on the
   * last kernel.
   */
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
   * Queue runs as one batch, except runs of cells that a batch of this kind has queued
   * already, and begin if a kernel is attached.
   *
   * @param {"one" | "many" | "check"} kind
   * @param {CellRun[]} runs
   * @param {Batch["ended"]} [ended] see Batch
   */
  add(kind, runs, ended) {
    const batch = { kind, total: runs.length, begun: 0, failed: null, ended };
    for (const { cell, code, solution } of runs) {
      if (this.queue.some((job) => job.cell === cell && job.batch.kind === kind)) {
        continue; // the reader pressed the button twice
      }
      this.queue.push({ cell, code, solution, batch, stopped: false });
      if (this.current?.cell !== cell) cell.begin("queued", { solution });
    }
    this.drain();
  }

  /**
   * Remove jobs from the queue, and end their batches with null; see Batch.ended.
   *
   * @param {(job: Job) => boolean} [test] returns whether to remove a job; all jobs by
   *   default
   */
  clear(test = () => true) {
    const out = this.queue.filter(test);
    this.queue = this.queue.filter((job) => !out.includes(job));
    for (const { cell, replayed } of out) {
      if (replayed) replayed("not run");
      else if (cell !== this.current?.cell) cell.end("idle", { words: "not run" });
    }
    const cut = new Set(out.map(({ batch }) => batch));
    // For a batch that failed, `endBatch` calls `ended`.
    for (const batch of cut) if (!batch.failed) batch.ended?.(null);
  }

  /**
   * Run the queue's jobs, one after another. Does nothing while a job is running or no
   * kernel is attached.
   */
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
   * Run one job on a kernel; its cell shows that it runs, its output and how it ended.
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
        // The cell shows the output of the run that is replayed already.
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
   * Call `batch.ended` if no job of the batch is left in the queue.
   *
   * @param {Job} job the job that has just run
   * @param {RunResult} result
   */
  endBatch({ cell, batch, stopped }, result) {
    const more = this.queue.some((job) => job.batch === batch);
    if (more) return;
    batch.ended?.(stopped ? null : { cell, result });
  }

  /**
   * Add a job that ran without error to `ran`; after an error, note the batch as failed
   * and remove the rest of its jobs from the queue.
   *
   * @param {Job} job the job that has just run
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
