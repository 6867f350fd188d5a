/** Whose modules this page's Python imports: the reader's own, or the reference. */

import { damagedModules, moduleKey, ownModules } from "./own-store.js";
import { get, openStorage, set } from "../base/storage.js";
import { reasonOf } from "../base/words.js";

/**
 * @import { ModuleData } from "../base/types.js"
 * @import { Session } from "../engine/session.js"
 * @import { OwnModule } from "./own-store.js"
 */

const CHOICE = "framework";
const FEW = 4; // titles that are named one by one

/**
 * @typedef {object} RowState the reader's side of a module that the page builds on
 * @property {?OwnModule} own the reader's module, if one is kept
 * @property {boolean} damaged whether its record cannot be read
 * @property {boolean} older whether it was made from another version of the chapter
 * @property {boolean} declined whether the reader chose the reference
 * @property {string} problem why the reader's cannot be used, or what it breaks
 * @property {"yours" | "reference"} use what the page's Python uses; before a start,
 *   what it would use
 */

/** @typedef {ModuleData & RowState} Row a line of the panel */

/** @typedef {{all: boolean, modules: string[]}} Declined where the reference is chosen */

export class Framework {
  /**
   * The reader's modules that the running Python got: by name, the time each was kept.
   * Null while no Python runs.
   *
   * @type {?Map<string, number>}
   */
  given = null;

  /** Modules among `given` that Python could not load. @type {Set<string>} */
  failed = new Set();

  /** What is wrong with a module, by its name. @type {Map<string, string>} */
  problems = new Map();

  /** A choice that the storage did not take: it holds on this page. @type {?Declined} */
  unkept = null;

  /**
   * @param {{own: ?ModuleData, before: ModuleData[]}} known the module of the
   *   page's chapter, and the modules the page builds on
   * @param {() => Storage} [open] gives the storage; throws where it is blocked
   */
  constructor({ own, before }, open) {
    this.own = own;
    this.before = before;
    this.open = open;
  }

  /** The browser's storage; where it is blocked, there is only the reference. */
  get storage() {
    return openStorage(this.open);
  }

  /**
   * The modules that the page builds on, in the order of their chapters; read from the
   * storage each time, since other tabs write to it.
   *
   * @returns {Row[]}
   */
  get rows() {
    const { storage } = this;
    const kept = new Map(ownModules(storage).map((own) => [own.module, own]));
    const damaged = damagedModules(storage);
    const declined = this.declined();
    return this.before.map((part) => {
      const own = kept.get(part.module) ?? null;
      const row = {
        ...part,
        own,
        damaged: damaged.includes(part.module),
        older: Boolean(own) && own.hash !== part.hash,
        declined: declined.all || declined.modules.includes(part.module),
        problem: this.problems.get(part.module) ?? "",
      };
      const would = own && !row.declined && !row.problem;
      const yours = this.given ? this.runs(part.module) : would;
      return { ...row, use: yours ? "yours" : "reference" };
    });
  }

  /** The reader's module of this page's own chapter, or null. */
  get kept() {
    const find = ({ module }) => module === this.own?.module;
    return ownModules(this.storage).find(find) ?? null;
  }

  /**
   * Whether the running Python uses the reader's module, not the reference.
   *
   * @param {string} module
   */
  runs(module) {
    return Boolean(this.given?.has(module)) && !this.failed.has(module);
  }

  /** Whether a new start would use other modules than the running Python does. */
  get outdated() {
    if (!this.given) return false;
    return this.rows.some(({ own, declined, module }) => {
      const wanted = own && !declined ? own.time : undefined;
      const needless = this.failed.has(module) && wanted === undefined;
      return wanted !== this.given.get(module) && !needless;
    });
  }

  /**
   * Give a fresh Python the reader's modules. One that cannot be loaded is noted in
   * `problems`, and the reference is used.
   *
   * @param {Pick<Session, "ask">} session
   * @param {(words: string) => void} tell what is being done
   */
  async prepare(session, tell = () => {}) {
    this.given = new Map();
    this.failed.clear();
    this.problems.clear();
    const wanted = this.rows.filter(({ own, declined }) => own && !declined);
    if (!wanted.length) return;
    tell("Loading your own modules…");
    const modules = wanted.map((row) => ({
      module: row.module,
      title: titleOf(row),
      source: row.own.source,
    }));
    const failed = (why) => Object.fromEntries(modules.map((m) => [m.module, why]));
    const told = await session
      .ask({ ask: "use", modules })
      .catch((error) => failed(reasonOf(error)));
    for (const { module, own } of wanted) {
      const why = told[module];
      this.given.set(module, own.time);
      if (why === "") continue;
      this.failed.add(module);
      this.problems.set(module, `could not be loaded: ${why ?? "no answer"}`);
    }
  }

  /** Forget what Python was given: it is gone. */
  leave() {
    this.given = null;
    this.failed.clear();
  }

  /**
   * Note that a module makes something fail.
   *
   * @param {string} module
   * @param {string} words what it does, after "Your chapter 01, Tensor, "
   */
  accuse(module, words) {
    this.problems.set(module, words);
  }

  /**
   * Choose the reference or the reader's modules, and remember the choice.
   *
   * @param {"yours" | "reference"} use
   * @param {?string} module null: all of them
   */
  choose(use, module = null) {
    const before = this.declined();
    const others = before.modules.filter((name) => name !== module);
    /** @type {Declined} */
    let choice = { all: use === "reference", modules: [] };
    if (module !== null) {
      // A choice for all becomes a choice for each module from here on.
      const names = before.all
        ? this.before.map((part) => part.module).filter((name) => name !== module)
        : others;
      const modules = use === "reference" ? [...names, module] : names;
      choice = { all: before.all && use === "reference", modules };
    }
    const error = set(this.storage, CHOICE, JSON.stringify(choice));
    this.unkept = error && choice;
    if (module === null) this.problems.clear();
    else this.problems.delete(module);
  }

  /**
   * Read where the reader chose the reference.
   *
   * @returns {Declined}
   */
  declined() {
    try {
      const kept = JSON.parse(get(this.storage, CHOICE) ?? "null");
      const { all = false, modules = [] } = this.unkept ?? kept ?? {};
      return { all: all === true, modules: Array.isArray(modules) ? modules : [] };
    } catch {
      return { all: false, modules: [] };
    }
  }
}

/**
 * A module in the words that a reader knows it by: "chapter 01, Tensor".
 *
 * @param {Pick<ModuleData, "number" | "title">} module
 */
export function titleOf({ number, title }) {
  return `chapter ${number}, ${title}`;
}

/**
 * Names as a list in words: "a", "a and b", "a, b and c".
 *
 * @param {string[]} names
 */
export function listed(names) {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/**
 * Whose code runs, in one line.
 *
 * @param {Row[]} rows
 * @returns {string}
 */
export function summary(rows) {
  const of = (use) => rows.filter((row) => row.use === use).map(({ title }) => title);
  const few = (titles) =>
    titles.length > FEW ? `${titles.length} modules` : listed(titles);
  const yours = of("yours");
  const reference = of("reference");
  if (!yours.length) return `Built on the reference's ${few(reference)}`;
  const mine = `Built on your own ${few(yours)}`;
  return reference.length ? `${mine}, and the reference's ${few(reference)}` : mine;
}

/**
 * A date as "30 Nov 2026".
 *
 * @param {number} time in milliseconds since 1970
 */
function day(time) {
  /** @type {Intl.DateTimeFormatOptions} */
  const style = { day: "numeric", month: "short", year: "numeric" };
  return new Date(time).toLocaleDateString("en-GB", style);
}

/**
 * Say of one module whose it is, in sentences.
 *
 * @param {Row} row
 * @param {(time: number) => string} date words a time
 * @returns {string}
 */
export function account(row, date = day) {
  const { own, damaged, older, declined, problem, exercises, module, use } = row;
  if (damaged) {
    return (
      "reference. What was kept of yours cannot be read; it stays in this browser's " +
      `storage as “${moduleKey(module)}”.`
    );
  }
  if (!own) return "reference.";
  const solved = exercises.filter((id) => id in own.cells).length;
  const share = solved ? `${solved} of ${exercises.length} exercises, ` : "";
  const mine = `${share}kept on ${date(own.time)}`;
  const also = `reference. There is also yours, ${mine}`;
  const now = use === "yours" ? `yours, ${mine}.` : also;
  const ends = use === "yours" ? "" : declined || problem ? "." : ", not loaded yet.";
  const age = older
    ? " It was made from an earlier version of the chapter: check an exercise there " +
      "to bring it up to date."
    : "";
  return `${now}${ends}${age}`;
}
