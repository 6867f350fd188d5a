/** Progress, edits and own modules as one JSON file: written, and read with distrust. */

import { isHash } from "../base/edit-store.js";
import { get, names } from "../base/storage.js";
import { isEntry, passedIn } from "../exercise/progress.js";
import { parseJson, Refusal } from "./refusal.js";

/**
 * @import { Edit, StoredEdit } from "../base/types.js"
 * @import { OwnModule } from "../own/own-store.js"
 */

const FORMAT = "tinytorch-progress";
const VERSION = 1;
const EDIT = /^edit:([^:]+):([^:]+)$/;
const CHAPTER = /^[a-z0-9]+(_[a-z0-9]+)*$/;
const CELL = /^[a-z0-9]+(-[a-z0-9]+)+$/;
const MODULE = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*$/;

/** @typedef {Omit<StoredEdit, "version">} KeptEdit an edit as the storage has it */

/** @typedef {Edit & {chapter: string, id: string}} FiledEdit an edit as a file has it */

/** @typedef {{id: string, hash: string, time: number}} PassedExercise `time` in ms since 1970 */

/**
 * @typedef {object} Work what a reader has done, in all chapters or in a file
 * @property {PassedExercise[]} passed
 * @property {FiledEdit[]} edits
 * @property {OwnModule[]} modules
 */

/**
 * List the edits kept in this browser.
 *
 * @param {Storage} storage
 * @returns {Map<string, Map<string, KeptEdit>>} by chapter and cell
 */
export function editsIn(storage) {
  const chapters = new Map();
  for (const name of names(storage, "edit:")) {
    const named = EDIT.exec(name);
    const record = named && readEdit(get(storage, name));
    if (!record) continue;
    const [, chapter, id] = named;
    if (!chapters.has(chapter)) chapters.set(chapter, new Map());
    chapters.get(chapter).set(id, record);
  }
  return chapters;
}

/**
 * Write what a reader has done in all chapters.
 *
 * @param {Storage} storage
 * @param {OwnModule[]} own
 * @param {Date} made the date to put into the file
 * @returns {string} the file's text
 */
export function writeWork(storage, own, made) {
  const passed = toObject(passedIn(storage));
  const edits = toObject(editsIn(storage));
  const data = { format: FORMAT, version: VERSION, made: made.toISOString() };
  return `${JSON.stringify({ ...data, passed, edits, modules: own }, null, 1)}\n`;
}

/**
 * Read a file that `writeWork` wrote.
 *
 * @param {string} text
 * @returns {Work}
 * @throws {Refusal} for a file of another kind or version, or a damaged one: nothing
 *   of it is taken then
 */
export function readWork(text) {
  const data = parseJson(text);
  if (data?.format !== FORMAT) {
    throw new Refusal("It is JSON, but not a file of progress made by this book.");
  }
  if (data.version !== VERSION) {
    throw new Refusal(
      `It has version ${data.version} of the format; this page reads version ` +
        `${VERSION}. Use the edition of the book that made it.`,
    );
  }
  const passed = pairs(data.passed, "passed").flatMap(([id, times]) =>
    pairs(times, `passed: ${id}`).map(([hash, time]) => {
      if (!isEntry(id, hash, time)) refuseDamaged(`passed: ${id}`);
      return { id, hash, time };
    }),
  );
  const edits = pairs(data.edits, "edits").flatMap(([chapter, cells]) =>
    pairs(cells, `edits: ${chapter}`).map(([id, record]) => {
      const whole = CHAPTER.test(chapter) && CELL.test(id) && isEdit(record);
      if (!whole) refuseDamaged(`edits: ${chapter}, ${id}`);
      return { chapter, id, text: record.text, base: record.hash };
    }),
  );
  const modules = data.modules ?? [];
  if (!Array.isArray(modules)) refuseDamaged("modules");
  for (const one of modules) if (!isModule(one)) refuseDamaged("modules");
  return { passed, edits, modules };
}

/**
 * @param {string} where in the file
 * @returns {never}
 */
function refuseDamaged(where) {
  throw new Refusal(`It is damaged: what it says under “${where}” cannot be read.`);
}

/**
 * The entries of an object in the file.
 *
 * @param {any} value
 * @param {string} where in the file
 * @returns {[string, any][]}
 * @throws {Refusal} where the value is no object
 */
function pairs(value, where) {
  const whole = value && typeof value === "object" && !Array.isArray(value);
  if (!whole) refuseDamaged(where);
  return Object.entries(value);
}

/** @param {any} record */
function isEdit(record) {
  return typeof record?.text === "string" && isHash(record.hash);
}

/** @param {any} one */
function isModule(one) {
  const { chapter, module, source, hash, time, cells = {} } = one ?? {};
  const named = CHAPTER.test(chapter ?? "") && MODULE.test(module ?? "");
  const timed = Number.isFinite(time) && typeof hash === "string";
  const texts = [source, ...Object.values(cells ?? {})];
  return named && timed && texts.every((text) => typeof text === "string");
}

/**
 * @param {string} raw an edit's record in the storage; see EditStore
 * @returns {?KeptEdit} null where it is damaged
 */
function readEdit(raw) {
  try {
    const { version, text, hash, saved } = JSON.parse(raw);
    const record = { text, hash, saved };
    return version === VERSION && isEdit(record) ? record : null;
  } catch {
    return null;
  }
}

/** A map as an object for JSON, sorted by key, and so are the maps in it. */
function toObject(value) {
  if (!(value instanceof Map)) return value;
  const sorted = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, one]) => [key, toObject(one)]));
}
