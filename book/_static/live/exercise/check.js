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

/** The id of the cell that checks the exercise with this id. */
export function checkIdOf(id) {
  return `${id}-check`;
}

/**
 * The check of an exercise among the cells of its page, or undefined.
 *
 * @template {{id: string}} AnyCell
 * @param {{id: string}} exercise
 * @param {AnyCell[]} cells
 */
export function checkOf(exercise, cells) {
  return cells.find(({ id }) => id === checkIdOf(exercise.id));
}

/**
 * The exercise that a cell checks, or undefined for a cell that is no check.
 *
 * @template {{id: string}} AnyCell
 * @param {{id: string}} check
 * @param {AnyCell[]} cells
 */
export function exerciseOf(check, cells) {
  return cells.find(({ id }) => check.id === checkIdOf(id));
}

/**
 * Check an exercise, going live first if need be; the exercise's cell shows the verdict.
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
 * Plan the runs of a check.
 *
 * @param {Cell} exercise
 * @param {Cell[]} cells of the page
 * @param {RanCells} ran what ran on this kernel
 * @param {(cell: Cell) => CellRun} jobOf what a whole-chapter run does for a cell
 * @returns {{jobs: CellRun[], words: string}} `words`: a sentence about the cells that
 *   run besides the exercise and its check; empty where there are none
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
  // A class that is defined again loses the methods that later cells added to it: so
  // everything from the first missing cell on runs again.
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
 * Put what came of a check into words.
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
 * @param {string} words
 * @param {{told: string, traceback: string}} error
 * @returns {Verdict}
 */
function failed(words, error) {
  return { state: "failed", words, ...error };
}

/** The verdict, with a sentence about the error if help.js knows one. */
function withHelp(end, exercise) {
  const verdict = verdictOn(end, exercise);
  if (verdict.state !== "failed") return verdict;
  const { cell, result } = end;
  return { ...verdict, help: cell.helpOf({ ...result, code: cell.textRun }) };
}

/** The assertion that a traceback ends at, for an AssertionError without a message. */
function assertionIn(traceback) {
  const found = traceback.matchAll(/^(?:-+>)?[ \t]*\d*[ \t]*assert[ \t]+(.*)$/gm);
  const last = [...found].at(-1);
  return last ? `This does not hold: ${last[1]}` : "";
}
