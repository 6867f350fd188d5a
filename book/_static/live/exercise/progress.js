/** Which exercises have passed their check, kept in this browser's storage. */

import { hash } from "../base/store.js";

/** The event of the window that tells that something has passed, on this page. */
export const CHANGED = "tinytorch:progress";
const PREFIX = "tinytorch:passed:";
const VERSION = 1;
const ID = /^[a-z0-9]+(-[a-z0-9]+)+$/;
const HASH = /^[0-9a-f]{16}$/;
const NOT_KEPT =
  "The check passed, but this browser's storage did not take it, so the map of your " +
  "progress does not show it.";

/**
 * The exercise that a run shows to be solved by the reader, or null.
 *
 * @param {Job} job that has ended, see Runner
 * @param {{status: string}} result what came of it
 * @param {Cell[]} cells of the page
 * @param {Map} ran what ran on this kernel, see Runner
 * @returns {?Cell} where the published check ran without error after the reader's own
 *   code, as it still stands in the cell
 */
export function passedBy({ cell, code, replayed }, result, cells, ran) {
  if (result.status !== "ok" || replayed || code !== cell.published) return null;
  const exercise = cells.find(({ id }) => cell.id === `${id}-check`);
  const own = exercise && ran.get(exercise);
  if (!own || own.solution || own.code === exercise.published) return null;
  return own.code === exercise.text ? exercise : null;
}

/**
 * Keep what a run shows to be solved, and tell the map of it.
 *
 * @param {Job} job that has ended, and
 * @param {{status: string}} result what came of it
 * @param {{cells: Cell[], runner: Runner, store: EditStore}} live
 */
export function notePassed(job, result, { cells, runner, store }) {
  const exercise = passedBy(job, result, cells, runner.ran);
  if (!exercise) return;
  const { id, published } = exercise;
  try {
    keepPassed(store.open(), { id, hash: hash(published), time: Date.now() });
    window.dispatchEvent(new Event(CHANGED));
  } catch {
    store.tell("progress", NOT_KEPT);
  }
}

/**
 * What has passed.
 *
 * @param {Storage} storage
 * @returns {Map<string, Map<string, number>>} by exercise: by the hash of the published
 *   text that it was solved against, when, in ms. What cannot be read is left out.
 */
export function passedIn(storage) {
  const passed = new Map();
  for (let i = 0; i < storage.length; i += 1) {
    const key = storage.key(i);
    if (!key.startsWith(PREFIX)) continue;
    const times = readRecord(storage.getItem(key));
    if (times) passed.set(key.slice(PREFIX.length), times);
  }
  return passed;
}

/** Keep that an exercise has passed; throws what a blocked or full storage throws. */
export function keepPassed(storage, { id, hash, time }) {
  const times = readRecord(storage.getItem(PREFIX + id)) ?? new Map();
  const before = times.get(hash) ?? Infinity;
  times.set(hash, Math.min(before, time)); // the first time is what is remembered
  const record = { version: VERSION, passed: Object.fromEntries(times) };
  storage.setItem(PREFIX + id, JSON.stringify(record));
}

/** Whether a key of the storage is one of progress; a cleared storage says null. */
export function isProgress(key) {
  return key === null || key.startsWith(PREFIX);
}

/**
 * How far a chapter is.
 *
 * @param {[string, string][]} exercises id and hash of each, as published now
 * @param {Map} passed see passedIn
 * @returns {{total: number, passed: number, older: number, marks: string[]}} `marks`:
 *   of each exercise "passed", "older" (an earlier text of it was solved) or "open"
 */
export function countPassed(exercises, passed) {
  const marks = exercises.map(([id, hash]) => {
    const times = passed.get(id);
    if (!times) return "open";
    return times.has(hash) ? "passed" : "older";
  });
  const number = (mark) => marks.filter((one) => one === mark).length;
  return {
    total: marks.length,
    passed: number("passed"),
    older: number("older"),
    marks,
  };
}

/** Whether something can be an entry of progress: an exercise's id, a hash, a time. */
export function isEntry(id, hash, time) {
  return ID.test(id) && HASH.test(hash) && Number.isFinite(time) && time >= 0;
}

function readRecord(raw) {
  try {
    const { version, passed } = JSON.parse(raw);
    if (version !== VERSION) return null;
    const times = Object.entries(passed);
    const whole = times.every(([hash, time]) => HASH.test(hash) && time >= 0);
    return whole && times.length ? new Map(times) : null;
  } catch {
    return null;
  }
}
