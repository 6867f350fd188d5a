/**
 * Writes progress, edits and own modules as one JSON file, and reads such a file; every
 * value that is read is checked.
 */

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

/** @typedef {Omit<StoredEdit, "version">} KeptEdit an edit in the storage */

/** @typedef {Edit & {chapter: string, id: string}} FiledEdit an edit in a file, with the
 *   chapter and id of its cell */

/** @typedef {{id: string, hash: string, time: number}} PassedExercise a passed exercise
 *   in a file; `time` in milliseconds since 1970 */

/**
 * @typedef {object} Work a reader's work, as read from a file
 * @property {PassedExercise[]} passed
 * @property {FiledEdit[]} edits
 * @property {OwnModule[]} modules
 */

/**
 * Return the edits in this browser's storage, without damaged records.
 *
 * @param {Storage} storage
 * @returns {Map<string, Map<string, KeptEdit>>} by chapter, then by cell id; empty if
 *   the storage is blocked
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
 * Return the text of a file with the reader's work in all chapters.
 *
 * @param {Storage} storage holds the progress and the edits
 * @param {OwnModule[]} own the reader's modules
 * @param {Date} made the date to put into the file
 * @returns {string}
 */
export function writeWork(storage, own, made) {
  const passed = toObject(passedIn(storage));
  const edits = toObject(editsIn(storage));
  const data = { format: FORMAT, version: VERSION, made: made.toISOString() };
  return `${JSON.stringify({ ...data, passed, edits, modules: own }, null, 1)}\n`;
}

/**
 * Return the work in a file that `writeWork` wrote.
 *
 * @param {string} text of the file
 * @returns {Work}
 * @throws {Refusal} for a file of another kind or version, or one with a damaged value
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
 * Throw the Refusal of a damaged file.
 *
 * @param {string} where the place in the file: "passed: 01-tensor-init"
 * @returns {never}
 */
function refuseDamaged(where) {
  throw new Refusal(`It is damaged: what it says under “${where}” cannot be read.`);
}

/**
 * Return the entries of an object in the file.
 *
 * @param {any} value
 * @param {string} where the value's place in the file
 * @returns {[string, any][]}
 * @throws {Refusal} if the value is no object
 */
function pairs(value, where) {
  const whole = value && typeof value === "object" && !Array.isArray(value);
  if (!whole) refuseDamaged(where);
  return Object.entries(value);
}

/** @param {any} record a value that may have the form of a stored edit */
function isEdit(record) {
  return typeof record?.text === "string" && isHash(record.hash);
}

/** @param {any} one a value that may have the form of an OwnModule */
function isModule(one) {
  const { chapter, module, source, hash, time, cells = {} } = one ?? {};
  const named = CHAPTER.test(chapter ?? "") && MODULE.test(module ?? "");
  const timed = Number.isFinite(time) && typeof hash === "string";
  const texts = [source, ...Object.values(cells ?? {})];
  return named && timed && texts.every((text) => typeof text === "string");
}

/**
 * Return the edit in a stored record.
 *
 * @param {string} raw the record in JSON; see StoredEdit
 * @returns {?KeptEdit} null for a damaged record or one of another version
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

/** Return a Map, and all Maps in it, as plain objects for JSON, sorted by key. */
function toObject(value) {
  if (!(value instanceof Map)) return value;
  const sorted = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, one]) => [key, toObject(one)]));
}
