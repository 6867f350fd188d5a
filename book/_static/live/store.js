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

  /** Keep a cell's text; `base` is the hash of the published text it began from. */
  save(id, text, base) {
    const record = { version: VERSION, hash: base, text, saved: Date.now() };
    const value = JSON.stringify(record);
    this.attempt((storage) => storage.setItem(this.key(id), value), "write");
  }

  /** Forget what is kept of a cell. */
  remove(id) {
    this.attempt((storage) => storage.removeItem(this.key(id)), "write");
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
