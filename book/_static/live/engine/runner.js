/** Runs cells one after another on the kernel there is. */

/**
 * @typedef {object} Job
 * @property {Cell} cell
 * @property {string} code
 * @property {string} solution what to mark the cell with when `code` is not its own
 * @property {Batch} batch
 * @property {boolean} stopped whether the reader stopped it
 * @property {Promise} done resolves when it no longer runs
 * @property {string} [before] what the cell had run before this, on this kernel
 * @property {Function} [replayed] of a replay: shows what came of it, see Cell
 */

/**
 * @typedef {object} Batch what was asked for in one go
 * @property {"one" | "many" | "check" | "replay"} kind
 * @property {number} total
 * @property {number} begun
 * @property {?{cell: Cell, words: string}} failed the job that ended it
 * @property {(end: ?{cell: Cell, result: object}) => void} [ended] told the last job
 *   that ran and what came of it, or null where the batch was cut off
 */

export class Runner {
  /**
   * @param {(job: Job) => void} onBegin before a job runs
   * @param {(job: Job, result: object) => void} onEnd after it ran
   * @param {(batch: Batch) => void} onIdle when nothing is left to run
   */
  constructor({ onBegin, onEnd, onIdle }) {
    Object.assign(this, { onBegin, onEnd, onIdle });
    this.queue = [];
    this.current = null;
    this.session = null;
    this.thebe = null;
    this.count = 0;
    /** What ran without error on this kernel, in the order of its first run. */
    this.ran = new Map();
  }

  /** Run on this kernel from now on; what ran on the one before is told by `take`. */
  attach(session, thebe) {
    this.session = session;
    this.thebe = thebe;
    this.drain();
  }

  /** Forget the kernel: what it still says is not heard. Returns the job cut off. */
  detach() {
    const job = this.current;
    this.session = null;
    this.current = null;
    this.clear();
    job?.batch.ended?.(null);
    return job;
  }

  /** Put what had run without error on the last kernel before all that waits. */
  replay() {
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
   * @param {{cell: Cell, code: string, solution: string}[]} jobs
   * @param {Function} [ended] see Batch
   */
  add(kind, jobs, ended) {
    const batch = { kind, total: jobs.length, begun: 0, failed: null, ended };
    for (const { cell, code, solution } of jobs) {
      if (this.queue.some((job) => job.cell === cell && job.batch.kind === kind)) {
        continue; // pressed twice
      }
      this.queue.push({ cell, code, solution, batch, stopped: false });
      if (this.current?.cell !== cell) cell.begin("queued", { solution });
    }
    this.drain();
  }

  /** Take out of the queue what a test says, all of it by default. */
  clear(test = () => true) {
    const out = this.queue.filter(test);
    this.queue = this.queue.filter((job) => !out.includes(job));
    for (const { cell, replayed } of out) {
      if (replayed) replayed("not run");
      else if (cell !== this.current?.cell) cell.end("idle", { words: "not run" });
    }
    const cut = new Set(out.map(({ batch }) => batch));
    for (const batch of cut) if (!batch.failed) batch.ended?.(null);
  }

  async drain() {
    if (this.current || !this.session) return;
    const job = this.queue.shift();
    if (!job) return;
    this.current = job;
    job.batch.begun += 1;
    let finish;
    job.done = new Promise((resolve) => {
      finish = resolve;
    });
    const { session } = this;
    const result = await this.run(job, session);
    finish();
    if (session !== this.session) return; // the kernel of this run is gone
    this.current = null;
    this.note(job, result);
    this.tell(job, result);
    this.onEnd(job, result);
    if (this.queue.length) this.drain();
    else this.onIdle(job.batch);
  }

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

  /** Tell whoever asked for the batch when its last job has run, or one has failed. */
  tell({ cell, batch, stopped }, result) {
    const more = this.queue.some((job) => job.batch === batch);
    if (more) return;
    batch.ended?.(stopped ? null : { cell, result });
  }

  note(job, result) {
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
