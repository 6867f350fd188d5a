/** Saves a reader's edits, and the choice of engine, in this browser's storage. */

import { get, isFull, keyOf, nameOf, openStorage, remove, set } from "./storage.js";

/** @import { Edit, StoredEdit } from "./types.js" */

const ENGINE = "engine";
const VERSION = 1;
const FULL =
  "This browser's storage for the site is full, so further edits are lost when " +
  "the page closes. Copy what you want to keep.";
const BLOCKED =
  "This browser does not let the page store anything, so edits are lost when the " +
  "page closes. Allow storage for this site to keep them.";

/**
 * The edits of one chapter. Its methods never throw: each kind of problem is told once,
 * as a sentence, to `onProblem`.
 */
export class EditStore {
  /**
   * @param {string} chapter for example "01_tensor"
   * @param {(words: string) => void} onProblem
   * @param {() => Storage} [open] gives the storage; throws where it is blocked
   */
  constructor(chapter, onProblem, open) {
    this.chapter = chapter;
    this.onProblem = onProblem;
    this.open = open;
    /** The problems that have been told. */
    this.told = new Set();
    /**
     * What this page last read or wrote, by cell id; null: nothing. A stored text that
     * differs from it was written by another tab.
     *
     * @type {Map<string, ?string>}
     */
    this.known = new Map();
  }

  /** The browser's storage as it is now; see openStorage. */
  get storage() {
    return openStorage(this.open);
  }

  /**
   * Listen for changes that other tabs make.
   *
   * @param {(id: string, edit: ?Edit) => void} onOther null: the other tab went back to
   *   the published text
   */
  watch(onOther) {
    window.addEventListener("storage", ({ key, newValue }) => {
      const start = this.editName("");
      const name = nameOf(key);
      if (!name?.startsWith(start)) return;
      const edit = editIn(newValue);
      if (newValue === null || edit) onOther(name.slice(start.length), edit);
    });
  }

  /**
   * Read the edit of a cell. A damaged one is moved aside; one that is the published
   * text is forgotten.
   *
   * @param {string} id of the cell
   * @param {string} published the cell's text as published now
   * @returns {?Edit & {changed: boolean}} `changed`: the cell has been published with
   *   another text since the edit began
   */
  load(id, published) {
    const raw = this.adopt(id);
    if (raw === null) return null;
    const edit = editIn(raw);
    if (!edit) {
      this.setDamagedAside(id, raw);
      return null;
    }
    if (edit.text === published) {
      this.remove(id);
      return null;
    }
    return { ...edit, changed: edit.base !== hash(published) };
  }

  /**
   * Save a cell's text.
   *
   * @param {string} id
   * @param {string} text
   * @param {string} base hash of the published text that the edit began from
   * @returns {boolean} whether another tab's text of the cell was put aside for it
   */
  save(id, text, base) {
    /** @type {StoredEdit} */
    const record = { version: VERSION, hash: base, text, saved: Date.now() };
    return this.replace(id, text, JSON.stringify(record));
  }

  /** Forget the edit of a cell; gives the same as `save`. */
  remove(id) {
    return this.replace(id, null, null);
  }

  /** Write or remove a record, after putting aside what another tab wrote meanwhile. */
  replace(id, text, value) {
    const raw = this.read(this.editName(id));
    if (raw === undefined) return false;
    const other = raw === (this.known.get(id) ?? null) ? null : editIn(raw);
    const aside = other !== null && other.text !== text;
    if (aside && !this.write(this.asideName(id), raw)) return false;
    if (!this.write(this.editName(id), value)) return false;
    this.known.set(id, value);
    return aside;
  }

  /**
   * Take the stored record as known, because the page shows it: writing over it loses
   * nothing.
   *
   * @param {string} id
   * @returns {?string} the record
   */
  adopt(id) {
    const raw = this.read(this.editName(id)) ?? null;
    this.known.set(id, raw);
    return raw;
  }

  /** Return the edit of a cell that was put aside for another tab's, or null. */
  aside(id) {
    return editIn(this.read(this.asideName(id)) ?? null);
  }

  /** Forget the edit that was put aside. */
  dropAside(id) {
    this.write(this.asideName(id), null);
  }

  /** Return the ids, among those given, of the cells with a stored edit. */
  kept(ids) {
    return ids.filter((id) => (this.read(this.editName(id)) ?? null) !== null);
  }

  editName(id) {
    return `edit:${this.chapter}:${id}`;
  }

  asideName(id) {
    return `aside:${this.chapter}:${id}`;
  }

  setDamagedAside(id, raw) {
    const name = `damaged:${this.chapter}:${id}:${hash(raw)}`;
    const moved = this.write(name, raw) && this.write(this.editName(id), null);
    const key = keyOf(name);
    const where = moved ? ` It is kept in this browser's storage as “${key}”.` : "";
    this.tell(
      `damaged:${id}`,
      `The saved edit of ${id} cannot be read, so its published text is shown.${where}`,
    );
  }

  /** Read an entry: null where there is none, undefined after telling why not. */
  read(name) {
    const raw = get(this.storage, name);
    if (raw === undefined) this.tell("blocked", BLOCKED);
    return raw;
  }

  /** Write an entry, or remove it (null); false after telling why not. */
  write(name, value) {
    const { storage } = this;
    const error = value === null ? remove(storage, name) : set(storage, name, value);
    if (isFull(error)) this.tell("full", FULL);
    else if (error) this.tell("blocked", BLOCKED);
    return error === null;
  }

  /**
   * Tell a problem, if none of this name has been told on this page.
   *
   * @param {string} name
   * @param {string} words
   */
  tell(name, words) {
    if (this.told.has(name)) return;
    this.told.add(name);
    this.onProblem(words);
  }
}

/** The name of the engine that was chosen last, or null. */
export function rememberedEngine() {
  return get(openStorage(), ENGINE) ?? null;
}

/** Remember the engine that was chosen; where that fails, the reader chooses again. */
export function rememberEngine(name) {
  set(openStorage(), ENGINE, name);
}

/**
 * Hash a text to 16 hexadecimal digits: FNV-1a, twice, over UTF-16 units. It tells
 * versions of a cell apart; it is not cryptographic. tools/chapters/texthash.py is the
 * same function in Python.
 *
 * @param {string} text
 * @returns {string}
 */
export function hash(text) {
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit ^ (i & 0xff), 0x01000193);
  }
  return [first, second]
    .map((half) => (half >>> 0).toString(16).padStart(8, "0"))
    .join("");
}

/**
 * Whether a value from a file or the storage has the form of a hash.
 *
 * @param {unknown} value
 */
export function isHash(value) {
  return typeof value === "string" && /^[0-9a-f]{16}$/.test(value);
}

/**
 * Read a stored edit.
 *
 * @param {?string} raw JSON; see StoredEdit
 * @returns {?Edit} null for a damaged record, one of another version, or none
 */
function editIn(raw) {
  try {
    const record = JSON.parse(raw);
    const whole =
      record?.version === VERSION &&
      typeof record.text === "string" &&
      typeof record.hash === "string";
    return whole ? { text: record.text, base: record.hash } : null;
  } catch {
    return null;
  }
}
