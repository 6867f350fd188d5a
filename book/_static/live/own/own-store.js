/** Reads and writes the reader's own modules in the browser's storage. */

import { get, keyOf, names, orThrow, set } from "../base/storage.js";

const START = "own:";
const VERSION = 1;
const ASIDE = "damaged:own:";

/**
 * @typedef {object} OwnModule one chapter's module as the reader wrote it
 * @property {string} chapter the chapter's folder, "01_tensor"
 * @property {string} module the module's name below `tinytorch.`, "core.tensor"
 * @property {string} source the whole module, assembled from the chapter's cells
 * @property {string} hash of the published module that it replaces; see ModuleData.hash
 * @property {number} time when the module was stored, in milliseconds since 1970
 * @property {Record<string, string>} cells the reader's own texts in the module, by
 *   cell id; empty if they are not known
 */

/**
 * Return the key of a module's record in the storage.
 *
 * @param {string} module "core.tensor"
 */
export function moduleKey(module) {
  return keyOf(START + module);
}

/**
 * Return the reader's modules, sorted by name.
 *
 * @param {?Storage} storage null for no storage
 * @returns {OwnModule[]} without damaged records; empty if the storage is blocked
 */
export function ownModules(storage) {
  const records = moduleNames(storage).map((name) => readModule(storage, name));
  return records.filter(Boolean);
}

/**
 * Return the names of the modules whose record is damaged or of another version.
 *
 * @param {?Storage} storage
 * @returns {string[]}
 */
export function damagedModules(storage) {
  return moduleNames(storage).filter((name) => !readModule(storage, name));
}

/**
 * Store a module in place of the stored one of the same name. If the stored record is
 * damaged, it is first copied to another key.
 *
 * @param {Storage} storage
 * @param {Omit<OwnModule, "cells" | "time"> & Partial<OwnModule>} own by default,
 *   `time` is the present time and `cells` is empty
 * @throws {Error} the storage's error if it is full or blocked
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
 * Return the names of all stored modules, sorted, damaged records included.
 *
 * @param {?Storage} storage
 * @returns {string[]}
 */
function moduleNames(storage) {
  const found = names(storage, START);
  return found.map((name) => name.slice(START.length)).sort();
}

/**
 * Return a stored module.
 *
 * @param {Storage} storage
 * @param {string} name of the module
 * @returns {?OwnModule} null for a record that is missing, damaged or of another
 *   version
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
