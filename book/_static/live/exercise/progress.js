/** Stores which exercises have passed their check, and counts them by chapter. */

import { isHash } from "../base/edit-store.js";
import { get, nameOf, names, orThrow, set } from "../base/storage.js";

/** @import { ChapterEntry, PassedTimes } from "../base/types.js" */

/**
 * Type of the event that is sent to the window after this page stored a passed
 * exercise.
 */
export const CHANGED = "tinytorch:progress";
const START = "passed:";
const VERSION = 1;
const ID = /^[a-z0-9]+(-[a-z0-9]+)+$/;

/**
 * Return which exercises have passed, from the storage.
 *
 * @param {Storage} storage
 * @returns {PassedTimes} without damaged records; empty if the storage is blocked
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
 * Store that an exercise has passed. For each published text the earliest time is kept.
 *
 * @param {Storage} storage
 * @param {{id: string, hash: string, time: number}} entry `id`: the exercise's; `hash`:
 *   of its published text; `time`: in milliseconds since 1970
 * @throws {Error} the storage's error if it is blocked or full
 */
export function keepPassed(storage, { id, hash, time }) {
  const times = timesIn(get(storage, START + id)) ?? new Map();
  const before = times.get(hash) ?? Infinity;
  times.set(hash, Math.min(before, time));
  const record = { version: VERSION, passed: Object.fromEntries(times) };
  orThrow(set(storage, START + id, JSON.stringify(record)));
}

/**
 * Return whether a storage event is about passed exercises.
 *
 * @param {?string} key the event's key; null if the whole storage was cleared
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
 *   for each exercise "passed", "older" (passed only in another published version) or
 *   "open"; the numbers count all marks, "passed" and "older"
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

/**
 * Return whether values from a file are valid for keepPassed: an exercise's id, a hash,
 * a time in milliseconds.
 */
export function isEntry(id, hash, time) {
  return ID.test(id) && isHash(hash) && Number.isFinite(time) && time >= 0;
}

/**
 * Return the times in a stored record, by the hash of the published text.
 *
 * @param {?string} raw the record in JSON; null or undefined for no record
 * @returns {?Map<string, number>} milliseconds since 1970; null for no record, a
 *   damaged one, or one of another version
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
