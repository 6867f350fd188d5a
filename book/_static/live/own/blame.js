/** Finds the reader's own module that makes a cell of a later chapter fail. */

import { listed, titleOf } from "./framework.js";

/**
 * @import { RanCells, RunResult } from "../base/types.js"
 * @import { Job } from "../engine/runner.js"
 * @import { Session } from "../engine/session.js"
 * @import { Framework, Row } from "./framework.js"
 */

// Roles of the cells to run before the failed cell when the kernel looks for the cause.
const USED = ["setup", "exercise", "demo"];
/**
 * Errors that no module causes: an unsolved exercise, a stop, a text that is no Python.
 */
const OTHERWISE = ["NotImplementedError", "KeyboardInterrupt", "SyntaxError"];

/**
 * Return whether one of the reader's modules may be the cause of an error.
 *
 * @param {Pick<Job, "cell" | "code" | "solution" | "stopped">} job the job that has
 *   ended
 * @param {RunResult} result
 * @param {Framework} framework
 * @returns {boolean}
 */
export function suspicious({ cell, code, solution, stopped }, result, framework) {
  const own = framework.rows.some(({ module }) => framework.runs(module));
  if (!own || stopped || result.status !== "error") return false;
  if (OTHERWISE.includes(result.name)) return false;
  // Published code runs without error with the reference, so the reader's module must
  // be the cause. Edited code may itself be wrong: only suspect a module in its
  // traceback.
  const published = code === cell.published || Boolean(solution);
  return published || framework.rows.some((row) => leadsTo(result, row));
}

/**
 * Return whether the traceback of an error passes through the reader's module of a row.
 *
 * @param {RunResult} result
 * @param {Row} row
 */
function leadsTo({ traceback = [] }, row) {
  return row.use === "yours" && traceback.join("\n").includes(`your ${titleOf(row)}`);
}

/**
 * Ask the kernel which of the reader's modules make a cell fail.
 *
 * @param {Session} session
 * @param {Pick<Job, "cell" | "code">} job the job that failed
 * @param {RanCells} ran the cells that ran on this kernel, which the failed cell may
 *   need
 * @returns {Promise<string[]>} the modules' names ("core.tensor"); empty if the cell
 *   fails with the reference too
 * @throws {Error} if the kernel is gone or cannot answer
 */
export async function culprits(session, { cell, code }, ran) {
  const before = [...ran].filter(([one]) => one !== cell && USED.includes(one.role));
  const cells = before.map(([one, run]) => [one.id, run.code]);
  const all = [...cells, [cell.id, code]];
  const { modules } = await session.ask({ ask: "blame", cells: all });
  return modules;
}

/**
 * Return the sentences that tell the reader which own modules made a cell fail.
 *
 * @param {Row[]} rows the rows of these modules
 * @returns {string}
 */
export function blameWords(rows) {
  const names = listed(rows.map((row) => `your ${titleOf(row)}`));
  const them = rows.length === 1 ? "it" : "them";
  return (
    `With the reference in place of ${names}, this runs. ` +
    `The cause is in ${them}, though the checks there passed.`
  );
}
