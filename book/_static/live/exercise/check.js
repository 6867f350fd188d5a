/** Checks an exercise: runs the cells it needs, the reader's code, then its own check. */

import { count, plainTraceback } from "../base/words.js";

/** @import { CellRun, RanCells, RunResult, Verdict } from "../base/types.js" */
/** @import { Cell } from "../cell/cell.js" */
/** @import { Live } from "../page/live.js" */

/** Roles of the cells that a check needs; the others only show or test something. */
const NEEDED = ["setup", "exercise"];
const NOTHING_YET =
  "There is nothing to check yet: replace the line that raises NotImplementedError " +
  "with your code, then check again.";

/** Return the id of the cell that checks the exercise with this id. */
export function checkIdOf(id) {
  return `${id}-check`;
}

/**
 * Return the cell that checks an exercise, or undefined if the page has none.
 *
 * @template {{id: string}} AnyCell
 * @param {{id: string}} exercise
 * @param {AnyCell[]} cells
 */
export function checkOf(exercise, cells) {
  return cells.find(({ id }) => id === checkIdOf(exercise.id));
}

/**
 * Return the exercise that a cell checks, or undefined if the cell is no check.
 *
 * @template {{id: string}} AnyCell
 * @param {{id: string}} check
 * @param {AnyCell[]} cells
 */
export function exerciseOf(check, cells) {
  return cells.find(({ id }) => check.id === checkIdOf(id));
}

/**
 * Check an exercise, after going live if necessary. The exercise's cell shows the
 * verdict. Does nothing while an earlier check of the exercise runs or is queued.
 *
 * @param {Live} live
 * @param {Cell} exercise
 */
export async function runCheck(live, exercise) {
  const { exercise: shown } = exercise;
  if (shown.waiting) return;
  shown.say({ state: "waiting", words: "Checking…" });
  if (!live.session) await (live.state === "starting" ? live.starting : live.start());
  if (!live.session) {
    shown.say({ state: "ended", words: "Not checked: Python did not start." });
  } else if (exercise.takesSolution) {
    shown.say({ state: "nothing", words: NOTHING_YET });
  } else {
    const { text } = exercise;
    const jobOf = (cell) => live.jobOf(cell);
    const { jobs, words } = plan(exercise, live.cells, live.runner.ran, jobOf);
    live.runner.add("check", jobs, (end) => {
      if (exercise.text === text) shown.say(withHelp(end, exercise), words);
      else shown.say({ state: "ended", words: "Changed while it was checked." });
    });
  }
}

/**
 * Return the runs that a check consists of.
 *
 * @param {Cell} exercise
 * @param {Cell[]} cells all cells of the page
 * @param {RanCells} ran the cells that ran on this kernel
 * @param {(cell: Cell) => CellRun} jobOf returns the run of another cell; see
 *   Live.jobOf
 * @returns {{jobs: CellRun[], words: string}} `words`: a sentence about the cells that
 *   run besides the exercise and its check; empty if there are none
 */
function plan(exercise, cells, ran, jobOf) {
  const check = checkOf(exercise, cells);
  const before = cells
    .slice(0, cells.indexOf(check))
    .filter((cell) => cell !== exercise && NEEDED.includes(cell.role))
    .map(jobOf);
  const first = before.findIndex(
    ({ cell, code }) => ran.get(cell)?.code !== code || cell.stale,
  );
  // A class that is defined again loses the methods that later cells added to it. So
  // all needed cells run again, from the first on that has not run or is stale.
  const missing = first < 0 ? [] : before.slice(first);
  const own = { cell: exercise, code: exercise.text, solution: "" };
  const place = cells.indexOf(exercise);
  const above = missing.filter(({ cell }) => cells.indexOf(cell) < place);
  const between = missing.filter(({ cell }) => cells.indexOf(cell) > place);
  const edited = check.edited ? "published check used" : "";
  const last = { cell: check, code: check.published, solution: edited };
  return { jobs: [...above, own, ...between, last], words: alsoRan(missing) };
}

function alsoRan(jobs) {
  if (!jobs.length) return "";
  const solved = jobs.filter(({ solution }) => solution).length;
  const how = solved ? `, ${solved} of them as published solutions` : "";
  return `Ran ${count(jobs.length, "cell")} that it needs first${how}.`;
}

/**
 * Return the verdict on a check that has ended.
 *
 * @param {?{cell: Cell, result: RunResult}} end the last job that ran; null if the check
 *   was stopped
 * @param {Cell} exercise
 * @returns {Verdict}
 */
function verdictOn(end, exercise) {
  if (!end) return { state: "ended", words: "The check was stopped." };
  const { cell, result } = end;
  if (result.status === "ok") return { state: "passed", words: "passed" };
  const { name, value: told = "" } = result;
  const traceback = plainTraceback(result.traceback ?? []);
  const error = { told, traceback };
  const own = cell === exercise || cell.id === checkIdOf(exercise.id);
  if (name === "NotImplementedError") {
    const stub = own && told.startsWith(`${exercise.id}:`);
    if (stub) return { state: "nothing", words: NOTHING_YET, ...error };
    return failed("A part that it needs is not written yet.", error);
  }
  if (!own) {
    const words = `Not checked: ${cell.name}, which it needs, stopped with ${name}.`;
    return failed(words, error);
  }
  if (name !== "AssertionError") {
    const where = cell === exercise ? "The cell" : "Your code, when it was tried,";
    return failed(`${where} stopped with ${name}.`, error);
  }
  return failed("Not right yet.", { told: told || assertionIn(traceback), traceback });
}

/**
 * Return a verdict with the state "failed".
 *
 * @param {string} words
 * @param {{told: string, traceback: string}} error
 * @returns {Verdict}
 */
function failed(words, error) {
  return { state: "failed", words, ...error };
}

/** Return the verdict of `verdictOn`; for a failed check, with the help of help.js. */
function withHelp(end, exercise) {
  const verdict = verdictOn(end, exercise);
  if (verdict.state !== "failed") return verdict;
  const { cell, result } = end;
  return { ...verdict, help: cell.helpOf({ ...result, code: cell.textRun }) };
}

/**
 * Return a sentence with the last assertion in a traceback, for an AssertionError
 * without a message; empty if the traceback shows none.
 */
function assertionIn(traceback) {
  const found = traceback.matchAll(/^(?:-+>)?[ \t]*\d*[ \t]*assert[ \t]+(.*)$/gm);
  const last = [...found].at(-1);
  return last ? `This does not hold: ${last[1]}` : "";
}
