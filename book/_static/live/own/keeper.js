/** Stores the exercises that passed their checks as the reader's own module. */

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

const TRIES = 3; // how often to make the module anew because another tab changed it
const YOURS = /^Your cells: (.*)\.$/m; // a line that tinytorch.own.module_source writes
const KEPT = "Kept as your own: later chapters run on it.";

/** @typedef {Record<string, string>} Texts texts of cells, by id */

export class Keeper {
  /**
   * The texts of the exercises that have passed since the module was last stored, by
   * id.
   *
   * @type {Map<string, string>}
   */
  passed = new Map();

  /**
   * The set-up cells of the module whose present text had run on the kernel when an
   * exercise last passed.
   *
   * @type {Cell[]}
   */
  given = [];

  /**
   * @param {Framework} framework
   * @param {CellData[]} data the data of the page's cells
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
   * If a job has shown an exercise to be solved, note the exercise for `settle`.
   *
   * @param {Pick<Job, "cell" | "code"> & Partial<Job>} job a job that ended without
   *   error
   * @param {RanCells} ran the cells that ran on this kernel
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
   * Store the module with the exercises that have passed since it was last stored.
   * Never rejects: the reader is told of a failure.
   *
   * @param {Pick<Session, "ask">} session the kernel, which assembles the module
   * @returns {Promise<{exercises: string[], words: string}>} `exercises`: ids of the
   *   exercises that have passed; `words`: the sentence to show with each of them,
   *   empty after a failure
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
   * Assemble the module in Python, and store it.
   *
   * @param {Pick<Session, "ask">} session
   * @param {Texts} passed the texts of the exercises that have passed
   * @returns {Promise<string>} the sentence to show with the exercises
   * @throws {Error} if Python cannot import the module, the kernel is gone, the storage
   *   is full or blocked, or another tab changed the module at each of TRIES attempts
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
      // If another tab has stored the module meanwhile, start again from that module.
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
   * Return the question "keep" for Session.ask; see ANSWERS in
   * tinytorch/own/answers.py.
   *
   * @param {Texts} yours the reader's texts; other cells go in with their published
   *   text
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
   * Return the reader's texts in the module that is stored already. For a module
   * imported without its texts, return those edits of this page that are in the module;
   * if some of its texts are not on this page, the module is first copied to another
   * key.
   *
   * @param {?OwnModule} before the stored module; null for none
   * @returns {Texts}
   * @throws {Error} the storage's error if it does not take the copy
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
   * Return whether a cell is part of the chapter's module.
   *
   * @param {Cell} cell
   */
  exported(cell) {
    return this.data.some(({ id, export: given }) => id === cell.id && given);
  }
}

/**
 * Return sentences that say why exercises that passed are not in the module.
 *
 * @param {Record<string, string[]>} leftOut the cells that are not in the module, by
 *   id, with the names that each uses and that the module does not have
 * @param {Texts} passed the texts of the exercises that have passed
 * @returns {string} empty if all of these exercises are in the module
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
 * Return the texts of the cells whose ids are not in `leftOut`.
 *
 * @param {Texts} yours
 * @param {Record<string, string[]>} leftOut
 */
function withoutIds(yours, leftOut) {
  return Object.fromEntries(Object.entries(yours).filter(([id]) => !(id in leftOut)));
}

/**
 * Return whether two sets of texts have the same ids and texts.
 *
 * @param {Texts} some
 * @param {Texts} others
 */
function equal(some, others) {
  const ids = Object.keys(some);
  const shared = ids.every((id) => some[id] === others[id]);
  return shared && ids.length === Object.keys(others).length;
}
