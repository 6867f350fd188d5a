/** Whose modules this page's Python imports: the reader's own, or the reference. */

import { damagedModules, entryOf, ownModules } from "./own-store.js";
import { get, keyOf, openStorage, set } from "../base/storage.js";
import { reasonOf } from "../base/words.js";

const CHOICE = "framework";
const FEW = 4; // titles that are named one by one

/**
 * @typedef {object} Row what is to be said of one module that the page builds on
 * @property {string} number of its chapter, "01"
 * @property {string} title "Tensor"
 * @property {string} module "core.tensor"
 * @property {string} page the chapter's address; empty where it has none
 * @property {string[]} exercises the ids of those in it
 * @property {?OwnModule} own what is kept of the reader's
 * @property {boolean} damaged whether something is kept that cannot be read
 * @property {boolean} older whether it was made from another published chapter
 * @property {boolean} declined whether the reader chose the reference
 * @property {string} problem why the reader's cannot be used, or what it breaks
 * @property {"yours" | "reference"} use what the page's Python uses, or would
 */

export class Framework {
  /**
   * @param {{own: ?object, before: object[]}} known the page's own module, and those
   *   that it builds on, see tools/forms/page/framework.py
   * @param {() => Storage} open gives the storage; a blocked one throws
   */
  constructor({ own, before }, open = undefined) {
    Object.assign(this, { own, before, open });
    this.given = null; // the reader's modules that the running Python got, and of when
    this.failed = new Set(); // those among them that it could not load
    this.problems = new Map(); // by name of the module
  }

  get storage() {
    return openStorage(this.open);
  }

  /** @returns {Row[]} the modules that the page builds on, in order */
  get rows() {
    const { storage } = this;
    const kept = new Map(ownModules(storage).map((own) => [own.module, own]));
    const damaged = damagedModules(storage);
    const declined = this.choice();
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

  /** What is kept of this page's own chapter, or null. */
  get kept() {
    const find = ({ module }) => module === this.own?.module;
    return ownModules(this.storage).find(find) ?? null;
  }

  /** Whether the running Python has the reader's module of this name. */
  runs(module) {
    return Boolean(this.given?.has(module)) && !this.failed.has(module);
  }

  /** Whether another start would use other modules than the running Python does. */
  get outdated() {
    if (!this.given) return false;
    return this.rows.some(({ own, declined, module }) => {
      const wanted = own && !declined ? own.time : undefined;
      const needless = this.failed.has(module) && wanted === undefined;
      return wanted !== this.given.get(module) && !needless;
    });
  }

  /**
   * Give a fresh Python the reader's modules.
   *
   * @param {Session} session
   * @param {(words: string) => void} tell what is being done
   */
  async prepare(session, tell = () => {}) {
    this.given = new Map();
    this.failed.clear();
    this.problems.clear();
    const wanted = this.rows.filter(({ own, declined }) => own && !declined);
    if (!wanted.length) return;
    tell("Loading your own modules…");
    const modules = wanted.map(({ number, title, module, own }) => ({
      module,
      title: `chapter ${number}, ${title}`,
      source: own.source,
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

  /** The Python with the modules is gone. */
  leave() {
    this.given = null;
    this.failed.clear();
  }

  /** Say that a module makes something fail. */
  accuse(module, words) {
    this.problems.set(module, words);
  }

  /**
   * Take the reference, or the reader's, and remember it.
   *
   * @param {"yours" | "reference"} use
   * @param {?string} module null: throughout
   */
  choose(use, module = null) {
    const before = this.choice();
    const others = before.modules.filter((name) => name !== module);
    let choice = { all: use === "reference", modules: [] };
    if (module !== null) {
      // What was declined as a whole is declined one by one from here on.
      const names = before.all
        ? this.before.map((part) => part.module).filter((name) => name !== module)
        : others;
      const modules = use === "reference" ? [...names, module] : names;
      choice = { all: before.all && use === "reference", modules };
    }
    const error = set(this.storage, CHOICE, JSON.stringify(choice));
    this.unkept = error && choice; // holds on this page, and is made again on the next
    if (module === null) this.problems.clear();
    else this.problems.delete(module);
  }

  choice() {
    try {
      const kept = JSON.parse(get(this.storage, CHOICE) ?? "null");
      const { all = false, modules = [] } = this.unkept ?? kept ?? {};
      return { all: all === true, modules: Array.isArray(modules) ? modules : [] };
    } catch {
      return { all: false, modules: [] };
    }
  }
}

/** A module in the words that a reader knows it by: "chapter 01, Tensor". */
export function named({ number, title }) {
  return `chapter ${number}, ${title}`;
}

/** Names as a list in words: "a", "a and b", "a, b and c". */
export function listed(names) {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Whose code runs, in one line. */
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

function day(time) {
  const style = { day: "numeric", month: "short", year: "numeric" };
  return new Date(time).toLocaleDateString("en-GB", style);
}

/** What is to be said of one module, in sentences. */
export function account(row, date = day) {
  const { own, damaged, older, declined, problem, exercises, module, use } = row;
  if (damaged) {
    return (
      "reference. What was kept of yours cannot be read; it stays in this browser's " +
      `storage as “${keyOf(entryOf(module))}”.`
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
