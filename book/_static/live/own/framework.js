/**
 * Which modules this page's Python imports: for each the reader's own or the reference.
 */

import { damagedModules, moduleKey, ownModules } from "./own-store.js";
import { get, openStorage, set } from "../base/storage.js";
import { reasonOf } from "../base/words.js";

/**
 * @import { ModuleData } from "../base/types.js"
 * @import { Session } from "../engine/session.js"
 * @import { OwnModule } from "./own-store.js"
 */

const CHOICE = "framework";
const FEW = 4; // up to this many titles are named; of more, only the number is given

/**
 * @typedef {object} RowState the reader's module in place of one that the page builds
 *   on
 * @property {?OwnModule} own the reader's module; null if none is stored
 * @property {boolean} damaged whether the stored record of `own` cannot be read
 * @property {boolean} older whether `own` was made from another version of the chapter
 * @property {boolean} declined whether the reader chose the reference
 * @property {string} problem why Python cannot use `own`, or what it makes fail; empty
 *   if there is no problem
 * @property {"yours" | "reference"} use which of the two the running Python uses; while
 *   none runs, which it would use
 */

/** @typedef {ModuleData & RowState} Row a line of the panel */

/** @typedef {{all: boolean, modules: string[]}} Declined the modules for which the reader
 *   chose the reference: all, or those with these names */

export class Framework {
  /**
   * The reader's modules that were sent to the running Python, those in `failed` too:
   * for each name the time when that module was stored (OwnModule.time). Null while no
   * Python runs.
   *
   * @type {?Map<string, number>}
   */
  given = null;

  /** Names of modules in `given` that Python could not load. @type {Set<string>} */
  failed = new Set();

  /** What is wrong with a module, by the module's name. @type {Map<string, string>} */
  problems = new Map();

  /**
   * The reader's choice of own modules or reference, when the browser could not store
   * it: it holds until this page closes.
   *
   * @type {?Declined}
   */
  unkept = null;

  /**
   * @param {{own: ?ModuleData, before: ModuleData[]}} known `own`: the module of the
   *   page's chapter; `before`: the modules that the page builds on
   * @param {() => Storage} [open] returns the storage, or throws if it is blocked
   */
  constructor({ own, before }, open) {
    this.own = own;
    this.before = before;
    this.open = open;
  }

  /**
   * The browser's storage; see openStorage. A blocked one holds none of the modules.
   */
  get storage() {
    return openStorage(this.open);
  }

  /**
   * The modules that the page builds on, in the order of their chapters. They are read
   * from the storage at each use, since other tabs write to it.
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

  /** The reader's stored module of this page's own chapter, or null. */
  get kept() {
    const find = ({ module }) => module === this.own?.module;
    return ownModules(this.storage).find(find) ?? null;
  }

  /**
   * Return whether the running Python uses the reader's module, not the reference.
   *
   * @param {string} module the module's name: "core.tensor"
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
   * Make a new kernel use the reader's modules. A module that cannot be loaded is noted
   * in `problems`, and the reference is used in its place. The promise never rejects.
   *
   * @param {Pick<Session, "ask">} session the new kernel
   * @param {(words: string) => void} tell called with the words for the progress of the
   *   start
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

  /** Note that no Python runs: `given` becomes null. */
  leave() {
    this.given = null;
    this.failed.clear();
  }

  /**
   * Note that a module makes a cell fail.
   *
   * @param {string} module the module's name
   * @param {string} words the rest of the sentence "Your chapter 01, Tensor, …"
   */
  accuse(module, words) {
    this.problems.set(module, words);
  }

  /**
   * Choose the reference or the reader's module for the next start, and store the
   * choice.
   *
   * @param {"yours" | "reference"} use
   * @param {?string} module the module's name; null for all modules
   */
  choose(use, module = null) {
    const before = this.declined();
    const others = before.modules.filter((name) => name !== module);
    /** @type {Declined} */
    let choice = { all: use === "reference", modules: [] };
    if (module !== null) {
      // A choice of the reference for all modules becomes a choice for each module.
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
   * Return for which modules the reader chose the reference.
   *
   * @returns {Declined} for a damaged or missing record: none
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
 * Return the name that readers know a module by, that of its chapter: "chapter 01,
 * Tensor".
 *
 * @param {Pick<ModuleData, "number" | "title">} module
 */
export function titleOf({ number, title }) {
  return `chapter ${number}, ${title}`;
}

/**
 * Return names as a list in words: "a", "a and b", "a, b and c".
 *
 * @param {string[]} names
 */
export function listed(names) {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/**
 * Return a line that says which modules are the reader's and which are the reference's.
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
 * Return a date as "30 Nov 2026".
 *
 * @param {number} time in milliseconds since 1970
 */
function day(time) {
  /** @type {Intl.DateTimeFormatOptions} */
  const style = { day: "numeric", month: "short", year: "numeric" };
  return new Date(time).toLocaleDateString("en-GB", style);
}

/**
 * Return sentences that say whether one module is the reader's or the reference's.
 *
 * @param {Row} row
 * @param {(time: number) => string} date formats a time, in milliseconds since 1970
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
