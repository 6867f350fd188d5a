/** The page's live state: which engine runs, what is said about it, what it is told. */

import { button, loadSheet, make, pause } from "./dom.js";
import { loadEditor } from "./editor.js";
import { loadRuntime } from "./engines.js";
import { Runner } from "./runner.js";
import { markStale } from "./stale.js";
import { rememberEngine } from "./store.js";
import { failure, invitation, ready, working } from "./status.js";
import { Cancelled, watched } from "./watchdog.js";
import { count, reasonOf } from "./words.js";

const INTERRUPT_MS = 2000;
const SLICE_MS = 12;
const SHEET = new URL("../live-cells.css", import.meta.url).href;

export class Live {
  /**
   * @param {object} page see page.js
   * @param {{bar: Bar, cells: Cell[], store: EditStore, engines: Engine[],
   *   chosen: ?Engine}} parts
   */
  constructor(page, { bar, cells, store, engines, chosen }) {
    Object.assign(this, { page, bar, cells, store, engines, chosen });
    this.engine = null; // the one in use
    this.session = null;
    this.state = "off";
    this.runner = new Runner({
      onBegin: (job) => this.showBusy(job),
      onEnd: (job, result) => this.showEnd(job, result),
      onIdle: (batch) => this.showReady(batch),
    });
    this.sayOff();
  }

  /** Start the chosen engine, and replay what had run on the one before. */
  async start() {
    if (!this.chosen || this.state === "starting") return;
    await this.replaceKernel(this.chosen, true);
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
    await Promise.race([this.editors, starting]).catch(() => undefined);
    if (kind !== "one") return jobs;
    return jobs.map(({ cell, solution }) => ({ cell, code: cell.text, solution }));
  }

  /** Stop what runs: by an interrupt where that can be, else with a new kernel. */
  async stop() {
    if (this.state === "starting") {
      this.cancelling?.abort();
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
    await this.replaceKernel(this.engine, !job.replayed);
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

  replaceKernel(engine, replay) {
    this.starting = this.startKernel(engine, replay);
    return this.starting;
  }

  async startKernel(engine, replay) {
    const cutOff = this.leaveKernel();
    this.engine = engine;
    this.before = cutOff ? `Stopped ${cutOff.cell.name}. ` : "";
    this.say("starting", `${this.before}Starting Python…`);
    this.cancelling = new AbortController();
    try {
      const begin = (alive, signal) => this.begin(engine, alive, signal);
      const { quiet } = engine;
      const cancel = this.cancelling.signal;
      const suspect = this.page.engineUrl;
      const started = await watched(begin, { quiet, suspect, cancel });
      this.useKernel(started, replay);
    } catch (error) {
      this.editors = this.cells[0].editor ? this.editors : null;
      this.runner.clear();
      if (error instanceof Cancelled) this.sayOff();
      else this.fail(`Python did not start ${engine.place}: ${reasonOf(error)}`);
    }
  }

  async begin(engine, alive, signal) {
    const tell = (words, done) => {
      if (signal.aborted) return;
      alive();
      // The numbers change all the time; only the words before them are read out.
      const [stage, amount] = words.split(/(?<=:) /);
      const after = amount ? ` ${amount}` : "";
      this.bar.say("starting", this.before + stage, { amount: after, done });
    };
    // In this order: what takes longest is asked for first.
    const starting = engine.start(tell, signal);
    this.editors ??= this.makeEditors();
    const runtime = loadRuntime(this.page.engineUrl);
    const [started, thebe] = await Promise.all([starting, runtime, this.editors]);
    return { ...started, thebe };
  }

  useKernel({ session, version, thebe }, replay) {
    this.session = session;
    this.version = version.split(".").slice(0, 2).join(".");
    session.onDeath = (words, remedy) => {
      this.leaveKernel("Python ended while this ran");
      this.fail(words, remedy);
    };
    this.runner.replay();
    if (!replay) this.skipReplay();
    this.showReady(null);
    this.runner.attach(session, thebe);
  }

  leaveKernel(words = "cut off") {
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

  /** Make the editors a few at a time: the page stays at hand while Python comes. */
  async makeEditors() {
    const cm = await loadEditor(this.page.engineUrl);
    await loadSheet(SHEET);
    let began = performance.now();
    for (const cell of this.cells) {
      cell.goLive(cm, this.store, (text, place) => this.complete(text, place));
      if (performance.now() - began < SLICE_MS) continue;
      await pause();
      began = performance.now();
    }
  }

  sayOff() {
    const kept = this.store.kept(this.cells.map((cell) => cell.id)).length;
    this.say("off", invitation(this.engines, this.chosen, kept));
  }

  say(state, words, more) {
    this.state = state;
    this.bar.say(state, words, more);
    this.offer();
  }

  fail(words, remedy) {
    this.say("failed", failure(words, remedy, this.engine, this.engines));
  }

  showBusy(job) {
    const { words, done } = working(job);
    const skip = button("Skip", { onclick: () => this.skipReplay() });
    this.say("busy", words, { done, offers: job.replayed ? [skip] : [] });
  }

  skipReplay() {
    this.runner.clear((job) => job.replayed);
  }

  showEnd({ cell, batch, code, before, replayed }, result) {
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
    const offers = [];
    if (batch?.failed && batch.kind !== "one") {
      const { element, name } = batch.failed.cell;
      offers.push(make("a", { href: `#${element.id}` }, `Go to ${name}`));
    }
    this.say("ready", ready(this.engine, this.version, batch), { offers });
  }
}
