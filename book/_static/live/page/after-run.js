/**
 * Updates the page after a run: marks stale cells, stores passed exercises, advises.
 */

import { markStale } from "../code/stale.js";
import { runCheck } from "../exercise/check.js";
import { acceptedBy, notePassed } from "../exercise/passed.js";

/** @import { RunResult } from "../base/types.js" */
/** @import { Job } from "../engine/runner.js" */
/** @import { Live } from "./live.js" */

const STALE = "The exercise is stale: what it uses has changed.";

/**
 * Update the page after a run.
 *
 * @param {Job} job the job that has ended
 * @param {RunResult} result
 * @param {Live} live
 */
export function afterRun(job, result, live) {
  const { cell, before, code, replayed } = job;
  live.own.ended(job, result, live);
  if (result.status === "ok" && before !== undefined && !replayed) {
    markStale({ cell, before, code }, live.cells, live.runner.ran);
  }
  offerCellsAbove(job, result, live);
  notePassed(job, result, live);
  sayIfStale(job, result, live);
}

/** After a NameError, offer to run the cells above if some of them have not run yet. */
function offerCellsAbove({ cell, batch }, result, live) {
  if (result.status !== "error" || batch.kind !== "one") return;
  const above = live.cells.slice(0, live.cells.indexOf(cell));
  const missing = above.some((one) => !live.runner.ran.has(one));
  if (result.name !== "NameError" || !missing) return;
  cell.say("Cells above have not run yet, and this one may need them.", [
    { words: "Run all above", action: () => live.runAbove(cell) },
  ]);
}

/** If a check passed on a stale exercise, say so and offer to run both again. */
function sayIfStale(job, result, live) {
  const exercise = acceptedBy(job, result, live.cells, live.runner.ran);
  if (!exercise?.stale) return;
  const again = () => runCheck(live, exercise);
  job.cell.say(STALE, [{ words: "Check", action: again }]);
}
