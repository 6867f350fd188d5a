/** Keeps what has passed its check as the reader's own module of the chapter. */

import { keepModule } from "./own-store.js";
import { listed, titleOf } from "./framework.js";
import { passedBy } from "../exercise/passed.js";
import { isFull, keyOf, orThrow, set } from "../base/storage.js";
import { reasonOf } from "../base/words.js";

/**
 * @import { CellData, RanCells } from "../base/types.js"
 * @import { Cell } from "../cell/cell.js"
 * @import { Job } from "../engine/runner.js"
 * @import { Session } from "../engine/session.js"
 * @import { Framework } from "./framework.js"
 * @import { OwnModule } from "./own-store.js"
 */

const TRIES = 3;
const YOURS = /^Your cells: (.*)\.$/m;
const KEPT = "Kept as your own: later chapters run on it.";

/** @typedef {Record<string, string>} Texts of cells, by id */

export class Keeper {
  /** Texts that have passed since the module was last kept. @type {Map<string, string>} */
  passed = new Map();

  /** Exported set-up cells that had run, as they stand, at the last pass. @type {Cell[]} */
  given = [];

  /**
   * @param {Framework} framework
   * @param {CellData[]} data of the page's cells
   * @param {Cell[]} cells
   * @param {(words: string) => void} tell shows a notice on the page
   */
  constructor(framework, data, cells, tell) {
    this.framework = framework;
    this.data = data;
    this.cells = cells;
    this.tell = tell;
  }

  /**
   * Note an exercise if its check has just passed on the reader's own text.
   *
   * @param {Pick<Job, "cell" | "code"> & Partial<Job>} job that ended without error
   * @param {RanCells} ran what ran on this kernel
   */
  note(job, ran) {
    if (!this.framework.own) return;
    const exercise = passedBy(job, { status: "ok" }, this.cells, ran);
    if (!exercise || !this.exported(exercise)) return;
    this.passed.set(exercise.id, exercise.text);
    this.given = this.cells.filter(
      (one) =>
        one.role === "setup" && this.exported(one) && ran.get(one)?.code === one.text,
    );
  }

  /**
   * Keep the module with what has passed since the last time.
   *
   * @param {Pick<Session, "ask">} session its Python puts the module together
   * @returns {Promise<{exercises: string[], words: string}>} the ids of the exercises
   *   that had passed, and the sentence to show with them
   */
  async settle(session) {
    const exercises = [...this.passed.keys()];
    if (!exercises.length) return { exercises, words: "" };
    const passed = Object.fromEntries(this.passed);
    this.passed.clear();
    try {
      return { exercises, words: await this.assemble(session, passed) };
    } catch (error) {
      const why = reasonOf(error);
      const words = isFull(error) ? "this browser's storage for the site is full" : why;
      this.tell(`What passed could not be kept for later chapters: ${words}.`);
      return { exercises, words: "" };
    }
  }

  /**
   * Put the module together in Python, and store it.
   *
   * @param {Pick<Session, "ask">} session
   * @param {Texts} passed
   * @returns {Promise<string>} the sentence to show with the exercises
   * @throws {Error} where Python cannot import the module, or the storage is full
   */
  async assemble(session, passed) {
    const { own } = this.framework;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const before = this.framework.kept;
      const yours = { ...this.carried(before), ...passed };
      for (const cell of this.given) {
        if (cell.edited) yours[cell.id] = cell.text;
        else delete yours[cell.id];
      }
      if (before && equal(before.cells, yours) && before.hash === own.hash) return KEPT;
      const answer = await session.ask(this.question(yours));
      if (answer.problem) throw new Error(answer.problem);
      const now = this.framework.kept;
      // Another tab may have kept the module while Python worked: take its texts in.
      if (now?.source !== before?.source) continue;
      const cells = withoutIds(yours, answer.leftOut);
      const { chapter, module, hash } = own;
      const record = { chapter, module, source: answer.source, hash, cells };
      keepModule(this.framework.storage, record);
      return leftOutWords(answer.leftOut, passed) || KEPT;
    }
    throw new Error("another tab keeps changing it");
  }

  /**
   * Return the question "keep" with its arguments; see ANSWERS in tinytorch/own/answers.py.
   *
   * @param {Texts} yours the reader's; the published text is taken for other cells
   */
  question(yours) {
    const { own } = this.framework;
    const exported = this.data.filter((cell) => cell.export);
    const tools = this.data.filter((cell) => cell.role === "setup" && !cell.export);
    return {
      ask: /** @type {const} */ ("keep"),
      module: own.module,
      title: titleOf(own),
      mark: own.hash,
      cells: exported.map(({ id, untouched, source }) => [id, untouched ?? source]),
      yours,
      tools: tools.map(({ source }) => source),
    };
  }

  /**
   * The reader's texts in the module kept before. Those of a module from a file are
   * not known; the ones still on this page are taken, and the module is moved aside.
   *
   * @param {?OwnModule} before
   * @returns {Texts}
   */
  carried(before) {
    if (!before || Object.keys(before.cells).length) return before?.cells ?? {};
    const ids = before.source.match(YOURS)?.[1].split(", ") ?? [];
    const here = this.cells.filter((cell) => ids.includes(cell.id) && cell.edited);
    if (here.length < ids.length) {
      const name = `own-before:${before.module}:${before.time}`;
      orThrow(set(this.framework.storage, name, JSON.stringify(before)));
      this.tell(
        "Your module of this chapter came from a file. It is made anew from what " +
          "passes here; the one from the file stays in this browser's storage as " +
          `“${keyOf(name)}”.`,
      );
    }
    return Object.fromEntries(here.map((cell) => [cell.id, cell.text]));
  }

  /**
   * Whether a cell goes into the chapter's module.
   *
   * @param {Cell} cell
   */
  exported(cell) {
    return this.data.some(({ id, export: given }) => id === cell.id && given);
  }
}

/**
 * Say why exercises that passed did not go into the module.
 *
 * @param {Record<string, string[]>} leftOut by cell id, the names that it needs and
 *   that stay on its page
 * @param {Texts} passed
 * @returns {string} empty where all of them did
 */
function leftOutWords(leftOut, passed) {
  const told = Object.entries(leftOut).filter(([id]) => id in passed);
  return told
    .map(
      ([, names]) =>
        `It uses ${listed(names)}, which stays on this page, so later chapters take ` +
        "the reference's.",
    )
    .join(" ");
}

/**
 * @param {Texts} yours
 * @param {Record<string, string[]>} leftOut
 */
function withoutIds(yours, leftOut) {
  return Object.fromEntries(Object.entries(yours).filter(([id]) => !(id in leftOut)));
}

/**
 * @param {Texts} some
 * @param {Texts} others
 */
function equal(some, others) {
  const ids = Object.keys(some);
  const shared = ids.every((id) => some[id] === others[id]);
  return shared && ids.length === Object.keys(others).length;
}
