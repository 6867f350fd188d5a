/** Keeps what has passed its check as the reader's own module of the chapter. */

import { passedBy } from "../exercise/passed.js";
import { isFull, keyOf, orThrow, set } from "../base/storage.js";
import { keepModule } from "./own-store.js";
import { listed } from "./framework.js";
import { reasonOf } from "../base/words.js";

const TRIES = 3;
const YOURS = /^Your cells: (.*)\.$/m;

export class Keeper {
  /**
   * @param {Framework} framework
   * @param {object[]} data of the page's cells, see page.js
   * @param {Cell[]} cells
   * @param {(words: string) => void} tell
   */
  constructor(framework, data, cells, tell) {
    Object.assign(this, { framework, data, cells, tell });
    this.passed = new Map(); // the texts that passed, by the exercise's id
  }

  /**
   * Note an exercise whose check has just passed on the reader's own text.
   *
   * @param {{cell: Cell, code: string}} job that ended without error
   * @param {Map} ran what ran on this kernel, see Runner
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
   * @param {Session} session whose Python puts it together
   * @returns {Promise<{exercises: string[], words: string}>} which exercises that
   *   were, and what is to be said of them
   */
  async settle(session) {
    const exercises = [...this.passed.keys()];
    if (!exercises.length) return { exercises, words: "" };
    const passed = Object.fromEntries(this.passed);
    this.passed.clear();
    try {
      return { exercises, words: await this.keep(session, passed) };
    } catch (error) {
      const why = reasonOf(error);
      const words = isFull(error) ? "this browser's storage for the site is full" : why;
      this.tell(`What passed could not be kept for later chapters: ${words}.`);
      return { exercises, words: "" };
    }
  }

  async keep(session, passed) {
    const { own } = this.framework;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const before = this.framework.kept;
      const yours = { ...this.carried(before), ...passed };
      for (const cell of this.given) {
        if (cell.edited) yours[cell.id] = cell.text;
        else delete yours[cell.id];
      }
      if (before && same(before.cells, yours) && before.hash === own.hash) return KEPT;
      const answer = await session.ask(this.question(yours));
      if (answer.problem) throw new Error(answer.problem);
      const now = this.framework.kept;
      // Another tab may have kept something meanwhile: then once more, with that.
      if (now?.source !== before?.source) continue;
      const cells = without(yours, answer.leftOut);
      const { chapter, module, hash } = own;
      const record = { chapter, module, source: answer.source, hash, cells };
      keepModule(this.framework.storage, record);
      return besides(answer.leftOut, passed) || KEPT;
    }
    throw new Error("another tab keeps changing it");
  }

  question(yours) {
    const { module, number, title, hash } = this.framework.own;
    const texts = (test) => this.data.filter(test);
    const exported = texts(({ export: given }) => given);
    const tools = texts(({ role, export: given }) => role === "setup" && !given);
    return {
      ask: "keep",
      module,
      title: `chapter ${number}, ${title}`,
      mark: hash,
      cells: exported.map(({ id, untouched, source }) => [id, untouched ?? source]),
      yours,
      tools: tools.map(({ source }) => source),
    };
  }

  /** The texts that were kept; of a module from elsewhere, those still on the page. */
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

  exported(cell) {
    return this.data.some(({ id, export: given }) => id === cell.id && given);
  }
}

const KEPT = "Kept as your own: later chapters run on it.";

function besides(leftOut, passed) {
  const told = Object.entries(leftOut).filter(([id]) => id in passed);
  return told
    .map(
      ([, names]) =>
        `It uses ${listed(names)}, which stays on this page, so later chapters take ` +
        "the reference's.",
    )
    .join(" ");
}

function without(yours, leftOut) {
  return Object.fromEntries(Object.entries(yours).filter(([id]) => !(id in leftOut)));
}

function same(some, others) {
  const ids = Object.keys(some);
  const equal = ids.every((id) => some[id] === others[id]);
  return equal && ids.length === Object.keys(others).length;
}
