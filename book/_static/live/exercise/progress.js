/** Stores which exercises have passed their check, and counts them by chapter. */

import { isHash } from "../base/edit-store.js";
import { get, nameOf, names, orThrow, set } from "../base/storage.js";

/** @import { ChapterEntry, PassedTimes } from "../base/types.js" */

/** The event on the window after an exercise has been stored as passed by this page. */
export const CHANGED = "tinytorch:progress";
const START = "passed:";
const VERSION = 1;
const ID = /^[a-z0-9]+(-[a-z0-9]+)+$/;

/**
 * Read which exercises have passed.
 *
 * @param {Storage} storage
 * @returns {PassedTimes} unreadable records left out; empty where the storage is blocked
 */
export function passedIn(storage) {
  const passed = new Map();
  for (const name of names(storage, START)) {
    const times = timesIn(get(storage, name));
    if (times) passed.set(name.slice(START.length), times);
  }
  return passed;
}

/**
 * Store that an exercise has passed. Of several times for one published text, the first
 * is kept.
 *
 * @param {Storage} storage
 * @param {{id: string, hash: string, time: number}} entry `hash` of the exercise's
 *   published text; `time` in ms since 1970
 * @throws {Error} what a blocked or full storage throws
 */
export function keepPassed(storage, { id, hash, time }) {
  const times = timesIn(get(storage, START + id)) ?? new Map();
  const before = times.get(hash) ?? Infinity;
  times.set(hash, Math.min(before, time));
  const record = { version: VERSION, passed: Object.fromEntries(times) };
  orThrow(set(storage, START + id, JSON.stringify(record)));
}

/**
 * Whether a storage event is about progress.
 *
 * @param {?string} key of the event; null when the whole storage was cleared
 */
export function isProgress(key) {
  return key === null || Boolean(nameOf(key)?.startsWith(START));
}

/**
 * Count how many exercises of a chapter have passed.
 *
 * @param {ChapterEntry["exercises"]} exercises id and hash of each, as published now
 * @param {PassedTimes} passed
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

/** Whether values from a file can be an entry: an exercise's id, a hash, a time in ms. */
export function isEntry(id, hash, time) {
  return ID.test(id) && isHash(hash) && Number.isFinite(time) && time >= 0;
}

/**
 * Read a stored record.
 *
 * @param {?string} raw
 * @returns {?Map<string, number>} by hash, the time; null for a record that is damaged
 *   or of another version
 */
function timesIn(raw) {
  try {
    const { version, passed } = JSON.parse(raw);
    if (version !== VERSION) return null;
    const times = Object.entries(passed);
    const whole = times.every(([hash, time]) => isHash(hash) && time >= 0);
    return whole && times.length ? new Map(times) : null;
  } catch {
    return null;
  }
}
