/**
 * Saves the reader's edits, and the choice of engine, in the browser's localStorage.
 */

import { get, isFull, keyOf, nameOf, openStorage, remove, set } from "./storage.js";

/** @import { Edit, StoredEdit } from "./types.js" */

const ENGINE = "engine";
const VERSION = 1; // of the format of a stored edit
const FULL =
  "This browser's storage for the site is full, so further edits are lost when " +
  "the page closes. Copy what you want to keep.";
const BLOCKED =
  "This browser does not let the page store anything, so edits are lost when the " +
  "page closes. Allow storage for this site to keep them.";

/**
 * The stored edits of one chapter's cells. The methods never throw: the first problem
 * of each kind on this page is reported to `onProblem`.
 */
export class EditStore {
  /**
   * @param {string} chapter for example "01_tensor"
   * @param {(words: string) => void} onProblem called with a sentence about the problem
   * @param {() => Storage} [open] returns the storage, or throws if it is blocked;
   *   localStorage by default
   */
  constructor(chapter, onProblem, open) {
    this.chapter = chapter;
    this.onProblem = onProblem;
    this.open = open;
    /** The names of the problems that have been reported; see `tell`. */
    this.told = new Set();
    /**
     * The record that this page last read or wrote, by cell id; null for a cell without
     * a record. A stored record that differs from this one was written by another tab.
     *
     * @type {Map<string, ?string>}
     */
    this.known = new Map();
  }

  /** The browser's storage, opened anew at each use; see openStorage. */
  get storage() {
    return openStorage(this.open);
  }

  /**
   * Call `onOther` whenever another tab saves or removes the edit of a cell.
   *
   * @param {(id: string, edit: ?Edit) => void} onOther gets the cell's id and the edit
   *   that the other tab saved, or null if it went back to the published text
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
   * Return the stored edit of a cell. A damaged record is moved to another key first,
   * and an edit whose text is the published text is removed.
   *
   * @param {string} id of the cell
   * @param {string} published the cell's text as published now
   * @returns {?Edit & {changed: boolean}} null for a cell without an edit; `changed`:
   *   whether the published text is another than the one that the edit began from
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
   * Save a cell's text as its edit. A text that another tab saved meanwhile is put
   * aside first, for `aside` to return.
   *
   * @param {string} id
   * @param {string} text
   * @param {string} base hash of the published text that the edit began from
   * @returns {boolean} whether another tab's text was put aside; false, too, where the
   *   storage did not take the edit
   */
  save(id, text, base) {
    /** @type {StoredEdit} */
    const record = { version: VERSION, hash: base, text, saved: Date.now() };
    return this.replace(id, text, JSON.stringify(record));
  }

  /** Remove the stored edit of a cell; returns the same as `save`. */
  remove(id) {
    return this.replace(id, null, null);
  }

  /**
   * Write a cell's record, or remove it where `value` is null, after putting aside a
   * different text that another tab wrote meanwhile. Returns the same as `save`.
   */
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
   * Read a cell's record and mark it as known: the page shows it, so the next save may
   * write over it without putting it aside.
   *
   * @param {string} id
   * @returns {?string} the record in JSON; null for no record or a blocked storage
   */
  adopt(id) {
    const raw = this.read(this.editName(id)) ?? null;
    this.known.set(id, raw);
    return raw;
  }

  /** Return the other tab's edit of a cell that `save` put aside, or null. */
  aside(id) {
    return editIn(this.read(this.asideName(id)) ?? null);
  }

  /** Remove the edit of a cell that was put aside. */
  dropAside(id) {
    this.write(this.asideName(id), null);
  }

  /** Return those of the cell ids that have a stored edit. */
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

  /**
   * Return an entry's value: null if there is no such entry, undefined if the storage
   * is blocked, which is reported.
   */
  read(name) {
    const raw = get(this.storage, name);
    if (raw === undefined) this.tell("blocked", BLOCKED);
    return raw;
  }

  /**
   * Write an entry, or remove it where `value` is null. Returns whether that worked; a
   * failure is reported.
   */
  write(name, value) {
    const { storage } = this;
    const error = value === null ? remove(storage, name) : set(storage, name, value);
    if (isFull(error)) this.tell("full", FULL);
    else if (error) this.tell("blocked", BLOCKED);
    return error === null;
  }

  /**
   * Report a problem to `onProblem`, unless one of the same name has been reported.
   *
   * @param {string} name of the kind of problem, such as "full"
   * @param {string} words a sentence for the reader
   */
  tell(name, words) {
    if (this.told.has(name)) return;
    this.told.add(name);
    this.onProblem(words);
  }
}

/** Return the name of the engine that the reader chose last, or null. */
export function rememberedEngine() {
  return get(openStorage(), ENGINE) ?? null;
}

/** Store the name of the chosen engine; on failure the reader has to choose again. */
export function rememberEngine(name) {
  set(openStorage(), ENGINE, name);
}

/**
 * Return the hash of a text as 16 hexadecimal digits: two 32-bit FNV-1a hashes over its
 * UTF-16 units. It tells versions of a cell apart and is not cryptographic. `text_hash`
 * in tools/chapters/texthash.py is the same function in Python.
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
 * Return whether a value from a file or the storage has the form that `hash` returns.
 *
 * @param {unknown} value
 */
export function isHash(value) {
  return typeof value === "string" && /^[0-9a-f]{16}$/.test(value);
}

/**
 * Return the edit in a stored record.
 *
 * @param {?string} raw the record in JSON, see StoredEdit; null for no record
 * @returns {?Edit} null for no record, a damaged one, or one of another version
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
