/** Keeps a reader's edits, and the choice of engine, in this browser's storage. */

const PREFIX = "tinytorch:";
const VERSION = 1;

/**
 * Edits of one chapter. Nothing here throws: what goes wrong is told once to
 * `onProblem`, as a sentence.
 */
export class EditStore {
  /**
   * @param {string} chapter for example "01_tensor"
   * @param {(words: string) => void} onProblem
   * @param {() => Storage} open gives the storage; a blocked one throws.
   */
  constructor(chapter, onProblem, open = () => window.localStorage) {
    this.chapter = chapter;
    this.onProblem = onProblem;
    this.open = open;
    this.told = new Set();
    this.known = new Map(); // what this page last read or wrote of a cell
  }

  /**
   * Hear of changes that other tabs make.
   *
   * @param {(id: string, record: ?{text: string, base: string}) => void} onOther
   *   null: the other tab went back to the published text
   */
  watch(onOther) {
    window.addEventListener("storage", ({ key, newValue }) => {
      const start = this.key("");
      if (!key?.startsWith(start)) return;
      const id = key.slice(start.length);
      const record = newValue === null ? null : parse(newValue);
      if (newValue !== null && !record) return;
      onOther(id, record && { text: record.text, base: record.hash });
    });
  }

  /**
   * Return what is kept of a cell.
   *
   * @param {string} id of the cell
   * @param {string} published the cell's text as published now
   * @returns {{text: string, base: string, changed: boolean} | null} `base`: the hash
   *   of the published text the edit began from; `changed`: it is another one now.
   */
  load(id, published) {
    const key = this.key(id);
    const raw = this.attempt((storage) => storage.getItem(key), "read");
    this.known.set(id, raw ?? null);
    if (raw === null || raw === undefined) return null;
    const record = parse(raw);
    if (!record) {
      this.setAside(id, raw);
      return null;
    }
    if (record.text === published) {
      this.remove(id);
      return null;
    }
    const changed = record.hash !== hash(published);
    return { text: record.text, base: record.hash, changed };
  }

  /**
   * Keep a cell's text; `base` is the hash of the published text it began from.
   *
   * @returns {boolean} whether another tab's text of the cell was put aside for it
   */
  save(id, text, base) {
    const record = { version: VERSION, hash: base, text, saved: Date.now() };
    return this.replace(id, text, (storage) => {
      const value = JSON.stringify(record);
      storage.setItem(this.key(id), value);
      this.known.set(id, value);
    });
  }

  /** Forget what is kept of a cell; gives the same as `save`. */
  remove(id) {
    return this.replace(id, null, (storage) => {
      storage.removeItem(this.key(id));
      this.known.set(id, null);
    });
  }

  /** Write, after what another tab wrote in the meantime has been put aside. */
  replace(id, text, write) {
    return this.attempt((storage) => {
      const raw = storage.getItem(this.key(id));
      const other = raw !== (this.known.get(id) ?? null) && raw ? parse(raw) : null;
      const aside = Boolean(other) && other.text !== text;
      if (aside) storage.setItem(this.asideKey(id), raw);
      write(storage);
      return aside;
    }, "write");
  }

  /** This page shows what another tab wrote: writing over it loses nothing. */
  adopt(id) {
    const raw = this.attempt((storage) => storage.getItem(this.key(id)), "read");
    this.known.set(id, raw ?? null);
  }

  /** The text of a cell that was put aside: `{text, base}` or null. */
  aside(id) {
    const raw = this.attempt((storage) => storage.getItem(this.asideKey(id)), "read");
    const record = raw ? parse(raw) : null;
    return record && { text: record.text, base: record.hash };
  }

  /** Forget the text that was put aside. */
  dropAside(id) {
    this.attempt((storage) => storage.removeItem(this.asideKey(id)), "write");
  }

  /** Return the ids, among those given, of which something is kept. */
  kept(ids) {
    return ids.filter((id) =>
      this.attempt((storage) => storage.getItem(this.key(id)) !== null, "read"),
    );
  }

  key(id) {
    return `${PREFIX}edit:${this.chapter}:${id}`;
  }

  asideKey(id) {
    return `${PREFIX}aside:${this.chapter}:${id}`;
  }

  setAside(id, raw) {
    const key = `${PREFIX}damaged:${this.chapter}:${id}:${hash(raw)}`;
    const moved = this.attempt((storage) => {
      storage.setItem(key, raw);
      storage.removeItem(this.key(id));
      return true;
    }, "write");
    const where = moved ? ` It is kept in this browser's storage as “${key}”.` : "";
    this.tell(
      `damaged:${id}`,
      `The saved edit of ${id} cannot be read, so its published text is shown.${where}`,
    );
  }

  attempt(action, kind) {
    try {
      return action(this.open());
    } catch (error) {
      this.tell(kind === "write" ? failureName(error) : "blocked", problem(error));
      return undefined;
    }
  }

  tell(name, words) {
    if (this.told.has(name)) return;
    this.told.add(name);
    this.onProblem(words);
  }
}

/** The engine that was chosen last, or null. */
export function rememberedEngine() {
  try {
    return window.localStorage.getItem(`${PREFIX}engine`);
  } catch {
    return null; // a choice that cannot be kept is only made again
  }
}

/** Remember the engine that was chosen. */
export function rememberEngine(name) {
  try {
    window.localStorage.setItem(`${PREFIX}engine`, name);
  } catch {
    // as above
  }
}

/**
 * Hash a text to 16 hexadecimal digits: FNV-1a, twice, over UTF-16 units. It tells
 * versions of a cell apart and is no protection.
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

function parse(raw) {
  try {
    const record = JSON.parse(raw);
    const whole =
      record?.version === VERSION &&
      typeof record.text === "string" &&
      typeof record.hash === "string";
    return whole ? record : null;
  } catch {
    return null;
  }
}

function failureName(error) {
  return error?.name === "QuotaExceededError" ? "full" : "blocked";
}

function problem(error) {
  if (failureName(error) === "full") {
    return (
      "This browser's storage for the site is full, so further edits are lost when " +
      "the page closes. Copy what you want to keep."
    );
  }
  return (
    "This browser does not let the page store anything, so edits are lost when the " +
    "page closes. Allow storage for this site to keep them."
  );
}
