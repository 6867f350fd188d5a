/** Decides whether a run shows that an exercise is solved, and stores that it is. */

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
 * Return the exercise whose published check has just accepted the reader's own text.
 *
 * @param {{cell: Cell, code: string, replayed?: Function}} job the job that has ended
 * @param {RunResult} result the job's result
 * @param {Cell[]} cells all cells of the page
 * @param {RanCells} ran the cells that ran on this kernel
 * @returns {?Cell} null unless the job ran a published check without error and is no
 *   replay, and the exercise's last run was of the reader's present text
 */
export function acceptedBy({ cell, code, replayed }, result, cells, ran) {
  if (result.status !== "ok" || replayed || code !== cell.published) return null;
  const exercise = exerciseOf(cell, cells);
  const own = exercise && ran.get(exercise);
  if (!own || own.solution || own.code === exercise.published) return null;
  return own.code === exercise.text ? exercise : null;
}

/**
 * Return the exercise that a run has just shown to be solved by the reader. The map of
 * progress and the reader's own module both follow this rule.
 *
 * @param {Parameters<typeof acceptedBy>} run the arguments of acceptedBy
 * @returns {?Cell} the result of acceptedBy, but null for a stale exercise: something
 *   that it uses has changed since it ran, so it might not pass when run again
 */
export function passedBy(...run) {
  const exercise = acceptedBy(...run);
  return exercise?.stale ? null : exercise;
}

/**
 * Store an exercise that a run has shown to be solved, and update the map of progress.
 * If the storage does not take it, the reader is told.
 *
 * @param {{cell: Cell, code: string, replayed?: Function}} job the job that has ended
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
