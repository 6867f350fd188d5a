/** Decides whether a run has shown an exercise to be solved, and keeps that it has. */

import { exerciseOf } from "./check.js";
import { CHANGED, keepPassed } from "./progress.js";
import { hash } from "../base/edit-store.js";

/** @import { RanCells, RunResult } from "../base/types.js" */
/** @import { Cell } from "../cell/cell.js" */
/** @import { EditStore } from "../base/edit-store.js" */

const NOT_KEPT =
  "The check passed, but this browser's storage did not take it, so the map of your " +
  "progress does not show it.";

/**
 * The exercise whose published check has just accepted the reader's own text.
 *
 * @param {{cell: Cell, code: string, replayed?: Function}} job that has ended
 * @param {RunResult} result what came of it
 * @param {Cell[]} cells of the page
 * @param {RanCells} ran what ran on this kernel
 * @returns {?Cell} null unless the published check ran without error, not as a replay,
 *   and the exercise last ran with the reader's text as it stands in the cell now
 */
export function acceptedBy({ cell, code, replayed }, result, cells, ran) {
  if (result.status !== "ok" || replayed || code !== cell.published) return null;
  const exercise = exerciseOf(cell, cells);
  const own = exercise && ran.get(exercise);
  if (!own || own.solution || own.code === exercise.published) return null;
  return own.code === exercise.text ? exercise : null;
}

/**
 * The exercise that a run has just shown to be solved by the reader. Both records of
 * solved exercises, the map of progress and the reader's own module, follow this rule.
 *
 * @param {Parameters<typeof acceptedBy>} run see acceptedBy
 * @returns {?Cell} the exercise that was accepted, unless it is stale: what it uses has
 *   changed since it ran, so it might not pass when run again
 */
export function passedBy(...run) {
  const exercise = acceptedBy(...run);
  return exercise?.stale ? null : exercise;
}

/**
 * Record an exercise that a run has shown to be solved, and tell the map of progress.
 *
 * @param {{cell: Cell, code: string, replayed?: Function}} job that has ended
 * @param {RunResult} result
 * @param {{cells: Cell[], runner: {ran: RanCells}, store: EditStore}} live
 */
export function notePassed(job, result, { cells, runner, store }) {
  const exercise = passedBy(job, result, cells, runner.ran);
  if (!exercise) return;
  const { id, published } = exercise;
  try {
    keepPassed(store.storage, { id, hash: hash(published), time: Date.now() });
    window.dispatchEvent(new Event(CHANGED));
  } catch {
    store.tell("progress", NOT_KEPT);
  }
}
