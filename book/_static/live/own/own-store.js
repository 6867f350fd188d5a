/** Keeps the modules of a reader's own framework in this browser's storage. */

import { get, names as entries, orThrow, remove, set } from "../base/storage.js";

const START = "own:";
const VERSION = 1;
const ASIDE = "damaged:own:";

/**
 * @typedef {object} OwnModule one chapter's module as the reader wrote it
 * @property {string} chapter the chapter's folder, "01_tensor"
 * @property {string} module its name below `tinytorch.`, "core.tensor"
 * @property {string} source the whole module, put together from the chapter's cells
 * @property {string} hash of the published chapter that it was made from
 * @property {number} time when it was kept, in milliseconds since 1970
 * @property {Object<string, string>} cells the texts that are the reader's own, by
 *   cell id; empty where they are not known
 */

/**
 * List what is kept, by name of the module.
 *
 * @param {?Storage} storage null where there is none
 * @returns {OwnModule[]} damaged records left out; see damagedModules
 */
export function ownModules(storage) {
  const records = names(storage).map((name) => parse(get(storage, entryOf(name))));
  return records.filter(Boolean);
}

/**
 * The names of the modules whose record cannot be read.
 *
 * @param {?Storage} storage
 * @returns {string[]}
 */
export function damagedModules(storage) {
  return names(storage).filter((name) => !parse(get(storage, entryOf(name))));
}

/**
 * Keep a module in place of the one kept before. A damaged record that stood there is
 * set aside, not lost.
 *
 * @param {Storage} storage
 * @param {{chapter: string, module: string, source: string, hash: string,
 *   cells?: Object<string, string>, time?: number}} own `time` is now where left out
 * @throws what the storage throws when it is full or blocked
 */
export function keepModule(storage, own) {
  const { chapter, module, source, hash, cells = {}, time = Date.now() } = own;
  const entry = entryOf(module);
  const before = get(storage, entry);
  if (typeof before === "string" && !parse(before)) {
    orThrow(set(storage, `${ASIDE}${module}:${Date.now()}`, before));
  }
  const record = { version: VERSION, chapter, module, source, hash, time, cells };
  orThrow(set(storage, entry, JSON.stringify(record)));
}

/**
 * Forget a module.
 *
 * @param {Storage} storage
 * @param {string} module
 * @throws what the storage throws when it is blocked
 */
export function forgetModule(storage, module) {
  orThrow(remove(storage, entryOf(module)));
}

/** The name of a module's entry in the storage; see base/storage.js. */
export function entryOf(module) {
  return START + module;
}

function names(storage) {
  const found = entries(storage, START);
  return found.map((name) => name.slice(START.length)).sort();
}

function parse(raw) {
  try {
    const record = JSON.parse(raw);
    const texts = ["chapter", "module", "source", "hash"];
    const whole =
      record?.version === VERSION &&
      texts.every((name) => typeof record[name] === "string");
    if (!whole) return null;
    const { chapter, module, source, hash, time = 0, cells = {} } = record;
    return { chapter, module, source, hash, time, cells };
  } catch {
    return null;
  }
}
