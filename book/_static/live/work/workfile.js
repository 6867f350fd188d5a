/** Progress and edits as one JSON file: written, and read with distrust. */

import { get, names } from "../base/storage.js";
import { isEntry, passedIn } from "../exercise/progress.js";
import { parseJson, Refusal } from "./refusal.js";

export const FORMAT = "tinytorch-progress";
const VERSION = 1;
const EDIT = /^edit:([^:]+):([^:]+)$/;
const CHAPTER = /^[a-z0-9]+(_[a-z0-9]+)*$/;
const CELL = /^[a-z0-9]+(-[a-z0-9]+)+$/;
const HASH = /^[0-9a-f]{16}$/;
const MODULE = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*$/;

/**
 * The edits that are kept.
 *
 * @param {Storage} storage
 * @returns {Map<string, Map<string, {text: string, hash: string, saved: number}>>} by
 *   chapter and cell; `hash`: of the published text that the edit began from
 */
export function editsIn(storage) {
  const chapters = new Map();
  for (const name of names(storage, "edit:")) {
    const named = EDIT.exec(name);
    const record = named && readRecord(get(storage, name));
    if (!record) continue;
    const [, chapter, id] = named;
    if (!chapters.has(chapter)) chapters.set(chapter, new Map());
    chapters.get(chapter).set(id, record);
  }
  return chapters;
}

/**
 * What a reader has done in all chapters, as the text of a file.
 *
 * @param {Storage} storage
 * @param {object[]} own modules, see own-store.js
 * @param {Date} made
 */
export function writeWork(storage, own, made) {
  const passed = plain(passedIn(storage));
  const edits = plain(editsIn(storage));
  const data = { format: FORMAT, version: VERSION, made: made.toISOString() };
  return `${JSON.stringify({ ...data, passed, edits, modules: own }, null, 1)}\n`;
}

/**
 * Read such a file.
 *
 * @param {string} text
 * @returns {{passed: {id: string, hash: string, time: number}[],
 *   edits: {chapter: string, id: string, text: string, base: string}[],
 *   modules: object[]}}
 * @throws {Refusal} for a file that is another, newer or damaged; nothing of it is
 *   taken then
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
      if (!isEntry(id, hash, time)) damaged(`passed: ${id}`);
      return { id, hash, time };
    }),
  );
  const edits = pairs(data.edits, "edits").flatMap(([chapter, cells]) =>
    pairs(cells, `edits: ${chapter}`).map(([id, record]) => {
      const whole = CHAPTER.test(chapter) && CELL.test(id) && isRecord(record);
      if (!whole) damaged(`edits: ${chapter}, ${id}`);
      return { chapter, id, text: record.text, base: record.hash };
    }),
  );
  const modules = data.modules ?? [];
  if (!Array.isArray(modules)) damaged("modules");
  for (const one of modules) if (!isModule(one)) damaged("modules");
  return { passed, edits, modules };
}

function damaged(where) {
  throw new Refusal(`It is damaged: what it says under “${where}” cannot be read.`);
}

function pairs(value, where) {
  const whole = value && typeof value === "object" && !Array.isArray(value);
  if (!whole) damaged(where);
  return Object.entries(value);
}

function isRecord(record) {
  return typeof record?.text === "string" && HASH.test(record.hash ?? "");
}

function isModule(one) {
  const { chapter, module, source, hash, time, cells = {} } = one ?? {};
  const named = CHAPTER.test(chapter ?? "") && MODULE.test(module ?? "");
  const timed = Number.isFinite(time) && typeof hash === "string";
  const texts = [source, ...Object.values(cells ?? {})];
  return named && timed && texts.every((text) => typeof text === "string");
}

function readRecord(raw) {
  try {
    const { version, text, hash, saved } = JSON.parse(raw);
    const record = { text, hash, saved };
    return version === VERSION && isRecord(record) ? record : null;
  } catch {
    return null;
  }
}

/** Maps within maps as plain objects. */
function plain(value) {
  if (!(value instanceof Map)) return value;
  const sorted = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, one]) => [key, plain(one)]));
}
