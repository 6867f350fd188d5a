/** Checks an exercise: what it needs first, the reader's cell, then its own check. */

import { count } from "../base/words.js";

/** What a check needs of the cells above: the others only show or test something. */
const NEEDED = ["setup", "exercise"];
const NOTHING_YET =
  "There is nothing to check yet: replace the line that raises NotImplementedError " +
  "with your code, then check again.";

/** The check of an exercise among the cells of its page, or undefined. */
export function checkOf(exercise, cells) {
  return cells.find(({ id }) => id === `${exercise.id}-check`);
}

/** Check an exercise, going live first if need be. */
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
 * Plan a check.
 *
 * @param {Cell} exercise
 * @param {Cell[]} cells of the page
 * @param {Map} ran what ran on this kernel, see Runner
 * @param {(cell: Cell) => object} jobOf what a whole-chapter run does for a cell
 * @returns {{jobs: object[], words: string}} `words`: what runs besides, if anything
 */
export function plan(exercise, cells, ran, jobOf) {
  const check = checkOf(exercise, cells);
  const before = cells
    .slice(0, cells.indexOf(check))
    .filter((cell) => cell !== exercise && NEEDED.includes(cell.role))
    .map(jobOf);
  const first = before.findIndex(
    ({ cell, code }) => ran.get(cell)?.code !== code || cell.state === "stale",
  );
  // What is defined again may undo what was added to it later: so all from there on.
  const missing = first < 0 ? [] : before.slice(first);
  const own = { cell: exercise, code: exercise.text, solution: "" };
  const place = cells.indexOf(exercise);
  const above = missing.filter(({ cell }) => cells.indexOf(cell) < place);
  const between = missing.filter(({ cell }) => cells.indexOf(cell) > place);
  const edited = check.edited ? "published check used" : "";
  const last = { cell: check, code: check.published, solution: edited };
  return { jobs: [...above, own, ...between, last], words: besides(missing) };
}

function besides(jobs) {
  if (!jobs.length) return "";
  const solved = jobs.filter(({ solution }) => solution).length;
  const how = solved ? `, ${solved} of them as published solutions` : "";
  return `Ran ${count(jobs.length, "cell")} that it needs first${how}.`;
}

/**
 * Say what came of a check.
 *
 * @param {?{cell: Cell, result: object}} end the job that ended it; null if it was
 *   stopped before
 * @param {Cell} exercise
 * @returns {{state: "passed" | "failed" | "nothing" | "ended", words: string,
 *   told?: string, traceback?: string}} `told`: the message of the error
 */
export function verdict(end, exercise) {
  if (!end) return { state: "ended", words: "The check was stopped." };
  const { cell, result } = end;
  if (result.status === "ok") return { state: "passed", words: "passed" };
  const { name, value = "" } = result;
  const traceback = plain(result.traceback ?? []);
  const own = cell === exercise || cell.id === `${exercise.id}-check`;
  if (name === "NotImplementedError") {
    const stub = own && value.startsWith(`${exercise.id}:`);
    const words = stub ? NOTHING_YET : "A part that it needs is not written yet.";
    return { state: stub ? "nothing" : "failed", words, told: value, traceback };
  }
  if (!own) {
    const words = `Not checked: ${cell.name}, which it needs, stopped with ${name}.`;
    return { state: "failed", words, told: value, traceback };
  }
  if (name !== "AssertionError") {
    const where = cell === exercise ? "The cell" : "Your code, when it was tried,";
    return {
      state: "failed",
      words: `${where} stopped with ${name}.`,
      told: value,
      traceback,
    };
  }
  const told = value || assertion(traceback);
  return { state: "failed", words: "Not right yet.", told, traceback };
}

/** A verdict, and a sentence about the error where one is known; see help.js. */
function withHelp(end, exercise) {
  const told = verdict(end, exercise);
  if (told.state !== "failed") return told;
  const { cell, result } = end;
  return { ...told, help: cell.helpOf({ ...result, code: cell.textRun }) };
}

/** The assertion that a traceback ends at, for one without a message. */
function assertion(traceback) {
  const found = traceback.matchAll(/^(?:-+>)?[ \t]*\d*[ \t]*assert[ \t]+(.*)$/gm);
  const last = [...found].at(-1);
  return last ? `This does not hold: ${last[1]}` : "";
}

/** A traceback without the codes of a terminal. */
function plain(lines) {
  return lines.join("\n").replace(/\x1b\[[0-9;]*m/g, "");
}
