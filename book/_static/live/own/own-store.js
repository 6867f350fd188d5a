/** The modules of a reader's own framework, as records in this browser's storage. */

import { get, keyOf, names, orThrow, set } from "../base/storage.js";

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
 * @property {Record<string, string>} cells the reader's own texts in it, by cell id;
 *   empty where they are not known
 */

/**
 * The key of a module's record in the storage.
 *
 * @param {string} module "core.tensor"
 */
export function moduleKey(module) {
  return keyOf(START + module);
}

/**
 * List the kept modules, by name.
 *
 * @param {?Storage} storage null where the browser gives none
 * @returns {OwnModule[]} without damaged records; see damagedModules
 */
export function ownModules(storage) {
  const records = moduleNames(storage).map((name) => readModule(storage, name));
  return records.filter(Boolean);
}

/**
 * List the names of modules whose record cannot be read.
 *
 * @param {?Storage} storage
 * @returns {string[]}
 */
export function damagedModules(storage) {
  return moduleNames(storage).filter((name) => !readModule(storage, name));
}

/**
 * Keep a module, replacing the one kept before. A damaged record in its place is
 * moved aside, not lost.
 *
 * @param {Storage} storage
 * @param {Omit<OwnModule, "cells" | "time"> & Partial<OwnModule>} own `time` is now
 *   where left out
 * @throws {Error} from a storage that is full or blocked
 */
export function keepModule(storage, own) {
  const { chapter, module, source, hash, cells = {}, time = Date.now() } = own;
  const before = get(storage, START + module);
  if (before && !readModule(storage, module)) {
    orThrow(set(storage, `${ASIDE}${module}:${Date.now()}`, before));
  }
  const record = { version: VERSION, chapter, module, source, hash, time, cells };
  orThrow(set(storage, START + module, JSON.stringify(record)));
}

/**
 * @param {?Storage} storage
 * @returns {string[]} of all records, damaged ones too, in order
 */
function moduleNames(storage) {
  const found = names(storage, START);
  return found.map((name) => name.slice(START.length)).sort();
}

/**
 * @param {Storage} storage
 * @param {string} name
 * @returns {?OwnModule} null for a record that is damaged or of another version
 */
function readModule(storage, name) {
  try {
    const record = JSON.parse(get(storage, START + name));
    const texts = ["chapter", "module", "source", "hash"];
    const whole =
      record?.version === VERSION &&
      texts.every((key) => typeof record[key] === "string");
    if (!whole) return null;
    const { chapter, module, source, hash, time = 0, cells = {} } = record;
    return { chapter, module, source, hash, time, cells };
  } catch {
    return null;
  }
}
